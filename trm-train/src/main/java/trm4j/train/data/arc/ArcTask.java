package trm4j.train.data.arc;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.train.data.Grid;

/**
 * A task of the Abstraction and Reasoning Corpus.
 *
 * @param name its own, and of an augmented copy the {@linkplain ArcAugmentation#name augmentation's} too
 * @param demonstrations pairs that show the rule
 * @param tests pairs to apply it to; the output may be unknown
 */
public record ArcTask(String name, List<Pair> demonstrations, List<Pair> tests) {

    /**
     * A grid and what it is to become.
     *
     * @param input cells of colours 0 to 9, at most 30 x 30 of them
     * @param output likewise, or null if it is not known
     */
    public record Pair(Grid input, Grid output) {

        /** Returns it as a model takes it to be evaluated; it has no labels where the output is not known. */
        public Example example(int puzzleIdentifier) {
            var labels = output == null ? new int[ArcTokens.LENGTH] : ArcTokens.encode(output, 0, 0);
            return new Example(
                    ArcTokens.encode(input, 0, 0),
                    Arrays.stream(labels).map(label -> label == 0 ? Batch.NO_LABEL : label).toArray(),
                    puzzleIdentifier);
        }
    }

    /**
     * Reads tasks from a text of JSON: a single one, or as the competition's challenges file has them.
     *
     * @param where it is from, for messages
     * @param name of the task if it is a single one, which does not say its own
     * @throws trm4j.train.DatasetException if it is something else
     */
    public static List<ArcTask> read(Object where, String name, String text) {
        return ArcFiles.tasks(where, name, text);
    }

    /**
     * Reads the tasks of a file, with the solutions of {@code NAME_challenges.json} from {@code NAME_solutions.json}
     * if that is beside it.
     *
     * @throws trm4j.train.DatasetException if it is something else
     */
    public static List<ArcTask> read(Path file) {
        return ArcFiles.tasks(file);
    }

    /** The task with other names and grids. */
    ArcTask map(String newName, UnaryOperator<Grid> change) {
        return new ArcTask(newName, map(demonstrations, change), map(tests, change));
    }

    private static List<Pair> map(List<Pair> pairs, UnaryOperator<Grid> change) {
        return pairs.stream()
                .map(pair -> new Pair(
                        change.apply(pair.input()), pair.output() == null ? null : change.apply(pair.output())))
                .toList();
    }

    /** What tells tasks apart: all pairs, in no order. */
    Set<Pair> pairs() {
        var pairs = new HashSet<>(demonstrations);
        pairs.addAll(tests);
        return pairs;
    }
}
