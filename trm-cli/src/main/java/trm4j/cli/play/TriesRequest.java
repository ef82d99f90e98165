package trm4j.cli.play;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import trm4j.kernels.UserException;
import trm4j.model.Rollouts;
import trm4j.model.Selection;
import trm4j.train.DatasetException;
import trm4j.train.eval.Tries;
import trm4j.train.puzzle.Symmetries;

/** How {@code POST /solve} asks for puzzles to be tried: the keys are the options of the commands that solve. */
final class TriesRequest {

    static final int MOST_ROLLOUTS = 16;
    static final Set<String> KEYS = Set.of("rollouts", "noise", "chains", "select", "seed");

    private TriesRequest() {}

    /**
     * Reads it.
     *
     * @throws DatasetException if it makes no sense; the sentence says what was expected and found
     */
    static Tries read(JsonNode json) {
        var chains = Optional.<Symmetries>empty();
        int count = 1;
        if (json.has("chains")) {
            require(!json.has("rollouts"), "rollouts", "rollouts or chains, not both", json.path("rollouts"));
            var text = json.path("chains").asText();
            var parts = text.split(":", -1);
            chains = Arrays.stream(Symmetries.values()).filter(each -> each.toString().equals(parts[0])).findFirst();
            boolean right = chains.isPresent() && parts.length == 2 && parts[1].matches("[1-9][0-9]?");
            count = right ? Integer.parseInt(parts[1]) : 0;
            require(count >= 1 && count <= MOST_ROLLOUTS, "chains",
                    "digits, dihedral or all, a colon, and how many, at most " + MOST_ROLLOUTS, json.path("chains"));
        } else if (json.has("rollouts")) {
            var rollouts = json.path("rollouts");
            require(rollouts.isInt() && rollouts.intValue() >= 1 && rollouts.intValue() <= MOST_ROLLOUTS, "rollouts",
                    "a whole number from 1 to " + MOST_ROLLOUTS, rollouts);
            count = rollouts.intValue();
        }
        double noise = chains.isEmpty() && count > 1 ? Tries.NOISE : 0;
        if (json.has("noise")) {
            noise = json.path("noise").asDouble(-1);
            require(noise >= 0 && noise <= Float.MAX_VALUE, "noise", "a number of at least 0", json.path("noise"));
        }
        var seed = json.path("seed");
        require(seed.isMissingNode() || seed.isIntegralNumber() && seed.canConvertToLong(), "seed", "a whole number",
                seed);
        return new Tries(
                new Rollouts(count, noise, seed.asLong(0), selection(json, chains.isPresent()), 1), chains);
    }

    private static Selection selection(JsonNode json, boolean chains) {
        if (!json.has("select")) {
            return chains ? Selection.MODE : Selection.Q;
        }
        var found = Arrays.stream(Selection.values())
                .filter(each -> Tries.word(each).equals(json.path("select").asText()))
                .findFirst();
        require(found.isPresent(), "select", "one of q, mode, converged, rules and first", json.path("select"));
        return found.orElseThrow();
    }

    private static void require(boolean right, String key, String expected, JsonNode found) {
        if (!right) {
            throw new DatasetException(
                    key + ": expected " + expected + ", found " + UserException.shown(found.toString()) + ".");
        }
    }
}
