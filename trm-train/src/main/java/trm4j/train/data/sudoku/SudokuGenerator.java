package trm4j.train.data.sudoku;

import java.util.Optional;
import java.util.SplittableRandom;
import trm4j.train.data.RandomOrder;

/**
 * Makes puzzles by taking clues from random full grids, in random order, as long as the solution stays the only one.
 *
 * @param minClues the fewest clues a puzzle is to have
 * @param maxClues the most
 */
record SudokuGenerator(SudokuRules rules, int minClues, int maxClues) {

    /** A random puzzle; none if this grid and order leave too many clues. */
    Optional<SudokuPuzzle> attempt(SplittableRandom random) {
        var solution = SudokuSymmetry.random(rules, random).apply(SudokuSolver.randomSolution(rules, random));
        var clues = solution.clone();
        int left = clues.length;
        int aim = random.nextInt(minClues, maxClues + 1);
        for (int cell : RandomOrder.of(clues.length, random)) {
            if (left == aim) {
                break;
            }
            clues[cell] = 0;
            if (SudokuSolver.solve(rules, clues).solutions() == 1) {
                left--;
            } else {
                clues[cell] = solution[cell];
            }
        }
        return left > maxClues
                ? Optional.empty()
                : Optional.of(new SudokuPuzzle(clues, solution, SudokuSolver.solve(rules, clues).guesses()));
    }
}
