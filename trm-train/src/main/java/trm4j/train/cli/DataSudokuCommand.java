package trm4j.train.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import trm4j.train.data.DatasetException;
import trm4j.train.data.Split;
import trm4j.train.data.SudokuDataset;
import trm4j.train.data.SudokuRules;
import trm4j.train.data.SudokuSource;
import trm4j.train.data.SudokuSummary;

/** {@code trm data sudoku}. */
@Command(
        name = "sudoku",
        description = "Makes a dataset of Sudokus: new ones, or those of CSV files (--csv).",
        showDefaultValues = true,
        sortOptions = false)
final class DataSudokuCommand implements Callable<Integer> {

    record Clues(int min, int max) {}

    private static final Map<SudokuRules, Clues> USUAL_CLUES = Map.of(
            SudokuRules.FOUR, new Clues(4, 8),
            SudokuRules.SIX, new Clues(10, 16),
            SudokuRules.NINE, new Clues(24, 32));

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The dataset's folder.")
    private Path out;

    @Option(names = "--size", paramLabel = "N", description = "New Sudokus: N x N cells; 4, 6 or 9.")
    private int size = 9;

    @Option(names = "--train", paramLabel = "N", description = "New Sudokus: how many for training.")
    private int train = 1000;

    @Option(
            names = "--test",
            paramLabel = "N",
            description = "New Sudokus: how many for testing; none is symmetric to another or to one for training.")
    private int test = 1000;

    @Option(
            names = "--clues",
            paramLabel = "MIN-MAX",
            converter = CluesConverter.class,
            showDefaultValue = Visibility.NEVER,
            description = {
                "New Sudokus: how many clues each has.",
                "  Default: 4-8 for size 4, 10-16 for 6, 24-32 for 9"})
    private Clues clues;

    @Option(
            names = "--csv",
            paramLabel = "PATH",
            description = "Takes Sudokus from PATH: a folder with train.csv, test.csv or both, or one file. "
                    + "Columns: question, and answer and rating if known; '.' or '0' is a blank.")
    private Path csv;

    @Option(
            names = "--split",
            paramLabel = "SPLIT",
            description = "CSV: what a single file becomes, train or test.")
    private Split split = Split.TEST;

    @Option(names = "--subsample", paramLabel = "N", description = "CSV: takes N training puzzles, at random.")
    private Integer subsample;

    @Option(names = "--min-rating", paramLabel = "R", description = "CSV: takes only puzzles rated R or more.")
    private int minRating = 0;

    @Option(
            names = "--augment",
            paramLabel = "N",
            description = "Adds N symmetric images of each training puzzle; the paper's Sudoku-Extreme has 1000.")
    private int augment = 0;

    @Option(names = "--seed", paramLabel = "S", description = "Settles all that is random.")
    private long seed = 0;

    @Option(names = "--force", description = "Replaces the dataset that DIR holds.")
    private boolean force;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Override
    public Integer call() {
        var source = source();
        long start = System.nanoTime();
        var summary = SudokuDataset.write(source, out, force);
        report(summary, (System.nanoTime() - start) / 1e9);
        return 0;
    }

    /** What is asked for; that it makes no sense is wrong usage. */
    private SudokuSource source() {
        try {
            return csv == null ? generated() : imported();
        } catch (DatasetException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private SudokuSource generated() {
        refuse("is only for --csv", "--split", "--subsample", "--min-rating");
        var rules = SudokuRules.ofSize(size).orElseThrow(() ->
                new ParameterException(spec.commandLine(), "Expected --size 4, 6 or 9, found " + size + "."));
        var range = clues == null ? USUAL_CLUES.get(rules) : clues;
        return new SudokuSource.Generated(rules, train, test, range.min(), range.max(), augment, seed);
    }

    private SudokuSource imported() {
        refuse("is only for new Sudokus, not for --csv", "--size", "--train", "--test", "--clues");
        if (Files.isDirectory(csv)) {
            refuse("is only for a single file, and " + csv + " is a folder", "--split");
        }
        return new SudokuSource.Csv(csv, Optional.of(split),
                subsample == null ? OptionalInt.empty() : OptionalInt.of(subsample), minRating, augment, seed);
    }

    private void refuse(String why, String... options) {
        Stream.of(options).filter(spec.commandLine().getParseResult()::hasMatchedOption).findFirst()
                .ifPresent(option -> {
                    throw new ParameterException(spec.commandLine(), option + " " + why + ".");
                });
    }

    private void report(SudokuSummary summary, double seconds) {
        var to = spec.commandLine().getOut();
        int n = summary.rules().size();
        to.printf(Locale.ROOT, "%s: %dx%d Sudokus, in %.1f s%n", out, n, n, seconds);
        summary.splits().forEach((name, count) -> {
            to.printf(Locale.ROOT, "  %-5s  %,d puzzles, %,d examples", name, count.puzzles(), count.examples());
            if (csv != null) {
                to.printf(Locale.ROOT, "; left out: %,d improper, %,d rated below %d",
                        count.leftOut(), count.belowRating(), minRating);
            }
            to.println();
        });
        if (summary.splits().containsKey(Split.TRAIN)) {
            to.printf("Next: trm train CONFIG --data %s%n", out);
        }
        to.flush();
    }

    static final class CluesConverter implements ITypeConverter<Clues> {

        @Override
        public Clues convert(String value) {
            if (!value.matches("\\d{1,3}(-\\d{1,3})?")) {
                throw new TypeConversionException("expected MIN-MAX, such as 24-32, found '" + value + "'");
            }
            var bounds = value.split("-");
            return new Clues(Integer.parseInt(bounds[0]), Integer.parseInt(bounds[bounds.length - 1]));
        }
    }
}
