package trm4j.train.eval;

import java.util.Optional;
import java.util.stream.IntStream;
import trm4j.model.Rollouts;
import trm4j.model.Selection;

/** Counts what the first k rollouts of each puzzle come to: for 1, 2, 4, ... and all of them. */
final class RolloutSums {

    private final Rollouts settings;
    private final int[] counts;
    private final int[] exact;
    private final int[] right;
    private final int[] pass;
    private final long[] steps;
    private int puzzles;

    RolloutSums(Rollouts settings) {
        this.settings = settings;
        int all = settings.count();
        // How long a race goes on depends on all that take part.
        counts = settings.selection() == Selection.FIRST
                ? new int[] {all}
                : IntStream.concat(
                        IntStream.iterate(1, k -> k > 0 && k < all, k -> 2 * k), IntStream.of(all)).toArray();
        exact = new int[counts.length];
        right = new int[counts.length];
        pass = new int[counts.length];
        steps = new long[counts.length];
    }

    /** Counts a puzzle with a known answer. */
    void add(Prediction prediction) {
        puzzles++;
        var rollouts = prediction.rollouts();
        for (int i = 0; i < counts.length; i++) {
            var first = rollouts.subList(0, Math.min(counts[i], rollouts.size()));
            var chosen = first.get(settings.selection().choose(first));
            exact[i] += chosen.right() == prediction.labelled() ? 1 : 0;
            right[i] += prediction.isRight(chosen) ? 1 : 0;
            pass[i] += first.stream().anyMatch(prediction::isRight) ? 1 : 0;
            steps[i] += first.stream().mapToInt(rollout -> rollout.steps()).sum();
        }
    }

    /** What it comes to; nothing where there is no puzzle to tell by. */
    Optional<RolloutScore> score() {
        double n = puzzles;
        return puzzles == 0
                ? Optional.empty()
                : Optional.of(new RolloutScore(IntStream.range(0, counts.length)
                        .mapToObj(i -> new RolloutScore.First(
                                counts[i], exact[i] / n, right[i] / n, pass[i] / n, steps[i] / n))
                        .toList()));
    }
}
