package trm4j.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import trm4j.train.DatasetException;
import trm4j.train.Plural;
import trm4j.train.TrmCommand;
import trm4j.train.data.DataProgress;
import trm4j.train.data.PuzzleSummary;
import trm4j.train.data.Split;
import trm4j.train.data.csv.CsvFiles;

/** What {@code trm data} is told of any square puzzles: where they come from and where they go. */
final class PuzzleSetOptions {

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The data set's folder.")
    Path out;

    @Option(
            names = "--train",
            paramLabel = "N",
            description = "New puzzles: how many for training (default: ${DEFAULT-VALUE}).")
    int train = 1000;

    @Option(
            names = "--test",
            paramLabel = "N",
            description = "New puzzles: how many for testing; none is symmetric to another or to one for training "
                    + "(default: ${DEFAULT-VALUE}).")
    int test = 1000;

    @Option(
            names = "--csv",
            paramLabel = "PATH",
            description = "Takes puzzles from PATH: a folder with train.csv, test.csv or both, or one file; also "
                    + ".csv.gz and .parquet. Columns, in any order: question, and answer and rating if known.")
    Path csv;

    @Option(
            names = "--split",
            paramLabel = "SPLIT",
            description = "CSV: what a single file becomes, train or test (default: test).")
    private Split split = Split.TEST;

    @Option(
            names = "--subsample",
            paramLabel = "N",
            description = "CSV: takes N training puzzles, at random (default: all).")
    private Integer subsample;

    @Option(
            names = "--min-rating",
            paramLabel = "R",
            description = "CSV: takes only puzzles rated R or more (default: ${DEFAULT-VALUE}).")
    private int minRating = 0;

    @Mixin
    LeaksOption leaks;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of all that is random (default: ${DEFAULT-VALUE}).")
    long seed = 0;

    @Option(names = "--force", description = "Replaces the data set that DIR holds.")
    boolean force;

    @Mixin
    private JsonOption json;

    /** The puzzles of {@link #csv}. */
    CsvFiles files() {
        if (Files.isDirectory(csv)) {
            refuse("is only for a single file, and " + csv + " is a folder", "--split");
        }
        return new CsvFiles(
                csv, split, subsample == null ? OptionalInt.empty() : OptionalInt.of(subsample), minRating,
                leaks.policy);
    }

    /** Refuses options that are only for CSV files. */
    void refuseOfCsv() {
        refuse("is only for --csv", "--split", "--subsample", "--min-rating");
    }

    /** Refuses options if they are given. */
    void refuse(String why, String... options) {
        Stream.of(options).filter(spec.commandLine().getParseResult()::hasMatchedOption).findFirst()
                .ifPresent(option -> {
                    throw new ParameterException(spec.commandLine(), option + " " + why + ".");
                });
    }

    /** What is asked for; that it makes no sense is wrong usage. */
    <S> S sensible(Supplier<S> source) {
        try {
            return source.get();
        } catch (DatasetException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Writes a data set and tells what it came to hold. */
    void write(String kind, String puzzles, Function<DataProgress, PuzzleSummary> writing) {
        long start = System.nanoTime();
        PuzzleSummary summary;
        try (var show = new DataShow(spec.commandLine().getOut(), spec.commandLine().getErr())) {
            summary = writing.apply(show);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        var to = spec.commandLine().getOut();
        to.printf(Locale.ROOT, "%s: %dx%d %s, in %.1f s%n", out, summary.size(), summary.size(), puzzles, seconds);
        summary.splits().forEach((name, count) -> {
            to.printf(Locale.ROOT, "  %-5s  %,d %s, %,d %s", name, count.puzzles(), Plural.of(count.puzzles(), "puzzle"),
                    count.examples(), Plural.of(count.examples(), "example"));
            if (csv != null || count.leftOut() > 0) {
                to.printf(Locale.ROOT, "; left out: %,d improper", count.leftOut());
            }
            if (csv != null) {
                to.printf(Locale.ROOT, ", %,d rated below %d", count.belowRating(), minRating);
            }
            to.println();
        });
        summary.remarks().forEach(remark -> to.println("  " + remark));
        if (summary.splits().containsKey(Split.TRAIN)) {
            to.printf("Next: %s%n", TrmCommand.line("train", "CONFIG", "--data", out));
        }
        to.flush();
        json.print(json(kind, summary, seconds));
    }

    private ObjectNode json(String kind, PuzzleSummary summary, double seconds) {
        var node = JsonNodeFactory.instance.objectNode()
                .put("folder", out.toString()).put("kind", kind).put("size", summary.size()).put("seconds", seconds);
        var splits = node.putObject("splits");
        summary.splits().forEach((name, count) -> splits.putObject(name.toString())
                .put("puzzles", count.puzzles()).put("examples", count.examples())
                .put("left_out", count.leftOut()).put("below_rating", count.belowRating()));
        var remarks = node.putArray("remarks");
        summary.remarks().forEach(remarks::add);
        return node;
    }
}
