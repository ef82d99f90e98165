package trm4j.train.data.csv;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import trm4j.train.DatasetException;
import trm4j.train.data.DataProgress;
import trm4j.train.data.GroupWriter;
import trm4j.train.data.LeakFilter;
import trm4j.train.data.PuzzleSummary;
import trm4j.train.data.Split;

/**
 * Fills a dataset with the puzzles of CSV files.
 *
 * @param <P> the puzzles
 */
public final class CsvImport<P> {

    /** Begins splits. */
    public interface Splits<P> {

        /**
         * Begins a split.
         *
         * @param rated whether the file has ratings
         * @param file to look at its puzzles before any is written
         */
        GroupWriter<P> begin(Split name, CsvPuzzles<P> puzzles, boolean rated, Look<P> file) throws IOException;
    }

    /** Shows all proper puzzles of a file. */
    public interface Look<P> {
        void at(Consumer<P> sink) throws IOException;
    }

    private final CsvPuzzles.Kind<P> kind;
    private final CsvFiles source;
    private final SplittableRandom random;
    private final DataProgress progress;
    private final Splits<P> splits;
    private final LeakFilter<P> leaks;

    /**
     * Prepares to read puzzles of a kind.
     *
     * @param random settles which puzzles a subsample takes
     * @param splits begins the splits that they are written to
     * @param leaks finds test puzzles among training puzzles
     */
    public CsvImport(
            CsvPuzzles.Kind<P> kind, CsvFiles source, SplittableRandom random, DataProgress progress,
            Splits<P> splits, LeakFilter<P> leaks) {
        this.kind = kind;
        this.source = source;
        this.random = random;
        this.progress = progress;
        this.splits = splits;
        this.leaks = leaks;
    }

    /**
     * Fills the splits.
     *
     * @throws DatasetException if there is no file or no proper puzzle, if the files' puzzles differ in size, or if test
     *     puzzles in the training file are refused
     */
    public PuzzleSummary write() throws IOException {
        var readers = new EnumMap<Split, CsvReader<P>>(Split.class);
        int size = 0;
        Path first = null;
        for (var entry : source.files().entrySet()) {
            var csv = new CsvReader<>(kind, entry.getValue(), source.minRating(), progress);
            int found = csv.puzzles().size();
            if (size > 0 && size != found) {
                throw new DatasetException(entry.getValue() + " has " + kind.name() + " of " + found * found
                        + " cells, expected " + size * size + " as in " + first.getFileName()
                        + "; import them as two datasets.");
            }
            first = entry.getValue();
            size = found;
            readers.put(entry.getKey(), csv);
        }
        var counts = new EnumMap<Split, PuzzleSummary.Count>(Split.class);
        // Test puzzles first, to know them among the others.
        for (var split : List.of(Split.TEST, Split.TRAIN)) {
            if (readers.containsKey(split)) {
                counts.put(split, fill(split, readers.get(split)));
            }
        }
        return new PuzzleSummary(size, counts, leaks.remarks());
    }

    private PuzzleSummary.Count fill(Split name, CsvReader<P> csv) throws IOException {
        var split = splits.begin(name, csv.puzzles(), csv.isRated(),
                sink -> csv.look(row -> sink.accept(row.puzzle())));
        if (name == Split.TEST) {
            csv.forEach(row -> {
                leaks.test(row.puzzle(), csv.name(row));
                split.add(row.puzzle());
            });
        } else if (source.subsample().isPresent()) {
            var sample = csv.sample(source.subsample().getAsInt(), random.split(),
                    row -> !leaks.drops() || admits(csv, row));
            for (var row : sample) {
                if (leaks.drops() || admits(csv, row)) {
                    split.add(row.puzzle());
                }
                progress.at(name.puzzles(), split.puzzles(), sample.size());
            }
        } else {
            csv.forEach(row -> {
                if (admits(csv, row)) {
                    split.add(row.puzzle());
                }
            });
        }
        if (split.puzzles() == 0) {
            throw leaks.leaks().map(all -> new DatasetException(
                    csv.file() + ": no puzzle is left to train on. " + all.line()))
                    .orElseGet(csv::nothingLeft);
        }
        return split.count(csv.leftOut(), csv.belowRating());
    }

    private boolean admits(CsvReader<P> csv, CsvReader.Proper<P> row) {
        return leaks.admits(row.puzzle(), () -> csv.name(row));
    }
}
