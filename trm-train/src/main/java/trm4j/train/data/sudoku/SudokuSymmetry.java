package trm4j.train.data.sudoku;

import java.util.SplittableRandom;
import trm4j.train.data.RandomOrder;
import trm4j.train.puzzle.Symmetry;

/**
 * A symmetry of Sudoku: relabels the digits, and shuffles bands, rows in bands, stacks and columns in stacks, after
 * transposing where boxes are square. It takes puzzles to puzzles and their solutions to solutions.
 *
 * @param from for each cell, the cell whose digit goes there
 * @param relabelled for each digit, the new one; 0, the blank, stays
 */
record SudokuSymmetry(int[] from, byte[] relabelled) {

    static SudokuSymmetry random(SudokuRules rules, SplittableRandom random) {
        int n = rules.size();
        boolean transpose = rules.transposable() && random.nextBoolean();
        var rows = randomLines(n, rules.boxRows, random);
        var columns = randomLines(n, rules.boxColumns, random);
        var from = new int[rules.cells()];
        for (int cell = 0; cell < from.length; cell++) {
            int row = rows[rules.row(cell)];
            int column = columns[rules.column(cell)];
            from[cell] = transpose ? column * n + row : row * n + column;
        }
        var relabelled = new byte[n + 1];
        var digits = RandomOrder.of(n, random);
        for (int digit = 1; digit <= n; digit++) {
            relabelled[digit] = (byte) (digits[digit - 1] + 1);
        }
        return new SudokuSymmetry(from, relabelled);
    }

    /** An order of n rows, or columns, that keeps those of a box, {@code each} of them, together. */
    private static int[] randomLines(int n, int each, SplittableRandom random) {
        var lines = new int[n];
        var bands = RandomOrder.of(n / each, random);
        for (int band = 0; band < bands.length; band++) {
            var within = RandomOrder.of(each, random);
            for (int i = 0; i < each; i++) {
                lines[band * each + i] = bands[band] * each + within[i];
            }
        }
        return lines;
    }

    byte[] apply(byte[] grid) {
        var image = new byte[grid.length];
        for (int cell = 0; cell < grid.length; cell++) {
            image[cell] = relabelled[grid[from[cell]]];
        }
        return image;
    }

    /** The same for tokens: padding and the blank stay, digits follow. */
    Symmetry tokens() {
        var renamed = new int[relabelled.length + 1];
        for (int token = 0; token < renamed.length; token++) {
            renamed[token] = token < 2 ? token : relabelled[token - 1] + 1;
        }
        return new Symmetry(from, renamed);
    }

    SudokuPuzzle apply(SudokuPuzzle puzzle) {
        return new SudokuPuzzle(apply(puzzle.clues()), apply(puzzle.solution()), puzzle.rating());
    }
}
