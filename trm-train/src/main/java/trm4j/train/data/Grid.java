package trm4j.train.data;

import java.util.Arrays;

/**
 * A rectangle of cells; two are equal if their sizes and cells are.
 *
 * @param cells row by row, {@code rows * columns} of them
 */
public record Grid(int rows, int columns, byte[] cells) {

    public Grid {
        if (rows < 0 || columns < 0 || cells.length != (long) rows * columns) {
            throw new IllegalArgumentException(rows + " x " + columns + " is not " + cells.length + " cells");
        }
    }

    public byte at(int row, int column) {
        return cells[row * columns + column];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Grid that && rows == that.rows && columns == that.columns
                && Arrays.equals(cells, that.cells);
    }

    @Override
    public int hashCode() {
        return 31 * columns + Arrays.hashCode(cells);
    }
}
