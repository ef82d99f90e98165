package trm4j.model;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Which of a puzzle's rollouts gives the answer. */
public enum Selection {

    /** The one whose halt logit after its last step is the largest. */
    Q,
    /** The answer that most rollouts gave; of those with as many, the one that has the largest halt logit. */
    MODE,
    /** The one whose logits changed least over its last three steps ({@link Rollout#change}). */
    CONVERGED,
    /** The first, by number, whose answer the puzzle's rules accept; if they accept none, as {@link #Q}. */
    RULES,
    /** The one that halted after the fewest steps, which ends the others; if none does, as {@link #Q}. */
    FIRST;

    /** The largest halt logit; of several, that of the first. */
    private static final Comparator<Rollout> BY_Q = Comparator.comparing(rollout -> -rollout.haltLogit());

    /**
     * Returns the number of the rollout that gives the answer.
     *
     * @param rollouts all of a puzzle, or the first of them: then what they would have come to by themselves
     */
    public int choose(List<Rollout> rollouts) {
        var order = switch (this) {
            case Q -> BY_Q;
            case MODE -> first(rollout -> -votes(rollouts, rollout));
            case CONVERGED -> Comparator.comparingDouble(Rollout::change).thenComparing(BY_Q);
            case RULES -> first(rollout -> rollout.accepted() ? rollouts.indexOf(rollout) - rollouts.size() : 0);
            case FIRST -> first(rollout -> rollout.haltedAt() > 0 ? rollout.haltedAt() : Integer.MAX_VALUE);
        };
        return IntStream.range(0, rollouts.size())
                .boxed()
                .min(Comparator.comparing(rollouts::get, order))
                .orElseThrow();
    }

    private static Comparator<Rollout> first(ToLongFunction<Rollout> order) {
        return Comparator.comparingLong(order).thenComparing(BY_Q);
    }

    private static long votes(List<Rollout> rollouts, Rollout one) {
        return rollouts.stream().filter(other -> other.sameAs() == one.sameAs()).count();
    }
}
