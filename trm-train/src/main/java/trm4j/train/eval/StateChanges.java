package trm4j.train.eval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * By how much each supervision step changes an element of z_H, as a root mean square over the elements of the puzzles
 * that took the step; NaN where none did. An element itself has one of 1: unrelated states are sqrt(2) apart.
 *
 * @param all of all puzzles, step by step
 * @param exact of those whose answer is exact at last
 * @param wrong of those whose answer is not
 */
public record StateChanges(List<Double> all, List<Double> exact, List<Double> wrong) {

    private static final String KEY = "state_change_by_step";

    public StateChanges {
        all = List.copyOf(all);
        exact = List.copyOf(exact);
        wrong = List.copyOf(wrong);
    }

    void addTo(ObjectNode node) {
        put(node, KEY, all);
        put(node, KEY + "_exact", exact);
        put(node, KEY + "_wrong", wrong);
    }

    private static void put(ObjectNode node, String key, List<Double> changes) {
        if (!changes.stream().allMatch(change -> change.isNaN())) {
            var list = node.putArray(key);
            changes.forEach(change -> list.add(change.isNaN() ? null : change));
        }
    }
}
