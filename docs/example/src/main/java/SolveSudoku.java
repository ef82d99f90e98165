import java.nio.file.Path;
import trm4j.model.Trm;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.run.Training;

/** Solves Sudokus with a trained model: {@code SolveSudoku RUN_OR_CHECKPOINT PUZZLE...}. */
public final class SolveSudoku {

    private SolveSudoku() {}

    public static void main(String[] args) {
        try (var trm = Trm.load(Training.checkpoint(Path.of(args[0])))) {
            for (int i = 1; i < args.length; i++) {
                var rules = SudokuRules.ofCells(args[i].length()).orElseThrow();
                var solution = trm.solve(SudokuRules.tokens(rules.parse(args[i])));
                var grid = SudokuRules.grid(solution.tokens());
                System.out.printf("%s %s after %d steps, sure to %.0f%%%n", SudokuRules.format(grid),
                        rules.isValidSolution(grid) ? "right" : "wrong", solution.steps(),
                        100 * solution.haltProbability());
            }
        }
    }
}
