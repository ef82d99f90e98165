package trm4j.train.data.sudoku;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Sudoku by brute force and by its definition, to hold the clever code against. */
final class NaiveSudoku {

    private NaiveSudoku() {}

    /** Every solution, cell by cell. */
    static void solutions(byte[] grid, int boxRows, int boxColumns, Consumer<byte[]> found) {
        solve(grid.clone(), 0, boxRows, boxColumns, found);
    }

    private static void solve(byte[] grid, int cell, int boxRows, int boxColumns, Consumer<byte[]> found) {
        if (cell == grid.length) {
            found.accept(grid.clone());
            return;
        }
        byte clue = grid[cell];
        grid[cell] = 0;
        for (byte digit = 1; digit <= boxRows * boxColumns; digit++) {
            if ((clue == 0 || clue == digit) && fits(grid, cell, digit, boxRows, boxColumns)) {
                grid[cell] = digit;
                solve(grid, cell + 1, boxRows, boxColumns, found);
                grid[cell] = 0;
            }
        }
        grid[cell] = clue;
    }

    private static boolean fits(byte[] grid, int cell, byte digit, int boxRows, int boxColumns) {
        int n = boxRows * boxColumns;
        for (int other = 0; other < grid.length; other++) {
            boolean sameBox = other / n / boxRows == cell / n / boxRows
                    && other % n / boxColumns == cell % n / boxColumns;
            if (grid[other] == digit && (other / n == cell / n || other % n == cell % n || sameBox)) {
                return false;
            }
        }
        return true;
    }

    static List<byte[]> solutions(byte[] grid, int boxRows, int boxColumns) {
        var found = new ArrayList<byte[]>();
        solutions(grid, boxRows, boxColumns, found::add);
        return found;
    }

    /** All 3072 images of a 4x4 grid under the symmetries of Sudoku, as text. */
    static TreeSet<String> images4(byte[] grid) {
        var lines = List.of(
                "0123", "1023", "0132", "1032", "2301", "2310", "3201", "3210");
        var images = new TreeSet<String>();
        for (var digits : permutations("1234")) {
            for (var rows : lines) {
                for (var columns : lines) {
                    var image = new StringBuilder();
                    var transposed = new StringBuilder();
                    for (int cell = 0; cell < 16; cell++) {
                        int row = rows.charAt(cell / 4) - '0';
                        int column = columns.charAt(cell % 4) - '0';
                        image.append(label(digits, grid[4 * row + column]));
                        transposed.append(label(digits, grid[4 * column + row]));
                    }
                    images.add(image.toString());
                    images.add(transposed.toString());
                }
            }
        }
        return images;
    }

    private static char label(String digits, byte digit) {
        return digit == 0 ? '.' : digits.charAt(digit - 1);
    }

    private static List<String> permutations(String digits) {
        if (digits.isEmpty()) {
            return List.of("");
        }
        return IntStream.range(0, digits.length()).boxed()
                .flatMap(i -> permutations(digits.substring(0, i) + digits.substring(i + 1)).stream()
                        .map(rest -> digits.charAt(i) + rest))
                .toList();
    }

    /** The clues of a solution at the cells that a mask has bits for. */
    static byte[] masked(byte[] solution, int mask) {
        var clues = solution.clone();
        for (int cell = 0; cell < clues.length; cell++) {
            if ((mask & 1 << cell) == 0) {
                clues[cell] = 0;
            }
        }
        return clues;
    }
}
