package trm4j.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import trm4j.model.Batch;
import trm4j.train.data.DatasetInfo;
import trm4j.train.puzzle.Board;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.puzzle.PuzzleFamily;

/** What a page must know to draw puzzles: how cells lie, and what each token looks like. */
public final class Drawing {

    /** Where nothing is asked. */
    private static final int NO_LABEL = -1;

    private final PuzzleFamily family;
    private final int length;
    private final int vocabulary;
    private final Board board;
    private final Map<String, Integer> tokens = new HashMap<>();

    Drawing(DatasetInfo info) {
        this(PuzzleFamilies.of(info), info.seqLen(), info.vocabSize());
    }

    /** Draws puzzles of a family, of some number of tokens (L) out of some (V). */
    public Drawing(PuzzleFamily family, int length, int vocabulary) {
        this.family = family;
        this.length = length;
        this.vocabulary = vocabulary;
        board = family.board(length);
        for (int token = vocabulary - 1; token >= 0; token--) {
            tokens.put(family.cell(token), token);
        }
    }

    /** Returns how cells lie, and what each token from 0 on looks like. */
    public ObjectNode json() {
        var node = JsonNodeFactory.instance.objectNode().put("kind", family.kind()).put("columns", board.columns())
                .put("box_rows", board.boxRows()).put("box_columns", board.boxColumns());
        var looks = node.putArray("tokens");
        for (int token = 0; token < vocabulary; token++) {
            looks.addObject().put("text", family.cell(token)).put("colour", family.colour(token))
                    .put("given", family.isGiven(token)).put("filler", family.isFiller(token));
        }
        return node;
    }

    /** Returns a puzzle's tokens; -1 where there is no label. */
    public static ArrayNode cells(int[] tokens) {
        var list = JsonNodeFactory.instance.arrayNode(tokens.length);
        Arrays.stream(tokens).map(token -> token == Batch.NO_LABEL ? NO_LABEL : token).forEach(list::add);
        return list;
    }

    /**
     * Returns the tokens of an answer as {@code predictions.jsonl} has it: a list of tokens, a string of cells with
     * spaces between them or without, or a grid's rows, from the upper left corner on.
     *
     * @param filler what stands around a grid's rows
     * @return nothing if it is no such answer
     */
    Optional<int[]> tokens(JsonNode written, int filler) {
        var cells = new int[length];
        Arrays.fill(cells, filler);
        boolean read = written.isTextual() ? texts(written.textValue(), cells)
                : isGrid(written) ? rows(written, cells) : numbers(written, cells);
        return read ? Optional.of(cells) : Optional.empty();
    }

    /** Tells whether a question or an answer is a grid's rows, of which there may be none. */
    static boolean isGrid(JsonNode written) {
        return written.isArray() && (written.isEmpty() || written.get(0).isTextual());
    }

    private boolean texts(String text, int[] cells) {
        var parts = text.length() == length ? text.split("") : text.split(" ");
        return parts.length == length && row(parts, cells, 0);
    }

    private boolean rows(JsonNode rows, int[] cells) {
        int columns = board.columns();
        for (int row = 0; row < rows.size(); row++) {
            var text = rows.get(row).asText();
            var texts = text.isEmpty() ? new String[0] : text.split("");
            if (row >= length / columns || texts.length > columns || !row(texts, cells, row * columns)) {
                return false;
            }
        }
        return true;
    }

    private boolean row(String[] texts, int[] cells, int from) {
        for (int i = 0; i < texts.length; i++) {
            var token = tokens.get(texts[i]);
            if (token == null) {
                return false;
            }
            cells[from + i] = token;
        }
        return true;
    }

    private boolean numbers(JsonNode list, int[] cells) {
        for (int i = 0; i < list.size() && list.size() == length; i++) {
            cells[i] = list.get(i).asInt(-1);
            if (cells[i] < 0 || cells[i] >= vocabulary) {
                return false;
            }
        }
        return list.isArray() && list.size() == length;
    }
}
