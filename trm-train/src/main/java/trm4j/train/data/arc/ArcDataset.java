package trm4j.train.data.arc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import trm4j.train.DatasetException;
import trm4j.train.data.DataProgress;
import trm4j.train.data.DatasetWriter;
import trm4j.train.data.Leaks;
import trm4j.train.data.Sources;
import trm4j.train.data.Split;
import trm4j.train.data.SplitWriter;

/**
 * Makes datasets of ARC tasks, as the authors' {@code build_arc_dataset.py}: a task and its augmented copies are a
 * group, each copy a puzzle with its own identifier. Tasks are written one by one: no more than a few are in memory.
 */
public final class ArcDataset {

    /**
     * What a dataset came to hold.
     *
     * @param tasks those that are in it
     * @param fewerCopies how many of them do not have as many different copies as asked for
     * @param leaks training tasks that are evaluated; empty if none is
     * @param repeated how many training tasks were left out as they came before
     */
    public record Summary(
            int tasks, int fewerCopies, Map<Split, Count> splits, Optional<Leaks> leaks, int repeated) {}

    /**
     * The numbers of a split.
     *
     * @param puzzles tasks and copies
     * @param examples their pairs
     */
    public record Count(int puzzles, int examples) {}

    private static final String TASKS = "tasks";

    private final DatasetWriter dataset;
    private final ArcSource source;
    private final SplittableRandom offsets;
    private final EnumMap<Split, SplitWriter> splits = new EnumMap<>(Split.class);
    private final List<String> identifiers = new ArrayList<>(List.of("<blank>"));
    private final DataProgress progress;
    private int fewerCopies;

    private ArcDataset(DatasetWriter dataset, ArcSource source, DataProgress progress) {
        this.dataset = dataset;
        this.source = source;
        this.progress = progress;
        offsets = new SplittableRandom(source.seed());
    }

    /**
     * Makes the dataset {@code dir}, or nothing at all.
     *
     * @param replace whether a dataset that is there already may be replaced
     * @throws DatasetException if there is something else in {@code dir}, if the tasks cannot be read, or if they
     *     cannot be written
     */
    public static Summary write(ArcSource source, Path dir, boolean replace) {
        return write(source, dir, replace, DataProgress.NONE);
    }

    /**
     * Makes the dataset {@code dir}, or nothing at all, and tells how far it has come.
     *
     * @see #write(ArcSource, Path, boolean)
     */
    public static Summary write(ArcSource source, Path dir, boolean replace, DataProgress progress) {
        try (var dataset = DatasetWriter.create(dir, replace)) {
            var evaluation = ArcFiles.read(source.evaluation());
            var selection = ArcSelection.of(ArcFiles.read(source.train()), evaluation, source.leaks());
            return new ArcDataset(dataset, source, progress).write(selection, evaluation);
        } catch (IOException e) {
            throw DatasetWriter.failed(dir, e);
        }
    }

    /**
     * Reads the tasks whose tests are evaluated; empty if the dataset does not have them, as it is not of ARC tasks.
     *
     * @param dir the dataset's folder
     * @throws DatasetException if the file that has them is damaged
     */
    public static Optional<List<ArcTask>> testTasks(Path dir) {
        var file = dir.resolve(DatasetWriter.TEST_PUZZLES);
        return Files.exists(file) ? Optional.of(ArcFiles.tasks(file)) : Optional.empty();
    }

    private Summary write(ArcSelection selection, List<ArcTask> evaluation) throws IOException {
        var train = selection.train();
        splits.put(Split.TRAIN, dataset.split(Split.TRAIN, ArcTokens.info(), false));
        if (!evaluation.isEmpty()) {
            splits.put(Split.TEST, dataset.split(Split.TEST, ArcTokens.info(), false));
        }
        int tasks = train.size() + evaluation.size();
        int done = 0;
        for (var copies : copies(train)) {
            for (var copy : copies) {
                int identifier = identify(copy);
                puzzle(Split.TRAIN, identifier, Stream.concat(copy.demonstrations().stream(), known(copy)).toList());
            }
            splits.get(Split.TRAIN).endGroup();
            progress.at(TASKS, ++done, tasks);
        }
        for (var copies : copies(evaluation)) {
            for (var copy : copies) {
                int identifier = identify(copy);
                puzzle(Split.TRAIN, identifier, copy.demonstrations());
                puzzle(Split.TEST, identifier, copy.tests());
            }
            splits.get(Split.TRAIN).endGroup();
            splits.get(Split.TEST).endGroup();
            progress.at(TASKS, ++done, tasks);
        }
        if (!evaluation.isEmpty()) {
            dataset.json(DatasetWriter.TEST_PUZZLES, ArcFiles.json(evaluation));
        }
        dataset.sources(sources().remarked(selection.leaks().map(Leaks::line).stream().toList()));
        dataset.commit(identifiers);
        return summary(tasks, selection);
    }

    /** Solutions are files too, that stand beside challenges. */
    private Sources sources() throws IOException {
        return Sources.of(ArcTokens.KIND).with("augment", source.augment()).with("seed", source.seed())
                .with("leaks", source.leaks())
                .read("train", ArcFiles.files(source.train())).read("eval", ArcFiles.files(source.evaluation()));
    }

    /** Tests of training tasks train too, unless their output is unknown. */
    private static Stream<ArcTask.Pair> known(ArcTask task) {
        return task.tests().stream().filter(pair -> pair.output() != null);
    }

    /** The groups of tasks, in order. */
    private Iterable<List<ArcTask>> copies(List<ArcTask> tasks) {
        return () -> tasks.stream()
                .gather(Gatherers.mapConcurrent(
                        Runtime.getRuntime().availableProcessors(),
                        task -> ArcAugmentation.copies(task, source.augment(), random(task))))
                .peek(group -> fewerCopies += group.size() <= source.augment() ? 1 : 0)
                .iterator();
    }

    /**
     * Returns random numbers of the task's own, so that its copies are the same in every dataset of that seed, and a
     * model that was trained with one of them knows them by name in another.
     */
    private SplittableRandom random(ArcTask task) {
        var name = UUID.nameUUIDFromBytes(task.name().getBytes(StandardCharsets.UTF_8));
        return new SplittableRandom(source.seed() ^ name.getMostSignificantBits());
    }

    private int identify(ArcTask copy) {
        identifiers.add(copy.name());
        return identifiers.size() - 1;
    }

    /** In training, grids lie anywhere but those of one pair; to be evaluated, they lie at the origin. */
    private void puzzle(Split split, int identifier, List<ArcTask.Pair> pairs) throws IOException {
        var writer = splits.get(split);
        int atOrigin = offsets.nextInt(pairs.size());
        for (int i = 0; i < pairs.size(); i++) {
            var input = pairs.get(i).input();
            var output = pairs.get(i).output();
            boolean moved = split == Split.TRAIN && i != atOrigin;
            int top = moved ? offset(Math.max(input.rows(), output.rows())) : 0;
            int left = moved ? offset(Math.max(input.columns(), output.columns())) : 0;
            var label = output == null ? new int[ArcTokens.LENGTH] : ArcTokens.encode(output, top, left);
            writer.example(ArcTokens.encode(input, top, left), label, SplitWriter.UNRATED);
        }
        writer.endPuzzle(identifier);
    }

    private int offset(int size) {
        return offsets.nextInt(ArcTokens.SIDE - size + 1);
    }

    private Summary summary(int tasks, ArcSelection selection) {
        var counts = new EnumMap<Split, Count>(Split.class);
        splits.forEach((split, writer) -> counts.put(split, new Count(writer.puzzles(), writer.examples())));
        return new Summary(tasks, fewerCopies, counts, selection.leaks(), selection.repeated());
    }
}
