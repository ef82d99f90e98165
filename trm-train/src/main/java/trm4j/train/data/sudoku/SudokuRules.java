package trm4j.train.data.sudoku;

import java.util.Arrays;
import java.util.Optional;
import trm4j.train.DatasetException;
import trm4j.train.data.DatasetInfo;

/**
 * Sudoku of one size n: a grid of n x n cells in which every row, column and box holds every digit once. Boxes are
 * {@code boxRows} x {@code boxColumns} cells, as many as digits.
 *
 * <p>A grid is one byte per cell, row by row: digits 1 to n, 0 for a blank. As tokens, 0 pads, 1 is a blank, and
 * digit d is d + 1.
 */
public enum SudokuRules {
    FOUR(2, 2, 4), SIX(2, 3, 8), NINE(3, 3, 17);

    /** The kind of puzzles that data sets of Sudokus say they have. */
    public static final String KIND = "sudoku";

    final int boxRows;
    final int boxColumns;

    /** No puzzle with fewer clues has a single solution. */
    final int fewestClues;

    /** The cells of each row, then of each column, then of each box. */
    final int[][] units;

    /** The row, the column and the box that each cell is in, as positions in {@link #units}. */
    final int[][] unitsOf;

    SudokuRules(int boxRows, int boxColumns, int fewestClues) {
        this.boxRows = boxRows;
        this.boxColumns = boxColumns;
        this.fewestClues = fewestClues;
        int n = size();
        this.units = new int[3 * n][n];
        this.unitsOf = new int[cells()][];
        var filled = new int[3 * n];
        for (int cell = 0; cell < cells(); cell++) {
            int box = row(cell) / boxRows * boxRows + column(cell) / boxColumns;
            unitsOf[cell] = new int[] {row(cell), n + column(cell), 2 * n + box};
            for (int unit : unitsOf[cell]) {
                units[unit][filled[unit]++] = cell;
            }
        }
    }

    /** Returns the rules for n x n cells; empty if n is not 4, 6 or 9. */
    public static Optional<SudokuRules> ofSize(int n) {
        return Arrays.stream(values()).filter(rules -> rules.size() == n).findAny();
    }

    /** Returns the rules for grids of so many cells; empty if they are not 16, 36 or 81. */
    public static Optional<SudokuRules> ofCells(int cells) {
        return Arrays.stream(values()).filter(rules -> rules.cells() == cells).findAny();
    }

    /** Returns the number of digits, n. */
    public int size() {
        return boxRows * boxColumns;
    }

    /** Returns the rows of a box. */
    public int boxRows() {
        return boxRows;
    }

    /** Returns the columns of a box. */
    public int boxColumns() {
        return boxColumns;
    }

    /** Returns the number of cells, n x n. */
    public int cells() {
        return size() * size();
    }

    int row(int cell) {
        return cell / size();
    }

    int column(int cell) {
        return cell % size();
    }

    /** Whether boxes are square, so that transposing a grid leaves them boxes. */
    boolean transposable() {
        return boxRows == boxColumns;
    }

    /** Tells whether every unit holds every digit; bytes that are no digits make a grid invalid. */
    public boolean isValidSolution(byte[] grid) {
        if (grid.length != cells()) {
            return false;
        }
        for (var unit : units) {
            int seen = 0;
            for (int cell : unit) {
                if (grid[cell] >= 1 && grid[cell] <= size()) {
                    seen |= 1 << grid[cell];
                }
            }
            if (Integer.bitCount(seen) < size()) {
                return false;
            }
        }
        return true;
    }

    /** Tells whether {@code grid} has in each cell what {@code clues} has there, blanks aside. */
    public static boolean respectsClues(byte[] clues, byte[] grid) {
        for (int cell = 0; cell < clues.length; cell++) {
            if (clues[cell] != 0 && clues[cell] != grid[cell]) {
                return false;
            }
        }
        return clues.length == grid.length;
    }

    /** Returns the grid that tokens stand for; padding becomes -1. */
    public static byte[] grid(int[] tokens) {
        var grid = new byte[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            grid[i] = (byte) (tokens[i] - 1);
        }
        return grid;
    }

    /** Returns the tokens of a grid. */
    public static int[] tokens(byte[] grid) {
        var tokens = new int[grid.length];
        for (int i = 0; i < grid.length; i++) {
            tokens[i] = grid[i] + 1;
        }
        return tokens;
    }

    /**
     * Reads a grid of one character per cell, with '.' or '0' for blanks.
     *
     * @throws DatasetException if there are too many or too few characters, or others
     */
    public byte[] parse(String text) {
        if (text.length() != cells()) {
            throw new DatasetException("A %dx%d Sudoku has %d characters, one per cell, but this one has %d."
                    .formatted(size(), size(), cells(), text.length()));
        }
        var grid = new byte[cells()];
        for (int cell = 0; cell < grid.length; cell++) {
            char c = text.charAt(cell);
            if (c != '.' && (c < '0' || c > '0' + size())) {
                throw new DatasetException("""
                        A %dx%d Sudoku has digits 1 to %d, and '.' or '0' for blanks, \
                        but this one has '%s' at character %d."""
                        .formatted(size(), size(), size(), c, cell + 1));
            }
            grid[cell] = (byte) (c == '.' ? 0 : c - '0');
        }
        return grid;
    }

    /** Writes a grid as {@link #parse} reads it, with '.' for blanks and for padding. */
    public static String format(byte[] grid) {
        var text = new StringBuilder(grid.length);
        for (byte digit : grid) {
            text.append(digit < 1 ? '.' : (char) ('0' + digit));
        }
        return text.toString();
    }

    /** Returns what {@code dataset.json} says of such puzzles, before they are counted. */
    public DatasetInfo info() {
        return DatasetInfo.uncounted(KIND, 0, size() + 2, cells());
    }
}
