package trm4j.train.data.arc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import trm4j.kernels.UserException;
import trm4j.model.file.JsonProblem;
import trm4j.train.DatasetException;
import trm4j.train.data.Grid;
import trm4j.train.puzzle.Board;
import trm4j.train.puzzle.PuzzleFamily;

/**
 * ARC tasks and their augmented copies, as lists of rows of digits, with the augmentation undone. Its symmetries are
 * those of whole tasks, so that one pair has none by itself.
 */
public final class ArcTasks implements PuzzleFamily {

    private static final String[] COLOURS = {
        "#000000", "#0074d9", "#ff4136", "#2ecc40", "#ffdc00", "#aaaaaa", "#f012be", "#ff851b", "#7fdbff", "#870c25"
    };

    @Override
    public String kind() {
        return ArcTokens.KIND;
    }

    @Override
    public boolean has(int seqLen, int vocabSize) {
        return seqLen == ArcTokens.LENGTH && vocabSize == ArcTokens.VOCABULARY;
    }

    @Override
    public String plural() {
        return "ARC tasks";
    }

    /** A colour's digit; what is outside of the grid is blank. */
    @Override
    public String cell(int token) {
        return isFiller(token) ? " " : String.valueOf(token - ArcTokens.FIRST_COLOUR);
    }

    @Override
    public Board board(int seqLen) {
        return new Board(ArcTokens.SIDE, 0, 0);
    }

    @Override
    public String colour(int token) {
        return isFiller(token) ? null : COLOURS[token - ArcTokens.FIRST_COLOUR];
    }

    @Override
    public boolean isFiller(int token) {
        return token < ArcTokens.FIRST_COLOUR;
    }

    /** Nothing is asked outside of the grid, so that what a model answers there is not shown. */
    @Override
    public List<String> picture(int[] question, int[] tokens, int[] before) {
        int origin = ArcTokens.origin(question);
        return PuzzleFamily.super.picture(question, grid(tokens, origin), grid(before, origin));
    }

    private static int[] grid(int[] field, int origin) {
        var grid = ArcTokens.crop(field, origin);
        return ArcTokens.encode(grid, origin / ArcTokens.SIDE, origin % ArcTokens.SIDE);
    }

    @Override
    public JsonNode json(int[] question, int[] tokens, String identifier) {
        var grid = ArcTokens.crop(tokens, ArcTokens.origin(question));
        var rows = JsonNodeFactory.instance.arrayNode();
        text(identifier == null ? grid : ArcAugmentation.of(identifier).undo(grid)).lines().forEach(rows::add);
        return rows;
    }

    /** Returns a grid's rows of digits, a line each. */
    public static String text(Grid grid) {
        var text = new StringBuilder();
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                text.append(grid.at(row, column));
            }
            text.append(row < grid.rows() - 1 ? "\n" : "");
        }
        return text.toString();
    }

    /**
     * Reads a grid as a task's file has it, {@code [[0, 1], [2, 3]]}, as {@link #json} writes it, or as rows of digits
     * with space between them.
     */
    @Override
    public int[] parse(String text, int seqLen, int vocabSize) {
        return ArcTokens.encode(ArcFiles.grid("The grid", rows(text.strip())), 0, 0);
    }

    private static JsonNode rows(String text) {
        if (!text.startsWith("[")) {
            return digits(Arrays.stream(text.split("\\s+")));
        }
        try {
            var rows = new ObjectMapper().readTree(text);
            return rows.path(0).isTextual() ? digits(rows.valueStream().map(JsonNode::asText)) : rows;
        } catch (JsonProcessingException e) {
            throw new DatasetException(
                    "The grid is not valid JSON" + JsonProblem.place(e) + ", expected [[0, 1], [2, 3]].", e);
        }
    }

    private static JsonNode digits(Stream<String> lines) {
        var rows = JsonNodeFactory.instance.arrayNode();
        lines.forEach(line -> {
            if (!line.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new DatasetException("The grid: expected rows of digits, such as 012 345, or [[0, 1], [2, 3]], found "
                        + UserException.shown(line) + "; mend it.");
            }
            line.chars().map(digit -> digit - '0').forEach(rows.addArray()::add);
        });
        return rows;
    }
}
