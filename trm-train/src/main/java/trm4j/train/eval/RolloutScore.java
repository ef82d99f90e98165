package trm4j.train.eval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * What the first rollouts of each puzzle come to, for several numbers of them. Shares are of the puzzles with a known
 * answer, from 0 to 1.
 *
 * @param counts fewest first; the last is of all rollouts
 */
public record RolloutScore(List<First> counts) {

    /**
     * The first k rollouts.
     *
     * @param rollouts k
     * @param exact the share of puzzles whose chosen answer is exact
     * @param right the share of puzzles whose chosen answer is right: exact, or accepted by the puzzle's rules
     * @param pass the share of puzzles of which one of the answers is right: pass@k
     * @param steps supervision steps of a puzzle's rollouts together, averaged over puzzles
     */
    public record First(int rollouts, double exact, double right, double pass, double steps) {}

    public RolloutScore {
        counts = List.copyOf(counts);
    }

    /** Returns the share of puzzles of which one of all answers is right. */
    public double pass() {
        return counts.getLast().pass();
    }

    ArrayNode json() {
        var list = JsonNodeFactory.instance.arrayNode();
        for (var first : counts) {
            list.addObject()
                    .put("rollouts", first.rollouts())
                    .put("exact_accuracy", first.exact())
                    .put("right_accuracy", first.right())
                    .put("pass_at", first.pass())
                    .put("steps", first.steps());
        }
        return list;
    }
}
