package trm4j.train.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes datasets of Sudokus. */
public final class SudokuDataset {

    private SudokuDataset() {}

    /**
     * Makes the dataset {@code dir}, or nothing at all.
     *
     * @param replace whether a dataset that is there already may be replaced
     * @throws DatasetException if there is something else in {@code dir}, if the puzzles cannot be had as asked for,
     *     or if they cannot be written
     */
    public static SudokuSummary write(SudokuSource source, Path dir, boolean replace) {
        try (var dataset = DatasetWriter.create(dir, replace)) {
            var summary = switch (source) {
                case SudokuSource.Generated generated -> new SudokuGeneration(generated).write(dataset);
                case SudokuSource.Csv csv -> new SudokuImport(csv).write(dataset);
            };
            dataset.commit(List.of("<blank>"));
            return summary;
        } catch (IOException e) {
            throw DatasetWriter.failed(dir, e);
        }
    }
}
