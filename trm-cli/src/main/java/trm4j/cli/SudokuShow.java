package trm4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import trm4j.kernels.device.Device;
import trm4j.model.Batch;
import trm4j.model.Checkpoint;
import trm4j.model.Solver;
import trm4j.model.config.TrmConfig;
import trm4j.train.RunException;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.run.Training;

/** Solves a Sudoku before the reader's eyes: the grid after each supervision step. */
final class SudokuShow {

    private final SudokuRules rules;
    private final byte[] clues;

    private SudokuShow(SudokuRules rules, byte[] clues) {
        this.rules = rules;
        this.clues = clues;
    }

    /** The Sudokus that a model is for, if its sizes are those of Sudokus. */
    private static Optional<SudokuRules> rules(TrmConfig config) {
        return PuzzleFamilies.ofSizes(config.seqLen(), config.vocabSize()).kind().equals(SudokuRules.KIND)
                ? SudokuRules.ofCells(config.seqLen())
                : Optional.empty();
    }

    /** Solves the first puzzle of a set with what was trained, if it is a Sudoku. */
    static void first(PuzzleDataset puzzles, Path run, Device device, PrintWriter out) {
        if (!PuzzleFamilies.of(puzzles.info()).kind().equals(SudokuRules.KIND)) {
            return;
        }
        var trained = Training.checkpoint(run, Checkpoint::load);
        var config = trained.config();
        var clues = SudokuRules.grid(puzzles.example(0).inputs());
        out.println();
        out.println("A test puzzle, solved step by step (changed cells in brackets):");
        try (var solver = new Solver(device, config, trained.train().loss(), 1, trained.tensors())) {
            of(config, SudokuRules.format(clues), "the model").run(solver, config.haltMaxSteps(), out);
        }
    }

    /**
     * A show of one puzzle.
     *
     * @param puzzle the cells row by row, '.' or '0' for a blank
     * @param model what the puzzle is to be solved with, for messages
     * @throws RunException if the model is not for Sudokus
     * @throws trm4j.train.DatasetException if the puzzle is not one for the model
     */
    static SudokuShow of(TrmConfig config, String puzzle, String model) {
        var rules = rules(config).orElseThrow(() -> new RunException(model + " solves puzzles of " + config.seqLen()
                + " cells and " + config.vocabSize() + " tokens, expected a model for Sudokus."));
        return new SudokuShow(rules, rules.parse(puzzle));
    }

    /**
     * Takes some supervision steps and prints each grid, changed cells in brackets.
     *
     * @param solver of batch size 1
     * @return whether the last grid solves the puzzle, by the rules
     */
    boolean run(Solver solver, int steps, PrintWriter out) {
        int cells = rules.cells();
        var labels = new int[cells];
        Arrays.fill(labels, Batch.NO_LABEL);
        solver.start(new Batch(SudokuRules.tokens(clues), labels, new int[1]));
        out.println("puzzle");
        print(clues, clues, out);
        var shown = clues;
        int haltedAt = 0;
        for (int step = 1; step <= steps; step++) {
            var answers = solver.step();
            var grid = SudokuRules.grid(answers.predictions());
            boolean halts = haltedAt == 0 && answers.halts(0);
            haltedAt = halts ? step : haltedAt;
            if (Arrays.equals(grid, shown)) {
                out.printf(Locale.ROOT, "step %d: no change, halt logit %+.1f%s%n", step, answers.q()[0], note(halts));
            } else {
                out.printf(Locale.ROOT, "step %d: halt logit %+.1f%s%n", step, answers.q()[0], note(halts));
                print(grid, shown, out);
            }
            shown = grid;
        }
        boolean solved = rules.isValidSolution(shown) && SudokuRules.respectsClues(clues, shown);
        out.println(solved ? "Solved: every row, column and box has each digit once, and the clues are kept."
                : "Not solved: the last grid breaks the rules or a clue.");
        out.println(haltedAt > 0 ? "The model would have halted after step " + haltedAt + "."
                : "The model would not have halted within " + steps + " steps.");
        out.flush();
        return solved;
    }

    private static String note(boolean halts) {
        return halts ? ", would halt here" : "";
    }

    private void print(byte[] grid, byte[] before, PrintWriter out) {
        int n = rules.size();
        for (int row = 0; row < n; row++) {
            var line = new StringBuilder("  ");
            for (int column = 0; column < n; column++) {
                int cell = row * n + column;
                // Only tokens of digits are digits; a blank or padding shows as a dot.
                var digit = grid[cell] < 1 ? "." : String.valueOf(grid[cell]);
                line.append(grid[cell] == before[cell] ? " " + digit + " " : "[" + digit + "]");
                if ((column + 1) % rules.boxColumns() == 0 && column + 1 < n) {
                    line.append('|');
                }
            }
            out.println(line);
            if ((row + 1) % rules.boxRows() == 0 && row + 1 < n) {
                int width = 3 * n + n / rules.boxColumns() - 1;
                out.println("  " + "-".repeat(width));
            }
        }
    }
}
