package trm4j.train.data.arc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import trm4j.train.data.Grid;

/**
 * What tells ARC tasks apart, whatever their names: their pairs, demonstrations and tests alike, in any order.
 *
 * @param outputs by their inputs; null where an output is not known
 */
public record ArcContent(Map<Grid, Grid> outputs) {

    /** Returns the content of a task. */
    public static ArcContent of(ArcTask task) {
        var outputs = new HashMap<Grid, Grid>();
        Stream.of(task.demonstrations(), task.tests()).flatMap(List::stream).forEach(pair -> {
            if (pair.output() != null || !outputs.containsKey(pair.input())) {
                outputs.put(pair.input(), pair.output());
            }
        });
        return new ArcContent(outputs);
    }

    /** Returns the inputs, which tasks of the same content have in common. */
    public Set<Grid> inputs() {
        return outputs.keySet();
    }

    /** Tells whether a task has the same inputs, and the same outputs as far as both know them. */
    public boolean isSame(ArcContent other) {
        return inputs().equals(other.inputs()) && outputs.entrySet().stream().allMatch(pair -> {
            var theirs = other.outputs.get(pair.getKey());
            return pair.getValue() == null || theirs == null || pair.getValue().equals(theirs);
        });
    }
}
