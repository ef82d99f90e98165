package trm4j.train.puzzle;

/**
 * How the cells of a puzzle lie in a picture: row by row, with thicker lines around boxes of them.
 *
 * @param columns cells of a row, at least 1; rows are full
 * @param boxRows rows of a box; 0 for no boxes
 * @param boxColumns columns of a box; 0 for no boxes
 */
public record Board(int columns, int boxRows, int boxColumns) {

    public Board {
        if (columns < 1 || boxRows < 0 || boxColumns < 0) {
            throw new IllegalArgumentException(
                    "a board of " + columns + " columns with boxes of " + boxRows + "x" + boxColumns);
        }
    }

    /** Returns a square of cells; where they are not as many as a square has, all in one row. */
    public static Board of(int cells) {
        int side = (int) Math.sqrt(cells);
        return new Board(side * side == cells ? side : cells, 0, 0);
    }
}
