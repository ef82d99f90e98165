package trm4j.train.eval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import trm4j.train.Plural;

/**
 * What a model makes of a set of puzzles. Shares are from 0 to 1, and NaN where there is nothing to tell them by.
 *
 * @param puzzles how many were solved
 * @param labelled how many of them have a known answer; all shares but those of rules are of these
 * @param steps after each supervision step; who halted before keeps the answer
 * @param halting whether puzzles were done when the model said so, or just would have been
 * @param meanSteps steps until the model halts, averaged over puzzles
 * @param exactAtHalt the share of exact puzzles when each halts where the model does
 * @param haltRight the share whose halt logit at the last step agrees with exactness
 * @param loss cross-entropy after the last step, averaged over puzzles
 * @param rules the share of puzzles whose answers keep each rule
 * @param several the share of puzzles with several right answers, of which the label is one; NaN where families do not
 *     know
 * @param levels by difficulty, easiest first; empty if that is not known
 * @param arc votes over the copies of ARC tasks; empty for other puzzles
 * @param rollouts what fewer rollouts come to, and all of them; empty where puzzles were just solved
 * @param halts where puzzles halt, and what halt logits are worth; empty where no answer is known
 * @param changes of z_H, step by step; empty where predictions of an earlier version do not say it
 * @param puzzlesPerSecond how fast; NaN if all were solved before
 */
public record Evaluation(
        int puzzles,
        int labelled,
        List<Step> steps,
        boolean halting,
        double meanSteps,
        double exactAtHalt,
        double haltRight,
        double loss,
        Map<String, Double> rules,
        double several,
        List<Level> levels,
        Optional<ArcScore> arc,
        Optional<RolloutScore> rollouts,
        Optional<HaltScore> halts,
        Optional<StateChanges> changes,
        double puzzlesPerSecond) {

    static final String SPEED = "puzzles_per_s";
    private static final String SEVERAL = "several_answers";

    /**
     * After a supervision step.
     *
     * @param exact the share with every position right
     * @param cells the share of right positions, averaged over puzzles
     */
    public record Step(double exact, double cells) {}

    /**
     * Puzzles of about the same difficulty.
     *
     * @param lowest their lowest rating
     * @param highest their highest rating
     * @param puzzles how many
     * @param exactBySteps the share that is exact after each step
     * @param meanSteps steps until the model halts, on average
     */
    public record Level(int lowest, int highest, int puzzles, List<Double> exactBySteps, double meanSteps) {

        public Level {
            exactBySteps = List.copyOf(exactBySteps);
        }

        /** Returns the share that is exact at last. */
        public double exact() {
            return exactBySteps.getLast();
        }
    }

    /**
     * How well votes over the augmented copies of ARC tasks find the outputs, as the authors count it.
     *
     * @param tasks those with predictions, and with outputs to compare them with
     * @param passAt for a number of tries, the share of a task's tests for which an output that got as many votes is
     *     right, from 0 to 1, averaged over tasks
     */
    public record ArcScore(int tasks, SortedMap<Integer, Double> passAt) {}

    /** Returns the share of puzzles with every position right at last. */
    public double exact() {
        return steps.getLast().exact();
    }

    /** Returns the share of right positions at last, averaged over puzzles. */
    public double cells() {
        return steps.getLast().cells();
    }

    /** Writes it in one line, for people. */
    public String line() {
        return Plural.count(puzzles, "puzzle") + (labelled == 0
                ? " without labels to compare with"
                : (labelled < puzzles ? ", " + labelled + " of them with labels" : "")
                        + String.format(
                                Locale.ROOT, ": %.1f%% exact, %.1f%% of cells right", 100 * exact(), 100 * cells()))
                + String.format(
                        Locale.ROOT, ", %s %.1f of %s", halting ? "halted after" : "would halt after", meanSteps,
                        Plural.count(steps.size(), "step"))
                + (halting || labelled == 0
                        ? "" : String.format(Locale.ROOT, " (%.1f%% exact then)", 100 * exactAtHalt))
                + (Double.isNaN(puzzlesPerSecond)
                        ? "" : String.format(Locale.ROOT, ", %.2f puzzles/s", puzzlesPerSecond));
    }

    /** Returns what it comes to by the {@link Measure} for its puzzles, for people; empty where that is exactness. */
    public String measured() {
        return Measure.of(json()).line(this);
    }

    /** Writes all of it as JSON, for programs. */
    public ObjectNode json() {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("puzzles", puzzles).put("labelled", labelled);
        put(node, "exact_accuracy", exact());
        put(node, "accuracy", cells());
        put(node, "lm_loss", loss);
        put(node, "q_halt_accuracy", haltRight);
        node.put("halting", halting).put("steps", known(meanSteps));
        put(node, "exact_accuracy_at_halt", exactAtHalt);
        put(node, SPEED, puzzlesPerSecond);
        var exact = node.putArray("exact_accuracy_by_step");
        var cells = node.putArray("accuracy_by_step");
        for (var step : steps) {
            exact.add(known(step.exact()));
            cells.add(known(step.cells()));
        }
        if (!rules.isEmpty()) {
            var kept = node.putObject("rules");
            rules.forEach((rule, share) -> put(kept, rule, share));
        }
        if (!Double.isNaN(several)) {
            node.put(SEVERAL, several);
        }
        if (!levels.isEmpty()) {
            var list = node.putArray("by_rating");
            for (var level : levels) {
                var entry = list.addObject()
                        .put("lowest", level.lowest()).put("highest", level.highest()).put("puzzles", level.puzzles());
                put(entry, "exact_accuracy", level.exact());
                put(entry, "steps", level.meanSteps());
                level.exactBySteps().forEach(entry.putArray("exact_accuracy_by_step")::add);
            }
        }
        arc.ifPresent(score -> {
            var passAt = node.putObject("arc").put("tasks", score.tasks()).putObject("pass_at");
            score.passAt().forEach((tries, share) -> put(passAt, String.valueOf(tries), share));
        });
        rollouts.ifPresent(score -> node.set("rollouts", score.json()));
        halts.ifPresent(score -> score.addTo(node));
        changes.ifPresent(each -> each.addTo(node));
        return node.put("measure", Measure.of(node).title());
    }

    private static void put(ObjectNode node, String key, double value) {
        node.put(key, known(value));
    }

    /** What is not known is null. */
    private static Double known(double value) {
        return Double.isFinite(value) ? (Double) value : null;
    }
}
