package trm4j.train.data.sudoku;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import trm4j.train.Plural;
import trm4j.train.data.DataProgress;
import trm4j.train.data.DatasetWriter;
import trm4j.train.data.GroupWriter;
import trm4j.train.data.LeakFilter;
import trm4j.train.data.PuzzleGeneration;
import trm4j.train.data.PuzzleSummary;
import trm4j.train.data.Sources;
import trm4j.train.data.Split;
import trm4j.train.data.csv.CsvImport;

/** Makes datasets of Sudokus. */
public final class SudokuDataset {

    private static final int TRIES_PER_IMAGE = 5;

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
                                dataset.imported(name, SudokuRules.ofSize(puzzles.size()).orElseThrow(), rated),
                        new LeakFilter<>(new Sudokus(), files.leaks(), SudokuPuzzle::example)).write();
            };
            writer.sources(sources(source).remarked(summary.remarks()));
            writer.commit(List.of("<blank>"));
            return summary;
        } catch (IOException e) {
            throw DatasetWriter.failed(dir, e);
        }
    }

    private static Sources sources(SudokuSource source) throws IOException {
        var sources = Sources.of(SudokuRules.KIND).with("augment", source.augment()).with("seed", source.seed());
        switch (source) {
            case SudokuSource.Generated made -> sources.with("size", made.rules().size())
                    .with("train", made.train()).with("test", made.test())
                    .with("clues", made.minClues() + "-" + made.maxClues());
            case SudokuSource.Csv csv -> csv.files().describe(sources);
        }
        return sources;
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
            counts.put(Split.TRAIN, generation.fill(
                    split(Split.TRAIN, rules, true, random.split()), Split.TRAIN, wanted.train(),
                    made -> SudokuRules.format(made.puzzle().clues())));
        }
        if (wanted.test() > 0) {
            counts.put(Split.TEST, generation.fill(
                    split(Split.TEST, rules, true, random.split()), Split.TEST, wanted.test(),
                    PuzzleGeneration.Made::form));
        }
        return new PuzzleSummary(n, counts);
    }

    /** Begins a split of a file's puzzles. Test puzzles, which come first, take no random numbers from the others. */
    private GroupWriter<SudokuPuzzle> imported(Split name, SudokuRules rules, boolean rated) throws IOException {
        return split(name, rules, rated, name == Split.TRAIN ? random.split() : new SplittableRandom(0));
    }

    /**
     * Begins a split.
     *
     * @param random draws the images that a training puzzle's group has
     */
    private GroupWriter<SudokuPuzzle> split(Split name, SudokuRules rules, boolean rated, SplittableRandom random)
            throws IOException {
        int augment = name == Split.TRAIN ? source.augment() : 0;
        return new GroupWriter<>(
                dataset.split(name, rules.info(), rated), puzzle -> group(rules, puzzle, augment, random));
    }

    /** A puzzle and images of it, all different: of small Sudokus, fewer than asked for if there are not as many. */
    private static Stream<GroupWriter.Member> group(
            SudokuRules rules, SudokuPuzzle puzzle, int augment, SplittableRandom random) {
        return Stream.concat(
                Stream.of(puzzle),
                Stream.generate(() -> SudokuSymmetry.random(rules, random).apply(puzzle))
                        .limit((long) TRIES_PER_IMAGE * augment))
                .filter(unseen())
                .limit(augment + 1L)
                .map(SudokuPuzzle::labelled);
    }

    private static Predicate<SudokuPuzzle> unseen() {
        var seen = new HashSet<ByteBuffer>();
        return puzzle -> seen.add(ByteBuffer.wrap(puzzle.clues()));
    }
}
