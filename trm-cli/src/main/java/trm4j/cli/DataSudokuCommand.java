package trm4j.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import trm4j.cli.RangeConverter.Range;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.data.sudoku.SudokuSource;

/** {@code trm data sudoku}. */
@Command(
        name = "sudoku",
        description =
                "Makes a data set of Sudokus: new ones, or those of CSV files (--csv), whose questions have a "
                + "character per cell, '.' or '0' for a blank.",
        sortOptions = false)
final class DataSudokuCommand implements Callable<Integer> {

    private static final Map<SudokuRules, Range> USUAL_CLUES = Map.of(
            SudokuRules.FOUR, new Range(4, 8),
            SudokuRules.SIX, new Range(10, 16),
            SudokuRules.NINE, new Range(24, 32));

    @Spec
    private CommandSpec spec;

    @Mixin
    private PuzzleSetOptions set;

    @Option(
            names = "--size",
            paramLabel = "N",
            description = "New puzzles: N x N cells; 4, 6 or 9 (default: ${DEFAULT-VALUE}).")
    private int size = 9;

    @Option(
            names = "--clues",
            paramLabel = "MIN-MAX",
            converter = RangeConverter.class,
            description = "New puzzles: how many clues each has (default: 4-8 for size 4, 10-16 for 6, 24-32 for 9).")
    private Range clues;

    @Option(
            names = "--augment",
            paramLabel = "N",
            description = "Adds N symmetric images of each training puzzle; the paper's Sudoku-Extreme has 1000 "
                    + "(default: ${DEFAULT-VALUE}).")
    private int augment = 0;

    @Override
    public Integer call() {
        var source = set.sensible(() -> set.csv == null ? generated() : imported());
        set.write(SudokuRules.KIND, "Sudokus", show -> SudokuDataset.write(source, set.out, set.force, show));
        return 0;
    }

    private SudokuSource generated() {
        set.refuseOfCsv();
        set.refuse("is not for new Sudokus, none of which is in both splits", LeaksOption.NAME);
        var rules = SudokuRules.ofSize(size).orElseThrow(() ->
                new ParameterException(spec.commandLine(), "Expected --size 4, 6 or 9, found " + size + "."));
        var range = clues == null ? USUAL_CLUES.get(rules) : clues;
        return new SudokuSource.Generated(rules, set.train, set.test, range.min(), range.max(), augment, set.seed);
    }

    private SudokuSource imported() {
        set.refuse("is only for new Sudokus, not for --csv", "--size", "--train", "--test", "--clues");
        return new SudokuSource.Csv(set.files(), augment, set.seed);
    }
}
