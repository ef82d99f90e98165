package trm4j.train.data.maze;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trm4j.train.DatasetException;
import trm4j.train.Plural;
import trm4j.train.data.DataProgress;
import trm4j.train.data.DatasetWriter;
import trm4j.train.data.GroupWriter;
import trm4j.train.data.LeakFilter;
import trm4j.train.data.LeakPolicy;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.PuzzleGeneration;
import trm4j.train.data.PuzzleSummary;
import trm4j.train.data.Sources;
import trm4j.train.data.Split;
import trm4j.train.data.SplitWriter;
import trm4j.train.data.csv.CsvImport;

/** Makes datasets of mazes. */
public final class MazeDataset {

    private static final Logger LOG = LoggerFactory.getLogger(MazeDataset.class);

    private final DatasetWriter dataset;
    private final MazeSource source;
    private final SplittableRandom random;
    private final DataProgress progress;
    private final Map<Split, LabelSearch> searches = new EnumMap<>(Split.class);
    private final Map<Split, MazeGroups> groups = new EnumMap<>(Split.class);

    private MazeDataset(DatasetWriter dataset, MazeSource source, DataProgress progress) {
        this.dataset = dataset;
        this.source = source;
        this.progress = progress;
        this.random = new SplittableRandom(source.seed());
    }

    /**
     * Makes the dataset {@code dir}, or nothing at all.
     *
     * @param replace whether a dataset that is there already may be replaced
     * @throws DatasetException if there is something else in {@code dir}, if the mazes cannot be had as asked for, or
     *     if they cannot be written
     */
    public static PuzzleSummary write(MazeSource source, Path dir, boolean replace) {
        return write(source, dir, replace, DataProgress.NONE);
    }

    /**
     * Makes the dataset {@code dir}, or nothing at all, and tells how far it has come.
     *
     * @see #write(MazeSource, Path, boolean)
     */
    public static PuzzleSummary write(MazeSource source, Path dir, boolean replace, DataProgress progress) {
        try (var writer = DatasetWriter.create(dir, replace)) {
            var dataset = new MazeDataset(writer, source, progress);
            var summary = switch (source) {
                case MazeSource.Generated generated -> dataset.generate(generated);
                case MazeSource.Csv(var files, _, _) -> new CsvImport<>(
                        MazeCsv.KIND, files, dataset.random, progress,
                        (name, puzzles, _, file) -> dataset.imported(name, new MazeRules(puzzles.size()), file),
                        leaks(files.leaks())).write();
                case MazeSource.Npy(var from, _, var leaks) -> dataset.convert(from, leaks(leaks));
            };
            var told = summary.with(dataset.remarks());
            writer.sources(sources(source).remarked(told.remarks()));
            writer.commit(List.of("<blank>"));
            return told;
        } catch (IOException e) {
            throw DatasetWriter.failed(dir, e);
        }
    }

    private static Sources sources(MazeSource source) throws IOException {
        var sources = Sources.of(MazeRules.KIND).with("augment", source.images().count()).with("seed", source.seed());
        source.images().labels().ifPresent(labels -> sources.with("labels", labels));
        switch (source) {
            case MazeSource.Generated made -> sources.with("size", made.rules().size())
                    .with("train", made.train()).with("test", made.test())
                    .with("path", made.minPath() + "-" + made.maxPath()).with("paths", made.paths());
            case MazeSource.Csv csv -> csv.files().describe(sources);
            case MazeSource.Npy npy -> sources.with("leaks", npy.leaks()).read("npy", List.of(npy.dir()));
        }
        return sources;
    }

    private static LeakFilter<MazePuzzle> leaks(LeakPolicy policy) {
        return new LeakFilter<>(new Mazes(), policy, MazePuzzle::example);
    }

    private PuzzleSummary generate(MazeSource.Generated wanted) throws IOException {
        var rules = wanted.rules();
        int n = rules.size();
        var kind = new PuzzleGeneration.Kind<>(
                "%dx%d maze with a path of %d to %s".formatted(
                        n, n, wanted.minPath(), Plural.count(wanted.maxPath(), "step")),
                "ask for fewer, or for another range of path lengths",
                new MazeGenerator(rules, wanted.minPath(), wanted.maxPath(), wanted.paths())::attempt,
                MazePuzzle::form);
        var labels = new MazeLabels.Choice(
                wanted.paths() == MazeSource.Paths.UNIQUE, Optional.of(PathRule.MAZE_HARD));
        var generation = new PuzzleGeneration<>(kind, wanted.seed(), random, progress);
        var counts = new EnumMap<Split, PuzzleSummary.Count>(Split.class);
        for (var name : Split.values()) {
            int count = name == Split.TRAIN ? wanted.train() : wanted.test();
            if (count > 0) {
                searches.put(name, new LabelSearch(rules));
                counts.put(name, generation.fill(
                        split(name, rules, labels, searches.get(name)::add), name, count,
                        PuzzleGeneration.Made::form));
            }
        }
        return new PuzzleSummary(n, counts);
    }

    private PuzzleSummary convert(Path from, LeakFilter<MazePuzzle> leaks) throws IOException {
        var counts = new EnumMap<Split, PuzzleSummary.Count>(Split.class);
        int size = 0;
        // Test mazes first, to know them among the others.
        for (var name : List.of(Split.TEST, Split.TRAIN)) {
            if (Files.isDirectory(from.resolve(name.toString()))) {
                try (var mazes = PuzzleDataset.open(from, name)) {
                    var info = mazes.info();
                    if (info.kind() != null && !info.kind().equals(MazeRules.KIND)) {
                        throw new DatasetException(from + " says that its puzzles are of the kind " + info.kind()
                                + ", expected " + MazeRules.KIND + "; name a dataset of mazes.");
                    }
                    var rules = MazeRules.of(info.seqLen(), info.vocabSize()).orElseThrow(() -> new DatasetException(
                            from + " has seq_len " + info.seqLen() + " and vocab_size " + info.vocabSize()
                                    + ", expected square mazes of 6 tokens; name a dataset of mazes."));
                    size = rules.size();
                    counts.put(name, convert(mazes, rules, name, from, leaks));
                }
            }
        }
        if (counts.isEmpty()) {
            throw new DatasetException(from + " has neither a folder train nor test, expected a dataset of mazes.");
        }
        return new PuzzleSummary(size, counts, leaks.remarks());
    }

    private PuzzleSummary.Count convert(
            PuzzleDataset mazes, MazeRules rules, Split name, Path from, LeakFilter<MazePuzzle> leaks)
            throws IOException {
        var split = imported(name, rules, sink -> {
            for (int i = 0; i < mazes.examples(); i++) {
                try {
                    sink.accept(maze(mazes, rules, i));
                } catch (DatasetException _) {
                    // It is told when it is its turn to be written.
                }
            }
        });
        int leftOut = 0;
        for (int i = 0; i < mazes.examples(); i++) {
            try {
                var maze = maze(mazes, rules, i);
                var place = name + " " + i;
                if (name == Split.TEST) {
                    leaks.test(maze, place);
                }
                if (name == Split.TEST || leaks.admits(maze, () -> place)) {
                    split.add(maze);
                }
            } catch (DatasetException e) {
                leftOut++;
                LOG.warn("{}, {} maze {}: left out: {}", from, name, i, e.getMessage());
            }
            progress.at(name.puzzles(), i + 1, mazes.examples());
        }
        if (split.puzzles() == 0) {
            throw new DatasetException(from + ": none of its " + leftOut + " " + name
                    + " mazes is a proper one with a shortest path for an answer; take another dataset.");
        }
        return split.count(leftOut, 0);
    }

    /** A maze of a dataset, as far as it is a proper one. */
    static MazePuzzle maze(PuzzleDataset mazes, MazeRules rules, int number) {
        var example = mazes.example(number);
        var answer = Arrays.stream(example.labels()).allMatch(label -> label > 0)
                ? MazeRules.maze(example.labels()) : null;
        return MazeCsv.puzzle(rules, MazeRules.maze(example.inputs()), answer, SplitWriter.UNRATED);
    }

    /** Begins a split of mazes that come with labels; looks for the rule that gives them. */
    private GroupWriter<MazePuzzle> imported(Split name, MazeRules rules, CsvImport.Look<MazePuzzle> mazes)
            throws IOException {
        var search = new LabelSearch(rules);
        mazes.at(search::add);
        searches.put(name, search);
        return split(name, rules, search.found().choice(), _ -> { });
    }

    /**
     * Begins a split; a training maze's group has as many of its images as are asked for.
     *
     * @param written hears of each maze
     */
    private GroupWriter<MazePuzzle> split(
            Split name, MazeRules rules, MazeLabels.Choice labels, Consumer<MazePuzzle> written) throws IOException {
        var group = new MazeGroups(rules, labels, name == Split.TRAIN ? source.images() : MazeImages.NONE);
        groups.put(name, group);
        return new GroupWriter<>(dataset.split(name, rules.info().with(group.info()), true), maze -> {
            written.accept(maze);
            return group.apply(maze);
        });
    }

    /** What there is to tell of labels, for people. */
    private List<String> remarks() {
        return searches.entrySet().stream()
                .flatMap(entry -> {
                    var found = entry.getValue().found();
                    return Stream.concat(
                                    Stream.of(found.line(), found.paths()),
                                    groups.get(entry.getKey()).remark().stream())
                            .map(remark -> String.format("%-5s  %s", entry.getKey(), remark));
                })
                .toList();
    }
}
