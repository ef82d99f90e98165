package trm4j.train.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import trm4j.model.Rollout;

/** A rollout in a line of {@code predictions.jsonl}. */
final class RolloutJson {

    private RolloutJson() {}

    /** Leaves out what was not asked for. */
    static ObjectNode of(Rollout rollout) {
        var node = JsonNodeFactory.instance.objectNode()
                .put("steps", rollout.steps())
                .put("halted_at", rollout.haltedAt())
                .put("halt_logit", rollout.haltLogit())
                .put("right", rollout.right())
                .put("same_as", rollout.sameAs());
        if (!Double.isNaN(rollout.change())) {
            // JSON has no infinity: it stands there as text.
            node.put("change", rollout.change());
        }
        if (rollout.accepted()) {
            node.put("accepted", true);
        }
        return node;
    }

    /**
     * Reads what {@link #of} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Rollout read(JsonNode node) {
        if (!node.path("steps").isInt() || !node.path("halted_at").isInt() || !node.path("right").isInt()
                || !node.path("same_as").isInt()) {
            throw new IllegalArgumentException("rollout " + node);
        }
        var change = node.path("change");
        return new Rollout(
                node.get("steps").intValue(), node.get("halted_at").intValue(),
                node.path("halt_logit").isNumber() ? node.get("halt_logit").floatValue() : Float.NaN,
                change.isNumber() ? change.doubleValue()
                        : change.isMissingNode() ? Double.NaN : Double.POSITIVE_INFINITY,
                node.get("right").intValue(), node.path("accepted").asBoolean(false), node.get("same_as").intValue());
    }
}
