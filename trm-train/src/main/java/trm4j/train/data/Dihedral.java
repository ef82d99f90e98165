package trm4j.train.data;

/**
 * The eight symmetries of a rectangle, in the order of the authors' numbers, which stand in ARC puzzles' names.
 * Rotations are counter-clockwise.
 */
public enum Dihedral {
    IDENTITY, ROTATE_90, ROTATE_180, ROTATE_270, LEFT_RIGHT, UP_DOWN, TRANSPOSE, ANTI_TRANSPOSE;

    /** Returns the symmetry that undoes this one. */
    public Dihedral inverse() {
        return switch (this) {
            case ROTATE_90 -> ROTATE_270;
            case ROTATE_270 -> ROTATE_90;
            default -> this;
        };
    }

    /** Tells whether it makes columns of rows. */
    public boolean swapsSides() {
        return switch (this) {
            case ROTATE_90, ROTATE_270, TRANSPOSE, ANTI_TRANSPOSE -> true;
            default -> false;
        };
    }

    /** Returns the image of a grid. */
    public Grid apply(Grid grid) {
        int[] from = from(grid.rows(), grid.columns());
        var cells = new byte[from.length];
        for (int cell = 0; cell < cells.length; cell++) {
            cells[cell] = grid.cells()[from[cell]];
        }
        return swapsSides()
                ? new Grid(grid.columns(), grid.rows(), cells) : new Grid(grid.rows(), grid.columns(), cells);
    }

    /** Returns for each cell of an image, row by row, which cell of a grid comes there. */
    public int[] from(int rows, int columns) {
        int width = swapsSides() ? rows : columns;
        var from = new int[rows * columns];
        for (int cell = 0; cell < from.length; cell++) {
            from[cell] = from(rows, columns, cell / width, cell % width);
        }
        return from;
    }

    private int from(int rows, int columns, int row, int column) {
        int bottom = rows - 1;
        int right = columns - 1;
        return switch (this) {
            case IDENTITY -> row * columns + column;
            case ROTATE_90 -> column * columns + right - row;
            case ROTATE_180 -> (bottom - row) * columns + right - column;
            case ROTATE_270 -> (bottom - column) * columns + row;
            case LEFT_RIGHT -> row * columns + right - column;
            case UP_DOWN -> (bottom - row) * columns + column;
            case TRANSPOSE -> column * columns + row;
            case ANTI_TRANSPOSE -> (bottom - column) * columns + right - row;
        };
    }
}
