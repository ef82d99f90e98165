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
public record ArcTask(String name, List<ArcPair> demonstrations, List<ArcPair> tests) {

    /** The task with other names and grids. */
    ArcTask map(String newName, UnaryOperator<Grid> change) {
        return new ArcTask(newName, map(demonstrations, change), map(tests, change));
    }

    private static List<ArcPair> map(List<ArcPair> pairs, UnaryOperator<Grid> change) {
        return pairs.stream()
                .map(pair -> new ArcPair(
                        change.apply(pair.input()), pair.output() == null ? null : change.apply(pair.output())))
                .toList();
    }

    /** What tells tasks apart: all pairs, in no order. */
    Set<ArcPair> pairs() {
        var pairs = new HashSet<>(demonstrations);
        pairs.addAll(tests);
        return pairs;
    }
}
