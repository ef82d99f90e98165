package trm4j.train.data.csv;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The rows of a table in a file, one after the other; the first names the columns. */
interface TableRows extends AutoCloseable {

    /** What a Parquet file's name ends with; others are CSV. */
    String PARQUET = ".parquet";

    /** What the name of a compressed CSV file ends with. */
    String GZIP = ".gz";

    /** Opens a file: Parquet or CSV, which may be compressed, as its name says. */
    static TableRows open(Path file) throws IOException {
        return file.toString().endsWith(PARQUET) ? new ParquetRows(file) : new CsvRows(file);
    }

    /**
     * Whether there is another row.
     *
     * @throws IOException if it cannot be read, or is too long
     */
    boolean hasNext() throws IOException;

    /** The row that there is; "" where it has no value. */
    List<String> next() throws IOException;

    /** Where the last row that was asked for is: the line it ends in, or its number where there are no lines. */
    long line();

    @Override
    void close() throws IOException;
}
