package trm4j.train.data.sudoku;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The canonical forms of Sudokus of one size: two puzzles have the same one if and only if a symmetry takes one to
 * the other.
 *
 * <p>It is the image whose solution, and then whose pattern of blanks, comes first in lexicographic order. The least
 * solution has 1 to n in its first row, and its other rows ascend by their first digit, within bands and band by
 * band; so trying every row as the first, with every order of columns, tries every image that can be it.
 */
final class SudokuCanon {

    private final SudokuRules rules;
    private final List<int[]> columnOrders;

    SudokuCanon(SudokuRules rules) {
        this.rules = rules;
        this.columnOrders = lineOrders(rules.size(), rules.boxColumns);
    }

    /** Every order of n columns that keeps those of a box, {@code each} of them, together. */
    private static List<int[]> lineOrders(int n, int each) {
        var orders = new ArrayList<int[]>();
        extend(new int[n], 0, each, 0, orders);
        return orders;
    }

    private static void extend(int[] order, int length, int each, int taken, List<int[]> orders) {
        int n = order.length;
        if (length == n) {
            orders.add(order.clone());
            return;
        }
        for (int line = 0; line < n; line++) {
            boolean inStack = length % each == 0 || line / each == order[length - 1] / each;
            if (inStack && (taken & 1 << line) == 0) {
                order[length] = line;
                extend(order, length + 1, each, taken | 1 << line, orders);
            }
        }
    }

    /** The canonical form, with '.' for blanks. */
    String of(SudokuPuzzle puzzle) {
        var least = new Least();
        least.offerAll(puzzle.clues(), puzzle.solution());
        if (rules.transposable()) {
            least.offerAll(transposed(puzzle.clues()), transposed(puzzle.solution()));
        }
        return SudokuRules.format(least.clues());
    }

    private byte[] transposed(byte[] grid) {
        var image = new byte[grid.length];
        for (int cell = 0; cell < grid.length; cell++) {
            image[cell] = grid[rules.column(cell) * rules.size() + rules.row(cell)];
        }
        return image;
    }

    /** The least image so far. */
    private final class Least {

        private final int n = rules.size();
        private final int cells = rules.cells();

        /** The solution, and then 0 for each blank and 1 for each clue. */
        private final byte[] least = new byte[2 * cells];

        private byte[] clues;
        private byte[] solution;
        private int[] columns;
        private final int[] rows = new int[n];
        private final byte[] relabelled = new byte[n + 1];
        private final int[] rowStartingWith = new int[n + 1];

        Least() {
            Arrays.fill(least, Byte.MAX_VALUE);
        }

        void offerAll(byte[] clues, byte[] solution) {
            this.clues = clues;
            this.solution = solution;
            for (int first = 0; first < n; first++) {
                for (var order : columnOrders) {
                    columns = order;
                    offer(first);
                }
            }
        }

        /** Offers the image with these columns and that first row. */
        private void offer(int first) {
            for (int i = 0; i < n; i++) {
                relabelled[solution[first * n + columns[i]]] = (byte) (i + 1);
            }
            // Most images are dismissed by their second row, before it is worth finding the others.
            rows[1] = second(first);
            int compared = compare(n, 2 * n);
            if (compared > 0) {
                return;
            }
            orderRows();
            if (compared < 0 || compare(2 * n, 2 * cells) < 0) {
                for (int i = 0; i < least.length; i++) {
                    least[i] = value(i);
                }
            }
        }

        private int second(int first) {
            int second = -1;
            int band = first - first % rules.boxRows;
            for (int row = band; row < band + rules.boxRows; row++) {
                if (row != first && (second < 0 || firstDigit(row) < firstDigit(second))) {
                    second = row;
                }
            }
            return second;
        }

        private byte firstDigit(int row) {
            return relabelled[solution[row * n + columns[0]]];
        }

        private int compare(int from, int to) {
            for (int i = from; i < to; i++) {
                int difference = value(i) - least[i];
                if (difference != 0) {
                    return difference;
                }
            }
            return 0;
        }

        /** Bands by their least first digit, and rows by theirs within the band. */
        private void orderRows() {
            for (int row = 0; row < n; row++) {
                rowStartingWith[firstDigit(row)] = row;
            }
            int placed = 0;
            int bands = 0;
            for (int digit = 1; placed < n; digit++) {
                int band = rowStartingWith[digit] / rules.boxRows;
                if ((bands & 1 << band) == 0) {
                    bands |= 1 << band;
                    for (int next = digit; next <= n; next++) {
                        if (rowStartingWith[next] / rules.boxRows == band) {
                            rows[placed++] = rowStartingWith[next];
                        }
                    }
                }
            }
        }

        private byte value(int i) {
            int cell = i % cells;
            int from = rows[cell / n] * n + columns[cell % n];
            return i < cells ? relabelled[solution[from]] : (byte) Integer.signum(clues[from]);
        }

        byte[] clues() {
            var image = new byte[cells];
            for (int cell = 0; cell < cells; cell++) {
                image[cell] = (byte) (least[cell] * least[cells + cell]);
            }
            return image;
        }
    }
}
