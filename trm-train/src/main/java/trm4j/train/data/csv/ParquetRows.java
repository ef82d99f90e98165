package trm4j.train.data.csv;

import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.schema.ColumnSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import trm4j.model.file.InputFile;

/** The rows of a Parquet file without nested columns; numbers are written as texts. */
final class ParquetRows implements TableRows {

    /** It tells of how it decompresses, which nobody asked for. */
    private static final Logger LIBRARY = Logger.getLogger("dev.hardwood");

    static {
        LIBRARY.setLevel(Level.WARNING);
        // Java's own gzip instead of a system's library, which Java warns of.
        System.setProperty("hardwood.uselibdeflate", "false");
    }

    private final Path file;
    private final ParquetFileReader parquet;
    private final List<String> columns;
    private final RowReader rows;
    private long row;

    ParquetRows(Path file) throws IOException {
        this.file = file;
        // Tells of a missing file and of a folder as it does elsewhere.
        InputFile.size(file);
        parquet = read(() -> ParquetFileReader.open(dev.hardwood.InputFile.of(file)));
        try {
            if (!read(() -> parquet.getFileSchema().isFlatSchema())) {
                throw new IOException("expected columns of texts and numbers, found nested ones");
            }
            columns = read(() -> parquet.getFileSchema().getColumns().stream().map(ColumnSchema::name).toList());
            rows = read(parquet::rowReader);
        } catch (IOException e) {
            parquet.close();
            throw e;
        }
    }

    /** Whatever the library finds wrong with a file is the file's fault. */
    private <T> T read(Callable<T> reading) throws IOException {
        try {
            return reading.call();
        } catch (Exception | LinkageError e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            var message = Objects.toString(cause.getMessage(), cause.toString());
            throw new IOException(file.getFileName() + ": " + message, e);
        }
    }

    @Override
    public boolean hasNext() throws IOException {
        return row == 0 || read(rows::hasNext);
    }

    @Override
    public List<String> next() throws IOException {
        return row++ == 0 ? columns : read(() -> {
            rows.next();
            var values = new ArrayList<String>(columns.size());
            IntStream.range(0, columns.size()).forEach(
                    i -> values.add(rows.isNull(i) ? "" : rows.getValue(i).toString()));
            return values;
        });
    }

    /** The first row of values is row 1. */
    @Override
    public long line() {
        return row;
    }

    @Override
    public void close() throws IOException {
        rows.close();
        parquet.close();
    }
}
