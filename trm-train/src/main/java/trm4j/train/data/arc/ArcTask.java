package trm4j.train.data.arc;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
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
    public record Pair(Grid input, Grid output) {}

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
