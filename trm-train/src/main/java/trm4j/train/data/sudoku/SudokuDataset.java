package trm4j.train.data.sudoku;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import trm4j.train.Plural;
import trm4j.train.data.DataProgress;
import trm4j.train.data.DatasetWriter;
import trm4j.train.data.GroupWriter;
import trm4j.train.data.PuzzleGeneration;
import trm4j.train.data.PuzzleSummary;
import trm4j.train.data.Split;
import trm4j.train.data.csv.CsvImport;

/** Makes datasets of Sudokus. */
public final class SudokuDataset {

    private final DatasetWriter dataset;
    private final SudokuSource source;
    private final SplittableRandom random;
    private final DataProgress progress;

    private SudokuDataset(DatasetWriter dataset, SudokuSource source, DataProgress progress) {
        this.dataset = dataset;
        this.source = source;
        this.progress = progress;
        this.random = new SplittableRandom(source.seed());
    }

    /**
     * Makes the dataset {@code dir}, or nothing at all.
     *
     * @param replace whether a dataset that is there already may be replaced
     * @throws trm4j.train.DatasetException if there is something else in {@code dir}, if the puzzles cannot be had as
     *     asked for, or if they cannot be written
     */
    public static PuzzleSummary write(SudokuSource source, Path dir, boolean replace) {
        return write(source, dir, replace, DataProgress.NONE);
    }

    /**
     * Makes the dataset {@code dir}, or nothing at all, and tells how far it has come.
     *
     * @see #write(SudokuSource, Path, boolean)
     */
    public static PuzzleSummary write(SudokuSource source, Path dir, boolean replace, DataProgress progress) {
        try (var writer = DatasetWriter.create(dir, replace)) {
            var dataset = new SudokuDataset(writer, source, progress);
            var summary = switch (source) {
                case SudokuSource.Generated generated -> dataset.generate(generated);
                case SudokuSource.Csv(var files, _, _) -> new CsvImport<>(
                        SudokuCsv.KIND, files, dataset.random, progress,
                        (name, puzzles, rated, _) ->
                                dataset.split(name, SudokuRules.ofSize(puzzles.size()).orElseThrow(), rated)).write();
            };
            writer.commit(List.of("<blank>"));
            return summary;
        } catch (IOException e) {
            throw DatasetWriter.failed(dir, e);
        }
    }

    /** Training puzzles may be symmetric to each other; test puzzles are not. */
    private PuzzleSummary generate(SudokuSource.Generated wanted) throws IOException {
        var rules = wanted.rules();
        int n = rules.size();
        var generator = new SudokuGenerator(rules, wanted.minClues(), wanted.maxClues());
        var canon = new SudokuCanon(rules);
        var kind = new PuzzleGeneration.Kind<>(
                "%dx%d Sudoku of %d to %s".formatted(
                        n, n, wanted.minClues(), Plural.count(wanted.maxClues(), "clue")),
                "ask for fewer, or for another range of clues", generator::attempt, canon::of);
        var generation = new PuzzleGeneration<>(kind, wanted.seed(), random, progress);
        var counts = new EnumMap<Split, PuzzleSummary.Count>(Split.class);
        if (wanted.train() > 0) {
            counts.put(Split.TRAIN, generation.fill(split(Split.TRAIN, rules, true), Split.TRAIN, wanted.train(),
                    made -> SudokuRules.format(made.puzzle().clues())));
        }
        if (wanted.test() > 0) {
            counts.put(Split.TEST, generation.fill(split(Split.TEST, rules, true), Split.TEST, wanted.test(),
                    PuzzleGeneration.Made::form));
        }
        return new PuzzleSummary(n, counts);
    }

    /** Begins a split; a training puzzle's group has random images of it. */
    private GroupWriter<SudokuPuzzle> split(Split name, SudokuRules rules, boolean rated) throws IOException {
        int augment = name == Split.TRAIN ? source.augment() : 0;
        var images = random.split();
        return new GroupWriter<>(dataset.split(name, rules.info(), rated), puzzle -> Stream.concat(
                Stream.of(puzzle),
                Stream.generate(() -> SudokuSymmetry.random(rules, images).apply(puzzle)).limit(augment))
                .map(SudokuPuzzle::labelled));
    }
}
