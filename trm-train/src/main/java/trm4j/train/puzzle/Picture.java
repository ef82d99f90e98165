package trm4j.train.puzzle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Draws the cells of a puzzle for a terminal: its question, and answers of the same extent. */
final class Picture {

    /** What is wider is drawn without room for brackets. */
    private static final int WIDEST = 78;

    private final PuzzleFamily family;
    private final int[] question;
    private final Board board;

    Picture(PuzzleFamily family, int[] question) {
        this.family = family;
        this.question = question;
        board = family.board(question.length);
    }

    List<String> of(int[] tokens, int[] before) {
        int columns = board.columns();
        var shown = new Extent();
        for (int cell = 0; cell < tokens.length; cell++) {
            if (!family.isFiller(question[cell]) || !family.isFiller(tokens[cell])) {
                shown.add(cell / columns, cell % columns);
            }
        }
        int width = Arrays.stream(tokens).mapToObj(family::cell).mapToInt(String::length).max().orElse(1);
        boolean marked = (width + 2) * (shown.right - shown.left + 1) <= WIDEST;
        var lines = new ArrayList<String>();
        for (int row = shown.top; row <= shown.bottom; row++) {
            var line = new StringBuilder("  ");
            for (int column = shown.left; column <= shown.right; column++) {
                int cell = row * columns + column;
                if (column > shown.left && board.boxColumns() > 0 && column % board.boxColumns() == 0) {
                    line.append('|');
                }
                var text = " ".repeat(width - family.cell(tokens[cell]).length()) + family.cell(tokens[cell]);
                line.append(marked ? tokens[cell] == before[cell] ? " " + text + " " : "[" + text + "]"
                        : width == 1 ? text : " " + text);
            }
            if (row > shown.top && board.boxRows() > 0 && row % board.boxRows() == 0) {
                lines.add("  " + "-".repeat(line.length() - 2));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** The rows and columns that are more than filling. */
    private static final class Extent {
        int top = Integer.MAX_VALUE;
        int bottom = -1;
        int left = Integer.MAX_VALUE;
        int right = -1;

        void add(int row, int column) {
            top = Math.min(top, row);
            bottom = Math.max(bottom, row);
            left = Math.min(left, column);
            right = Math.max(right, column);
        }
    }
}
