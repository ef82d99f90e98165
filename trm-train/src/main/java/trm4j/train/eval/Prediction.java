package trm4j.train.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import trm4j.model.Rollout;

/**
 * What a model made of a puzzle of a data set: a line of {@code predictions.jsonl}, which has all that evaluation needs
 * of it.
 *
 * @param example its number in the data set
 * @param identifier the name of its puzzle identifier, or null for none
 * @param question as {@link trm4j.train.puzzle.PuzzleFamily#json} writes it, as is the answer
 * @param haltLogits after each supervision step
 * @param stateChanges by how much each step changed an element of z_H, as a root mean square; empty in lines of earlier
 *     versions, which do not say it
 * @param haltedAt the first step, from 1, after which the model would halt by its rule; 0 if after none
 * @param right the positions as labelled, after each step
 * @param labelled how many positions have labels
 * @param loss cross-entropy after the last step
 * @param rating how hard it is, or null if that is not known
 * @param rules whether the answer keeps each rule
 * @param chosen the number of the rollout that all of this is of
 * @param rollouts what became of each rollout, in the order of their numbers; empty where the puzzle was just solved
 */
public record Prediction(
        int example,
        String identifier,
        JsonNode question,
        JsonNode answer,
        float[] haltLogits,
        float[] stateChanges,
        int haltedAt,
        int[] right,
        int labelled,
        float loss,
        Integer rating,
        Map<String, Boolean> rules,
        int chosen,
        List<Rollout> rollouts) {

    private static final String STATE_CHANGES = "state_changes";

    public Prediction {
        rollouts = List.copyOf(rollouts);
    }

    /** Makes that of a puzzle which was just solved. */
    Prediction(
            int example, String identifier, JsonNode question, JsonNode answer, float[] haltLogits, int haltedAt,
            int[] right, int labelled, float loss, Integer rating, Map<String, Boolean> rules) {
        this(
                example, identifier, question, answer, haltLogits, new float[0], haltedAt, right, labelled, loss,
                rating, rules, 0, List.of());
    }

    /** Returns the supervision steps that it took. */
    public int steps() {
        return haltLogits.length;
    }

    /** Returns the step after which the model would halt, the last if it would not. */
    public int haltStep() {
        return haltedAt > 0 ? haltedAt : steps();
    }

    /** Returns how many positions are as labelled after a step, from 1; one who halted before keeps the answer. */
    public int rightAfter(int step) {
        return right[Math.min(step, steps()) - 1];
    }

    /** Tells whether all positions are as labelled after a step, from 1. */
    public boolean exactAfter(int step) {
        return rightAfter(step) == labelled;
    }

    /**
     * Tells whether the answer of one of its rollouts is right: as labelled, or accepted by the puzzle's rules, which may
     * know of several right answers.
     */
    public boolean isRight(Rollout rollout) {
        return rollout.right() == labelled || rollout.accepted();
    }

    /** Whether the halt logit, by itself, says of the last answer what is true. */
    boolean haltsRightly() {
        return haltLogits[steps() - 1] > 0 == exactAfter(steps());
    }

    ObjectNode json() {
        var line = JsonNodeFactory.instance.objectNode();
        line.put("example", example);
        if (identifier != null) {
            line.put("identifier", identifier);
        }
        line.set("question", question);
        line.set("answer", answer);
        if (labelled > 0) {
            line.put("exact", exactAfter(steps()));
        }
        line.put("steps", steps());
        var logits = line.putArray("halt_logits");
        for (float logit : haltLogits) {
            logits.add(logit);
        }
        if (stateChanges.length > 0) {
            var changes = line.putArray(STATE_CHANGES);
            for (float change : stateChanges) {
                changes.add(change);
            }
        }
        line.put("halted_at", haltedAt);
        IntStream.of(right).forEach(line.putArray("right")::add);
        line.put("labelled", labelled).put("loss", loss);
        if (rating != null) {
            line.put("rating", rating);
        }
        if (!rules.isEmpty()) {
            var kept = line.putObject("rules");
            new TreeMap<>(rules).forEach(kept::put);
        }
        if (!rollouts.isEmpty()) {
            line.put("chosen", chosen);
            var tries = line.putArray("rollouts");
            rollouts.forEach(rollout -> tries.add(RolloutJson.of(rollout)));
        }
        return line;
    }

    /**
     * Reads what {@link #json} wrote. Lines of earlier versions do not say where the model would halt: there, as then,
     * it is where the halt logit first is above 0.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Prediction of(JsonNode line) {
        var logits = line.path("halt_logits");
        var right = line.path("right");
        if (!line.path("example").isInt() || !line.has("question") || !line.has("answer") || !logits.isArray()
                || logits.isEmpty() || !right.isArray() || logits.size() != right.size()
                || !line.path("labelled").isInt()) {
            throw new IllegalArgumentException("no prediction");
        }
        var haltLogits = numbers(logits);
        var changes = numbers(line.path(STATE_CHANGES));
        if (changes.length > 0 && changes.length != haltLogits.length) {
            throw new IllegalArgumentException(STATE_CHANGES + " of " + changes.length + " steps");
        }
        var halted = line.path("halted_at");
        if (!halted.isMissingNode()
                && (!halted.isInt() || halted.intValue() < 0 || halted.intValue() > haltLogits.length)) {
            throw new IllegalArgumentException("halted_at " + halted);
        }
        var rules = new TreeMap<String, Boolean>();
        line.path("rules").properties().forEach(rule -> rules.put(rule.getKey(), rule.getValue().asBoolean()));
        var rollouts = StreamSupport.stream(line.path("rollouts").spliterator(), false).map(RolloutJson::read).toList();
        int chosen = line.path("chosen").asInt(0);
        if (chosen < 0 || chosen > 0 && chosen >= rollouts.size()) {
            throw new IllegalArgumentException("chosen " + chosen);
        }
        return new Prediction(
                line.get("example").intValue(),
                line.path("identifier").textValue(),
                line.get("question"),
                line.get("answer"),
                haltLogits,
                changes,
                halted.isMissingNode() ? firstAboveZero(haltLogits) : halted.intValue(),
                IntStream.range(0, right.size()).map(i -> right.get(i).intValue()).toArray(),
                line.get("labelled").intValue(),
                number(line.path("loss")),
                line.has("rating") ? line.get("rating").intValue() : null,
                rules,
                chosen,
                rollouts);
    }

    private static int firstAboveZero(float[] haltLogits) {
        return IntStream.rangeClosed(1, haltLogits.length)
                .filter(step -> haltLogits[step - 1] > 0)
                .findFirst()
                .orElse(0);
    }

    private static float[] numbers(JsonNode list) {
        var numbers = new float[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(list.get(i));
        }
        return numbers;
    }

    /** JSON has no NaN: it stands there as text. */
    private static float number(JsonNode node) {
        return node.isNumber() ? node.floatValue() : Float.NaN;
    }
}
