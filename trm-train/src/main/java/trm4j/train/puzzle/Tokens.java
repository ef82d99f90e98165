package trm4j.train.puzzle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Arrays;

/** Puzzles that nothing is known of, as lists of tokens. */
final class Tokens implements PuzzleFamily {

    @Override
    public String kind() {
        return "tokens";
    }

    @Override
    public String plural() {
        return "puzzles";
    }

    @Override
    public String cell(int token) {
        return String.valueOf(token);
    }

    @Override
    public JsonNode json(int[] question, int[] tokens, String identifier) {
        var list = JsonNodeFactory.instance.arrayNode(tokens.length);
        Arrays.stream(tokens).forEach(list::add);
        return list;
    }
}
