package trm4j.train.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import trm4j.model.Disguise;
import trm4j.model.Example;
import trm4j.model.Rollouts;
import trm4j.model.Selection;
import trm4j.train.EvaluationException;
import trm4j.train.puzzle.PuzzleFamily;
import trm4j.train.puzzle.Symmetries;

/**
 * How a puzzle is tried.
 *
 * @param rollouts how often, and which try gives the answer
 * @param chains the sort of symmetries that disguise the puzzle, another one for each try; empty for no disguise
 */
public record Tries(Rollouts rollouts, Optional<Symmetries> chains) {

    /** The noise of several rollouts where none is named. */
    public static final double NOISE = 0.3;

    /** Once, as it is. */
    public static final Tries ONE = new Tries(Rollouts.ONE, Optional.empty());

    /** Tells whether it is only solved, as ever. */
    public boolean isPlain() {
        return rollouts.isPlain() && chains.isEmpty();
    }

    /**
     * Returns the disguise of each try; none where there is no chain.
     *
     * @throws EvaluationException if such puzzles have not as many symmetries
     */
    public List<Disguise> disguises(PuzzleFamily family, int seqLen, int vocabSize) {
        return chains
                .map(sort -> sort.draw(family, seqLen, vocabSize, rollouts.count(), rollouts.seed()))
                .orElse(List.of());
    }

    /**
     * Checks that a puzzle's rules can be gone by, if they are to be.
     *
     * @param question of any such puzzle
     * @throws EvaluationException if it has none
     */
    public void requireRules(PuzzleFamily family, int[] question) {
        if (rollouts.selection() == Selection.RULES && family.rules(question, question).isEmpty()) {
            throw new EvaluationException("--select rules: " + family.plural() + " have no rules to tell a right answer "
                    + "by, expected puzzles that have some; select by q, mode or converged.");
        }
    }

    /** Returns what tells whether an answer keeps all of a puzzle's rules. */
    public BiPredicate<Example, int[]> judge(PuzzleFamily family) {
        return (puzzle, answer) -> {
            var rules = family.rules(puzzle.inputs(), answer);
            return !rules.isEmpty() && !rules.containsValue(false);
        };
    }

    /** For programs, as {@code settings.json} has it. */
    ObjectNode json() {
        var node = JsonNodeFactory.instance.objectNode()
                .put("count", rollouts.count())
                .put("noise", rollouts.noise())
                .put("seed", rollouts.seed())
                .put("select", word(rollouts.selection()))
                .put("sure", rollouts.sure());
        chains.ifPresent(sort -> node.put("chains", sort.toString()));
        return node;
    }

    /** Returns the word for a way to select. */
    public static String word(Selection selection) {
        return selection.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads what {@link #json} wrote; once, where nothing stands.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Tries of(JsonNode json) {
        if (json.isMissingNode()) {
            return ONE;
        }
        var select = json.path("select").asText();
        var selection = Stream.of(Selection.values()).filter(each -> word(each).equals(select)).findFirst();
        var chains = Stream.of(Symmetries.values())
                .filter(each -> each.toString().equals(json.path("chains").asText()))
                .findFirst();
        if (!json.path("count").isInt() || !json.path("noise").isNumber() || !json.path("seed").isIntegralNumber()
                || !json.path("sure").isNumber() || json.has("chains") && chains.isEmpty()) {
            throw new IllegalArgumentException("rollouts " + json);
        }
        var rollouts = new Rollouts(
                json.get("count").intValue(), json.get("noise").doubleValue(), json.get("seed").longValue(),
                selection.orElseThrow(() -> new IllegalArgumentException("select " + select)),
                json.get("sure").doubleValue());
        return new Tries(rollouts, chains);
    }
}
