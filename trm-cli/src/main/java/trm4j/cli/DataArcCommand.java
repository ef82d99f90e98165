package trm4j.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import trm4j.train.DatasetException;
import trm4j.train.Plural;
import trm4j.train.TrmCommand;
import trm4j.train.data.arc.ArcDataset;
import trm4j.train.data.arc.ArcSource;
import trm4j.train.data.arc.ArcTokens;

/** {@code trm data arc}. */
@Command(
        name = "arc",
        description = {
            "Makes a data set of ARC-AGI tasks and augmented copies of them.",
            "A PATH is a file NAME_challenges.json, with NAME_solutions.json beside it if there are solutions, or a "
                    + "folder of such files or of JSON files with one task each."
        },
        sortOptions = false)
final class DataArcCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The data set's folder.")
    private Path out;

    @Option(
            names = "--train",
            paramLabel = "PATH",
            arity = "1..*",
            description = "Tasks to train on: demonstrations and tests.")
    private List<Path> train = List.of();

    @Option(
            names = "--eval",
            paramLabel = "PATH",
            arity = "1..*",
            description = "Tasks to evaluate on: their demonstrations are trained on, their tests become the test set.")
    private List<Path> evaluation = List.of();

    @Option(
            names = "--augment",
            paramLabel = "N",
            description = "Adds N different copies of each task, turned or mirrored and in other colours "
                    + "(default: ${DEFAULT-VALUE}).")
    private int augment = 1000;

    @Mixin
    private LeaksOption leaks;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of all that is random (default: ${DEFAULT-VALUE}).")
    private long seed = 0;

    @Option(names = "--force", description = "Replaces the data set that DIR holds.")
    private boolean force;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() {
        var source = source();
        long start = System.nanoTime();
        ArcDataset.Summary summary;
        try (var show = new DataShow(spec.commandLine().getOut(), spec.commandLine().getErr())) {
            summary = ArcDataset.write(source, out, force, show);
        }
        report(summary, (System.nanoTime() - start) / 1e9);
        return 0;
    }

    /** What is asked for; that it makes no sense is wrong usage. */
    private ArcSource source() {
        try {
            return new ArcSource(train, evaluation, augment, leaks.policy, seed);
        } catch (DatasetException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void report(ArcDataset.Summary summary, double seconds) {
        var to = spec.commandLine().getOut();
        to.printf(Locale.ROOT, "%s: %s, in %.1f s%n", out, number(summary.tasks(), "ARC task"), seconds);
        summary.splits().forEach((name, count) -> to.printf(
                Locale.ROOT, "  %-5s  %s and copies, %s%n", name, number(count.puzzles(), "task"),
                number(count.examples(), "example")));
        summary.leaks().ifPresent(found -> to.println("  " + found.line()));
        if (summary.repeated() > 0) {
            to.printf("  Left out of training: %s that came before, by name or content%n",
                    number(summary.repeated(), "task"));
        }
        int fewer = summary.fewerCopies();
        if (fewer > 0) {
            to.printf(
                    Locale.ROOT, "  %s %s fewer than %,d different copies%n", number(fewer, "task"),
                    fewer == 1 ? "has" : "have", augment);
        }
        to.printf("Next: %s%n", TrmCommand.line("train", "CONFIG", "--data", out));
        to.flush();
        json.print(json(summary, seconds));
    }

    private ObjectNode json(ArcDataset.Summary summary, double seconds) {
        var node = JsonNodeFactory.instance.objectNode()
                .put("folder", out.toString()).put("kind", ArcTokens.KIND).put("tasks", summary.tasks())
                .put("fewer_copies", summary.fewerCopies()).put("repeated", summary.repeated()).put("seconds", seconds);
        var splits = node.putObject("splits");
        summary.splits().forEach((name, count) -> splits.putObject(name.toString())
                .put("puzzles", count.puzzles()).put("examples", count.examples()));
        var remarks = node.putArray("remarks");
        summary.leaks().ifPresent(found -> remarks.add(found.line()));
        return node;
    }

    private static String number(int count, String noun) {
        return String.format(Locale.ROOT, "%,d %s", count, Plural.of(count, noun));
    }
}
