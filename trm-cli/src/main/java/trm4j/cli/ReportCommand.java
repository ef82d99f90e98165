package trm4j.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.cli.report.Report;
import trm4j.cli.report.Showcase;

/** {@code trm report}. */
@Command(
        name = "report",
        description =
                "Writes a page that shows runs, ablations, evaluations and benches together: curves, accuracy by "
                + "supervision step and by difficulty, where the model halts and whether it is right then, by how much "
                + "steps change z_H, means over seeds, settings that differ, and test puzzles that are worth looking at, "
                + "as the newest model solves them. Charts can be saved as PNG and CSV. The page is one file, and needs "
                + "no network.",
        sortOptions = false)
final class ReportCommand implements Callable<Integer> {

    /** A large model on a slow device solves fewer than asked for in that time. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Parameters(
            paramLabel = "FOLDER",
            arity = "1..*",
            description = "Folders that trm train, ablate, eval or bench made.")
    private List<Path> folders;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The page; one that is there is replaced (default: report.html in the first FOLDER).")
    private Path out;

    @Option(
            names = "--puzzles",
            paramLabel = "N",
            defaultValue = "6",
            description = "Puzzles of each run and evaluation to show; 0 for none (default: ${DEFAULT-VALUE}).")
    private int puzzles;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            defaultValue = "200",
            description = "Test puzzles that a run's model solves, out of which these are chosen; fewer if that takes "
                    + "more than some 20 seconds (default: ${DEFAULT-VALUE}).")
    private int candidates;

    @Mixin
    private DeviceOption device;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (puzzles < 0 || candidates < 0) {
            throw new ParameterException(
                    spec.commandLine(), "Expected --puzzles and --candidates of at least 0, found " + puzzles + " and "
                            + candidates);
        }
        var file = out == null ? folders.getFirst().resolve("report.html") : out;
        var report = new Report(folders, new Showcase(device.open(), puzzles, candidates, PATIENCE), puzzles);
        report.read();
        report.comparability().forEach(spec.commandLine().getOut()::println);
        report.solve(run -> {
            spec.commandLine().getOut().println("Solving test puzzles of " + run.path() + " to choose from");
            spec.commandLine().getOut().flush();
        });
        PageFile.write(file, report);
        spec.commandLine().getOut().println("Written to " + file);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
