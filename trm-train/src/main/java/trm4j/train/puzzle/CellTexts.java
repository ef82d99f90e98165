package trm4j.train.puzzle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import trm4j.kernels.UserException;
import trm4j.train.DatasetException;

/** Puzzles as the texts of their cells, one after the other. */
final class CellTexts {

    private static final Pattern BETWEEN = Pattern.compile("[\\s,\"\\[\\]]+");
    private static final int MOST_SHOWN = 20;

    private final PuzzleFamily family;
    private final int length;
    private final Map<String, Integer> tokens = new HashMap<>();

    CellTexts(PuzzleFamily family, int seqLen, int vocabSize) {
        this.family = family;
        length = seqLen;
        for (int token = vocabSize - 1; token >= 0; token--) {
            // Where two have the same text, it is the first that is meant.
            tokens.put(family.cell(token).strip(), token);
        }
    }

    static JsonNode json(PuzzleFamily family, int[] tokens) {
        return JsonNodeFactory.instance.textNode(
                Arrays.stream(tokens).mapToObj(family::cell).collect(Collectors.joining(" ")));
    }

    int[] parse(String text) {
        var cells = BETWEEN.splitAsStream(text).filter(cell -> !cell.isEmpty()).toList();
        if (cells.size() != length) {
            var characters = String.join("", cells).codePoints().mapToObj(Character::toString).toList();
            cells = characters.size() == length ? characters : cells;
        }
        if (cells.size() != length) {
            throw new DatasetException("Expected the " + length + " cells of one of the " + family.plural() + ", found "
                    + cells.size() + "; write each as one of " + known() + ", with spaces between them.");
        }
        return cells.stream().mapToInt(this::token).toArray();
    }

    private int token(String cell) {
        var token = tokens.get(cell);
        if (token == null) {
            throw new DatasetException("Expected cells of " + family.plural() + ", each one of " + known() + ", found '"
                    + UserException.shown(cell) + "'.");
        }
        return token;
    }

    private String known() {
        var texts = tokens.entrySet().stream().sorted(Map.Entry.comparingByValue()).map(Map.Entry::getKey)
                .limit(MOST_SHOWN).collect(Collectors.joining(" "));
        return texts + (tokens.size() > MOST_SHOWN ? " ..." : "");
    }
}
