package trm4j.train.data.arc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Makes augmented copies of tasks.
 *
 * @param augment copies of a task at most, besides itself
 */
record ArcCopies(int augment) {

    private static final int TRIES_PER_COPY = 5;

    /** The task, then its copies; no two have the same pairs. */
    List<ArcTask> of(ArcTask task, SplittableRandom random) {
        var copies = new ArrayList<ArcTask>();
        copies.add(task);
        var seen = new HashSet<Set<ArcPair>>();
        seen.add(task.pairs());
        for (long tries = (long) TRIES_PER_COPY * augment; tries > 0 && copies.size() <= augment; tries--) {
            var copy = ArcAugmentation.random(random).apply(task);
            if (seen.add(copy.pairs())) {
                copies.add(copy);
            }
        }
        return copies;
    }
}
