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

    private boolean swapsSides() {
        return switch (this) {
            case ROTATE_90, ROTATE_270, TRANSPOSE, ANTI_TRANSPOSE -> true;
            default -> false;
        };
    }

    /** Returns the image of a grid. */
    public Grid apply(Grid grid) {
        int rows = swapsSides() ? grid.columns() : grid.rows();
        int columns = swapsSides() ? grid.rows() : grid.columns();
        var cells = new byte[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                cells[row * columns + column] = cellFor(grid, row, column);
            }
        }
        return new Grid(rows, columns, cells);
    }

    /** What an image has in a cell. */
    private byte cellFor(Grid grid, int row, int column) {
        int bottom = grid.rows() - 1;
        int right = grid.columns() - 1;
        return switch (this) {
            case IDENTITY -> grid.at(row, column);
            case ROTATE_90 -> grid.at(column, right - row);
            case ROTATE_180 -> grid.at(bottom - row, right - column);
            case ROTATE_270 -> grid.at(bottom - column, row);
            case LEFT_RIGHT -> grid.at(row, right - column);
            case UP_DOWN -> grid.at(bottom - row, column);
            case TRANSPOSE -> grid.at(column, row);
            case ANTI_TRANSPOSE -> grid.at(bottom - column, right - row);
        };
    }
}
