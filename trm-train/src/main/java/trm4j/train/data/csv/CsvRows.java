package trm4j.train.data.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import trm4j.model.file.InputFile;

/** The rows of a CSV file in UTF-8, compressed with gzip or not; none is so long that it fills the memory. */
final class CsvRows implements TableRows {

    /** Characters; a maze of the largest size and its answer take half of them. */
    private static final int LONGEST = 1 << 22;
    private static final int BUFFER = 1 << 16;

    private final Limited text;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;

    /** Text of which only some may be read before more is allowed. */
    private static final class Limited extends FilterReader {

        private int allowed = LONGEST;

        Limited(Reader text) {
            super(text);
        }

        @Override
        public int read(char[] into, int from, int length) throws IOException {
            int read = super.read(into, from, length);
            allowed -= Math.max(read, 0);
            if (allowed < 0) {
                throw new IOException("expected rows of at most " + LONGEST + " characters, found a longer one");
            }
            return read;
        }
    }

    CsvRows(Path file) throws IOException {
        InputFile.size(file);
        var bytes = Files.newInputStream(file);
        try {
            text = new Limited(new InputStreamReader(
                    file.toString().endsWith(GZIP) ? new GZIPInputStream(bytes, BUFFER) : bytes,
                    StandardCharsets.UTF_8));
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
        parser = CSVParser.parse(text, CSVFormat.DEFAULT);
        records = parser.iterator();
    }

    @Override
    public boolean hasNext() throws IOException {
        text.allowed = LONGEST;
        try {
            return records.hasNext();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public List<String> next() {
        return records.next().toList();
    }

    @Override
    public long line() {
        return parser.getCurrentLineNumber();
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
