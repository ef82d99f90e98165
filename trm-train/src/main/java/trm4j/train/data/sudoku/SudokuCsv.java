package trm4j.train.data.sudoku;

import java.util.function.Supplier;
import trm4j.train.DatasetException;
import trm4j.train.data.csv.CsvPuzzles;

/** Reads rows of CSV files as Sudokus. Questions and answers may have space around them. */
record SudokuCsv(SudokuRules rules) implements CsvPuzzles<SudokuPuzzle> {

    static final CsvPuzzles.Kind<SudokuPuzzle> KIND = new CsvPuzzles.Kind<>(
            "Sudokus", "16, 36 or 81 characters",
            question -> SudokuRules.ofCells(question.strip().length()).map(SudokuCsv::new));

    @Override
    public int size() {
        return rules.size();
    }

    @Override
    public Supplier<SudokuPuzzle> read(String question, String answer, int rating) {
        var clues = rules.parse(question.strip());
        if (!answer.isBlank()) {
            var solution = rules.parse(answer.strip());
            if (!rules.isValidSolution(solution) || !SudokuRules.respectsClues(clues, solution)) {
                throw new DatasetException("The answer is not a solution of the puzzle.");
            }
        }
        return () -> solve(clues, rating);
    }

    private SudokuPuzzle solve(byte[] clues, int rating) {
        var outcome = SudokuSolver.solve(rules, clues);
        if (outcome.guesses() > SudokuSolver.MOST_GUESSES) {
            throw new DatasetException("The puzzle takes more than " + SudokuSolver.MOST_GUESSES + " guesses.");
        }
        return switch (outcome.solutions()) {
            case 0 -> throw new DatasetException("The puzzle has no solution.");
            case 1 -> new SudokuPuzzle(clues, outcome.solution(), rating);
            default -> throw new DatasetException("The puzzle has more than one solution.");
        };
    }
}
