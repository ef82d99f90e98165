package trm4j.train.data.sudoku;

import trm4j.model.Example;
import trm4j.train.data.GroupWriter;

/**
 * A Sudoku with a single solution.
 *
 * @param rating the guesses a backtracking solver makes, or -1 if that is not known
 */
record SudokuPuzzle(byte[] clues, byte[] solution, int rating) {

    Example example() {
        return new Example(SudokuRules.tokens(clues), SudokuRules.tokens(solution), 0);
    }

    GroupWriter.Member labelled() {
        return new GroupWriter.Member(SudokuRules.tokens(clues), SudokuRules.tokens(solution), rating);
    }
}
