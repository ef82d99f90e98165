package trm4j.train.data.sudoku;

import java.util.SplittableRandom;

/**
 * Solves by search: fills cells that have one candidate and digits that have one place, and else guesses at the
 * cell with the fewest candidates.
 */
final class SudokuSolver {

    /**
     * What a search found.
     *
     * @param solutions how many solutions there are; 2 stands for two or more
     * @param solution the first that was found, null if there is none
     * @param guesses how many digits were tried in cells that had others left
     */
    record Outcome(int solutions, byte[] solution, int guesses) {}

    /** Some impossible puzzles would take hours; of proper ones, none that is known comes near. */
    static final int MOST_GUESSES = 100_000;

    private final SudokuRules rules;
    private final int limit;
    private final SplittableRandom random;
    private final int allDigits;
    private final byte[] grid;
    private final int[] used;
    private final int[] candidates;
    private byte[] first;
    private int solutions;
    private int guesses;

    private SudokuSolver(SudokuRules rules, int limit, SplittableRandom random) {
        this.rules = rules;
        this.limit = limit;
        this.random = random;
        this.allDigits = (1 << rules.size()) - 1;
        this.grid = new byte[rules.cells()];
        this.used = new int[3 * rules.size()];
        this.candidates = new int[rules.cells()];
    }

    /** Searches until there are two solutions or no more, or {@link #MOST_GUESSES} were too few. */
    static Outcome solve(SudokuRules rules, byte[] clues) {
        return new SudokuSolver(rules, 2, null).outcome(clues);
    }

    /** A random solution of the empty grid. */
    static byte[] randomSolution(SudokuRules rules, SplittableRandom random) {
        return new SudokuSolver(rules, 1, random).outcome(new byte[rules.cells()]).solution();
    }

    private Outcome outcome(byte[] clues) {
        int blanks = 0;
        for (int cell = 0; cell < clues.length; cell++) {
            if (clues[cell] == 0) {
                blanks++;
            } else if ((candidatesAt(cell) & bit(clues[cell])) == 0) {
                return new Outcome(0, null, 0);
            } else {
                put(cell, bit(clues[cell]));
            }
        }
        search(blanks);
        return new Outcome(solutions, first, guesses);
    }

    private static int bit(byte digit) {
        return 1 << digit - 1;
    }

    private int candidatesAt(int cell) {
        var of = rules.unitsOf[cell];
        return allDigits & ~(used[of[0]] | used[of[1]] | used[of[2]]);
    }

    private void put(int cell, int bit) {
        grid[cell] = (byte) (Integer.numberOfTrailingZeros(bit) + 1);
        flip(cell, bit);
    }

    private void take(int cell) {
        flip(cell, bit(grid[cell]));
        grid[cell] = 0;
    }

    private void flip(int cell, int bit) {
        for (int unit : rules.unitsOf[cell]) {
            used[unit] ^= bit;
        }
    }

    private void search(int blanks) {
        if (blanks == 0) {
            if (solutions++ == 0) {
                first = grid.clone();
            }
            return;
        }
        int cell = mostConstrained();
        int options = candidates[cell];
        boolean guess = Integer.bitCount(options) > 1;
        while (options != 0 && solutions < limit && guesses <= MOST_GUESSES) {
            int bit = random == null ? Integer.lowestOneBit(options) : randomBit(options);
            options ^= bit;
            guesses += guess ? 1 : 0;
            put(cell, bit);
            search(blanks - 1);
            take(cell);
        }
    }

    /** A blank cell with the fewest digits that may be right there, which are then its candidates. */
    private int mostConstrained() {
        int best = -1;
        int fewest = Integer.MAX_VALUE;
        for (int cell = 0; cell < grid.length && fewest > 1; cell++) {
            candidates[cell] = grid[cell] == 0 ? candidatesAt(cell) : 0;
            int count = Integer.bitCount(candidates[cell]);
            if (grid[cell] == 0 && count < fewest) {
                best = cell;
                fewest = count;
            }
        }
        return fewest > 1 ? onlyPlaceOr(best) : best;
    }

    /** A cell that is the only place of a digit in some unit, or else the given one. */
    private int onlyPlaceOr(int otherwise) {
        for (int unit = 0; unit < rules.units.length; unit++) {
            int once = 0;
            int twice = 0;
            for (int cell : rules.units[unit]) {
                twice |= once & candidates[cell];
                once |= candidates[cell];
            }
            if ((once | used[unit]) != allDigits) {
                candidates[otherwise] = 0;
                return otherwise;
            }
            int single = Integer.lowestOneBit(once & ~twice);
            for (int cell : rules.units[unit]) {
                if ((candidates[cell] & single) != 0) {
                    candidates[cell] = single;
                    return cell;
                }
            }
        }
        return otherwise;
    }

    private int randomBit(int bits) {
        for (int skip = random.nextInt(Integer.bitCount(bits)); skip > 0; skip--) {
            bits &= bits - 1;
        }
        return Integer.lowestOneBit(bits);
    }
}
