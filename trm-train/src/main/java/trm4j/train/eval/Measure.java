package trm4j.train.eval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What tells which of several evaluations of the same puzzles is the best. */
public enum Measure {

    /** The share of ARC tasks' tests that the copies' votes solve with two tries; of as good ones, with one. */
    PASS_AT_2("pass@2", "/arc/pass_at/2", "/arc/pass_at/1"),
    /** The share of mazes with a shortest path, whatever the label. */
    SHORTEST("shortest", "/rules/shortest"),
    /** The share of puzzles with every position right. */
    EXACT("exact");

    private static final String EXACT_ACCURACY = "/exact_accuracy";

    private final String title;
    private final List<String> paths;

    Measure(String title, String... paths) {
        this.title = title;
        this.paths = List.of(paths);
    }

    /**
     * Returns the measure for the puzzles of an evaluation: the first that it has.
     *
     * @param evaluation as {@link Evaluation#json} writes it, or an earlier version did
     */
    public static Measure of(JsonNode evaluation) {
        return Stream.of(PASS_AT_2, SHORTEST)
                .filter(measure -> evaluation.at(measure.paths.getFirst()).isNumber())
                .findFirst()
                .orElse(EXACT);
    }

    /** Returns what it is called: {@code pass@2}, {@code shortest} or {@code exact}. */
    public String title() {
        return title;
    }

    /**
     * Returns an evaluation's values, from 0 to 1, the more important first; what is not known counts as 0.
     *
     * @param evaluation as {@link Evaluation#json} writes it
     */
    public List<Double> values(JsonNode evaluation) {
        return Stream.concat(paths.stream(), Stream.of(EXACT_ACCURACY))
                .map(path -> evaluation.at(path).asDouble())
                .toList();
    }

    /** Writes what an evaluation comes to by it, for people; nothing where that is the share of exact puzzles. */
    String line(Evaluation evaluation) {
        return switch (this) {
            case PASS_AT_2 -> evaluation.arc()
                    .map(arc -> String.format(
                            Locale.ROOT, "%d %s: pass@1 %.1f%%, pass@2 %.1f%%", arc.tasks(),
                            arc.tasks() == 1 ? "task" : "tasks", 100 * arc.passAt().get(1), 100 * arc.passAt().get(2)))
                    .orElseThrow();
            case SHORTEST -> String.format(
                    Locale.ROOT, "%.1f%% shortest paths", 100 * evaluation.rules().get("shortest"));
            case EXACT -> "";
        };
    }
}
