package trm4j.train.data.sudoku;

import java.util.Arrays;

/**
 * A number that symmetric grids of clues share, found in microseconds. Others rarely have the same, so that the canonical
 * form, {@link SudokuCanon}, is needed for few of many puzzles.
 *
 * <p>Lines and digits are told apart by the clues that they have in common, and by those of the lines and digits that
 * these have in common, three times over (colour refinement). In a full grid all are alike by that; there, two lines
 * are told from others by the cycles of the permutation that takes one to the other.
 */
final class SudokuInvariant {

    private static final int ROUNDS = 3;

    private final SudokuRules rules;
    private final int n;
    private final byte[] clues;

    private SudokuInvariant(SudokuRules rules, byte[] clues) {
        this.rules = rules;
        this.clues = clues;
        n = rules.size();
    }

    /** The number of a grid, 0 for a blank. */
    static long of(SudokuRules rules, byte[] clues) {
        var grid = new SudokuInvariant(rules, clues);
        for (byte clue : clues) {
            if (clue == 0) {
                return grid.ofClues();
            }
        }
        return grid.ofCycles();
    }

    private static long mixed(long value) {
        value = (value ^ value >>> 32) * 0xD6E8FEB86659FD93L;
        value = (value ^ value >>> 32) * 0xD6E8FEB86659FD93L;
        return value ^ value >>> 32;
    }

    private long ofClues() {
        // Rows, then columns, then boxes; columns are other things than rows where a grid cannot be transposed.
        var units = new long[3 * n];
        Arrays.fill(units, 0, n, 1);
        Arrays.fill(units, n, 2 * n, rules.transposable() ? 1 : 2);
        var digits = new long[n + 1];
        for (int round = 0; round < ROUNDS; round++) {
            var unitSums = new long[3 * n];
            var digitSums = new long[n + 1];
            for (int cell = 0; cell < clues.length; cell++) {
                if (clues[cell] != 0) {
                    var of = rules.unitsOf[cell];
                    long seen = mixed(mixed(units[of[0]]) + mixed(units[of[1]])
                            + 3 * mixed(units[of[2]]) + 5 * mixed(digits[clues[cell]]));
                    for (int unit : of) {
                        unitSums[unit] += seen;
                    }
                    digitSums[clues[cell]] += seen;
                }
            }
            for (int unit = 0; unit < units.length; unit++) {
                units[unit] = mixed(units[unit] + 7 * unitSums[unit]);
            }
            for (int digit = 1; digit <= n; digit++) {
                digits[digit] = mixed(digits[digit] + 7 * digitSums[digit]);
            }
            addBands(units, 0, rules.boxRows);
            addBands(units, n, rules.boxColumns);
        }
        return Arrays.stream(units).map(SudokuInvariant::mixed).sum()
                + Arrays.stream(digits, 1, n + 1).map(digit -> mixed(3 * digit)).sum();
    }

    /** Has each of n lines know which others are in its band. */
    private void addBands(long[] units, int first, int each) {
        for (int band = first; band < first + n; band += each) {
            long sum = Arrays.stream(units, band, band + each).map(SudokuInvariant::mixed).sum();
            for (int line = band; line < band + each; line++) {
                units[line] = mixed(units[line] + 11 * sum);
            }
        }
    }

    private long ofCycles() {
        long rows = 0;
        long columns = 0;
        for (int one = 0; one < n; one++) {
            for (int other = 0; other < n; other++) {
                if (one != other) {
                    rows += cycles(one * n, other * n, 1, one / rules.boxRows == other / rules.boxRows);
                    columns += cycles(one, other, n, one / rules.boxColumns == other / rules.boxColumns);
                }
            }
        }
        return rules.transposable() ? mixed(rows) + mixed(columns) : mixed(rows) + 3 * mixed(columns);
    }

    /** The cycles of the permutation from one line to another, and whether these are in one band. */
    private long cycles(int one, int other, int step, boolean sameBand) {
        var to = new int[n + 1];
        for (int i = 0; i < n; i++) {
            to[clues[one + i * step]] = clues[other + i * step];
        }
        long lengths = 0;
        for (int digit = 1; digit <= n; digit++) {
            int length = 0;
            for (int at = digit; to[at] != 0; length++) {
                int next = to[at];
                to[at] = 0;
                at = next;
            }
            lengths += length == 0 ? 0 : mixed(length);
        }
        return mixed(lengths + (sameBand ? 1 : 0));
    }
}
