package trm4j.train.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All lines of a run's {@code metrics.jsonl}.
 *
 * @param steps those on training steps
 * @param evaluations those on evaluations
 */
public record RunMetrics(List<JsonNode> steps, List<JsonNode> evaluations) {

    /**
     * Reads the lines that are whole.
     *
     * @throws trm4j.train.RunException if the file cannot be read, or has something else
     */
    public static RunMetrics of(Path run) {
        var steps = new ArrayList<JsonNode>();
        var evaluations = new ArrayList<JsonNode>();
        for (var line : MetricsReader.lines(run)) {
            (isEvaluation(line) ? evaluations : steps).add(line);
        }
        return new RunMetrics(steps, evaluations);
    }

    /** Tells whether a line is on an evaluation, rather than on a training step. */
    public static boolean isEvaluation(JsonNode line) {
        return line.has("test");
    }
}
