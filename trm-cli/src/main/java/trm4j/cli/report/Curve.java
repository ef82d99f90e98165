package trm4j.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Thins out numbers that change from step to step to as many points as a picture can show. */
final class Curve {

    /** Points of a curve at most: about as many as a wide screen has. */
    private static final int POINTS = 1500;

    private Curve() {}

    /**
     * Returns a column for each key, and one for {@code step}. Where there are more lines than points, a point is the
     * mean of neighbouring lines; where none of them has a number for the key, it is null.
     *
     * @param lines of a run's metrics, each with a step
     * @param keys as paths in a line, such as {@code /test/accuracy}, whose column becomes {@code accuracy}
     */
    static ObjectNode columns(List<JsonNode> lines, List<String> keys) {
        var columns = JsonNodeFactory.instance.objectNode();
        int each = Math.max(1, Math.ceilDiv(lines.size(), POINTS));
        var steps = columns.putArray("step");
        for (int from = 0; from < lines.size(); from += each) {
            steps.add(lines.get(Math.min(lines.size(), from + each) - 1).path("step").asLong());
        }
        for (var key : keys) {
            var column = columns.putArray(key.replaceFirst("^/(test/)?", ""));
            for (int from = 0; from < lines.size(); from += each) {
                var mean = lines.subList(from, Math.min(lines.size(), from + each)).stream()
                        .map(line -> line.at(key))
                        .filter(JsonNode::isNumber)
                        .mapToDouble(JsonNode::asDouble)
                        .average();
                if (mean.isPresent() && Double.isFinite(mean.getAsDouble())) {
                    column.add(mean.getAsDouble());
                } else {
                    column.addNull();
                }
            }
        }
        return columns;
    }
}
