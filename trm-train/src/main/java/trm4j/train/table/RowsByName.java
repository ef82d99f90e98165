package trm4j.train.table;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.train.memory.FreeMemory;

/** Makes a puzzle table for other identifiers: each gets the row that has its name. */
public final class RowsByName {

    private RowsByName() {}

    /**
     * Finds the rows for a data set's identifiers by the names beside a model's file.
     *
     * @param file the model's
     * @param sha256 what the model says of the names of its rows
     * @param count how many rows it has
     * @param data the data set, for messages
     * @return for each identifier, the model's row; -1 where it has none
     * @throws CheckpointException if the names are not there, or are others
     * @throws trm4j.train.DatasetException if they cannot be read
     */
    public static int[] find(Path file, String sha256, int count, RowNames wanted, Path data) {
        return findIfNamed(file, sha256, count, wanted).orElseThrow(() -> new CheckpointException(
                file + " was trained with other puzzle identifiers than " + data + " has, expected their names in "
                        + RowNames.fileBeside(file) + " to find its rows by, found none or others; copy that file from "
                        + "where the model is from."));
    }

    /**
     * Finds rows as {@link #find} does.
     *
     * @return nothing if the names of the model's rows are not there, or are others
     * @throws trm4j.train.DatasetException if they cannot be read
     */
    public static Optional<int[]> findIfNamed(Path file, String sha256, int count, RowNames wanted) {
        return RowNames.beside(file, sha256).filter(names -> names.count() == count).map(known -> {
            int[] rows = known.rowsFor(wanted);
            // The identifier of no puzzle, whatever its name.
            rows[0] = Math.max(0, rows[0]);
            return rows;
        });
    }

    /**
     * Returns a table of some of the rows, in some order.
     *
     * @param rows which; -1 for the mean of all
     * @throws CheckpointException if the machine has no memory for it beside the table
     */
    public static HostTensor take(HostTensor table, int[] rows) {
        return take(table, rows, FreeMemory.bytes().orElse(Long.MAX_VALUE));
    }

    /** @param free bytes that the machine can give the process */
    static HostTensor take(HostTensor table, int[] rows, long free) {
        int width = table.shape()[1];
        long bytes = (long) Float.BYTES * rows.length * width;
        if (bytes > free) {
            throw new CheckpointException(String.format(
                    Locale.ROOT, "A puzzle table with a row for each of %,d identifiers takes %,d MiB beside the "
                            + "model's own, expected at most the %,d MiB that this machine has free; end other "
                            + "programs, or take fewer puzzles or a machine with more.",
                    rows.length, bytes >> 20, free >> 20));
        }
        var mean = table.meanRows(1).values();
        var values = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] < 0) {
                System.arraycopy(mean, 0, values, i * width, width);
            } else {
                System.arraycopy(table.values(), rows[i] * width, values, i * width, width);
            }
        }
        return new HostTensor(new int[] {rows.length, width}, values);
    }
}
