package trm4j.train.data.arc;

import trm4j.train.data.DatasetInfo;
import trm4j.train.data.Grid;

/**
 * Turns grids of colours into tokens and back: a grid lies somewhere in a field of 30 x 30, colour v as v + 2, in
 * padding (0). A row of ones under it and a column of ones right of it, where there is room, tell its end.
 */
public final class ArcTokens {

    /** The kind of puzzles that data sets of ARC tasks say they have. */
    public static final String KIND = "arc";

    /** Rows and columns of the field, and of a grid at most. */
    static final int SIDE = 30;

    /** Tokens of a field. */
    public static final int LENGTH = SIDE * SIDE;

    /** Padding, the end, and ten colours. */
    public static final int VOCABULARY = 12;

    static final int END = 1;
    static final int FIRST_COLOUR = 2;

    private ArcTokens() {}

    /** The field with a grid's upper left corner in a cell; the grid fits. */
    static int[] encode(Grid grid, int top, int left) {
        var field = new int[LENGTH];
        int bottom = top + grid.rows();
        int right = left + grid.columns();
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                field[(top + row) * SIDE + left + column] = grid.at(row, column) + FIRST_COLOUR;
            }
            if (right < SIDE) {
                field[(top + row) * SIDE + right] = END;
            }
        }
        if (bottom < SIDE) {
            for (int column = left; column < right; column++) {
                field[bottom * SIDE + column] = END;
            }
        }
        return field;
    }

    /** Returns the cell that a question's grid starts in: the first with no padding. */
    public static int origin(int[] question) {
        int cell = 0;
        while (cell < LENGTH - 1 && question[cell] == 0) {
            cell++;
        }
        return cell;
    }

    /**
     * Returns the largest rectangle from a cell on to the right and down that has only colours, the one of fewest rows
     * if there are several (the authors' {@code _crop}); it may be empty.
     */
    public static Grid crop(int[] field, int origin) {
        int top = origin / SIDE;
        int left = origin % SIDE;
        int width = SIDE - left;
        int bestRows = 0;
        int bestColumns = 0;
        for (int row = 0; row < SIDE - top; row++) {
            int columns = 0;
            while (columns < width && field[(top + row) * SIDE + left + columns] >= FIRST_COLOUR) {
                columns++;
            }
            width = columns;
            if ((row + 1) * width > bestRows * bestColumns) {
                bestRows = row + 1;
                bestColumns = width;
            }
        }
        var cells = new byte[bestRows * bestColumns];
        for (int i = 0; i < cells.length; i++) {
            int cell = (top + i / bestColumns) * SIDE + left + i % bestColumns;
            cells[i] = (byte) (field[cell] - FIRST_COLOUR);
        }
        return new Grid(bestRows, bestColumns, cells);
    }

    /** What {@code dataset.json} says of such tasks, before they are counted; padding is not asked for. */
    static DatasetInfo info() {
        return DatasetInfo.uncounted(KIND, 0, VOCABULARY, LENGTH);
    }
}
