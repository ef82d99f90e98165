package trm4j.train.data;

/**
 * A Sudoku with a single solution.
 *
 * @param rating the guesses a backtracking solver makes, or {@link #UNRATED}
 */
record SudokuPuzzle(byte[] clues, byte[] solution, int rating) {

    static final int UNRATED = -1;
}
