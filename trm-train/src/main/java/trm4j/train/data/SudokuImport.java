package trm4j.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Fills a dataset with the puzzles of CSV files. */
final class SudokuImport {

    private final SudokuSource.Csv source;
    private final SplittableRandom random;

    SudokuImport(SudokuSource.Csv source) {
        this.source = source;
        this.random = new SplittableRandom(source.seed());
    }

    SudokuSummary write(DatasetWriter dataset) throws IOException {
        var counts = new EnumMap<Split, SudokuSummary.Count>(Split.class);
        SudokuRules rules = null;
        for (var entry : files().entrySet()) {
            var csv = new SudokuCsv(entry.getValue(), source.minRating());
            if (rules != null && rules != csv.rules()) {
                throw new DatasetException(entry.getValue() + " has Sudokus of " + csv.rules().cells()
                        + " cells, expected " + rules.cells() + " as in train.csv; import them as two datasets.");
            }
            rules = csv.rules();
            counts.put(entry.getKey(), fill(dataset, entry.getKey(), csv));
        }
        return new SudokuSummary(rules, counts);
    }

    private Map<Split, Path> files() {
        if (!Files.isDirectory(source.path())) {
            return Map.of(source.split().orElse(Split.TEST), source.path());
        }
        var files = new EnumMap<Split, Path>(Split.class);
        for (var split : Split.values()) {
            var file = source.path().resolve(split + ".csv");
            if (Files.exists(file)) {
                files.put(split, file);
            }
        }
        if (files.isEmpty()) {
            throw new DatasetException(source.path()
                    + " has neither train.csv nor test.csv; name a file in it so, or give a single file.");
        }
        return files;
    }

    private SudokuSummary.Count fill(DatasetWriter dataset, Split name, SudokuCsv csv) throws IOException {
        var split = new SudokuSplit(dataset, name, csv.rules(), csv.isRated(), source, random.split());
        if (name == Split.TRAIN && source.subsample().isPresent()) {
            for (var puzzle : csv.sample(source.subsample().getAsInt(), random.split())) {
                split.add(puzzle);
            }
        } else {
            csv.forEach(split::add);
        }
        if (split.puzzles() == 0) {
            throw new DatasetException("""
                    %s: no puzzle is left, after %d improper ones and %d rated below %d; \
                    mend the file or take other puzzles."""
                    .formatted(csv.file(), csv.leftOut(), csv.belowRating(), source.minRating()));
        }
        return split.count(csv.leftOut(), csv.belowRating());
    }
}
