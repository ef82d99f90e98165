package trm4j.cli;

import java.io.IOException;
import java.nio.file.Path;
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
import trm4j.cli.report.ReportPage;
import trm4j.model.file.AtomicFile;
import trm4j.train.RunException;

/** {@code trm report}. */
@Command(
        name = "report",
        description =
                "Writes a page that shows one or several runs together: curves, accuracy by supervision step and by "
                + "difficulty, settings that differ, and some test puzzles as the newest model solves them. The page "
                + "is one file, and needs no network.",
        sortOptions = false)
final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Runs' folders, as trm train makes them.")
    private List<Path> runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The page; one that is there is replaced (default: report.html in the first RUN).")
    private Path out;

    @Option(
            names = "--puzzles",
            paramLabel = "N",
            defaultValue = "6",
            description = "Test puzzles of each run to show; 0 for none (default: ${DEFAULT-VALUE}).")
    private int puzzles;

    @Mixin
    private DeviceOption device;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (puzzles < 0) {
            throw new ParameterException(spec.commandLine(), "Expected --puzzles of at least 0, found " + puzzles);
        }
        var file = out == null ? runs.getFirst().resolve("report.html") : out;
        var page = ReportPage.of(new Report(runs, device.open(), puzzles).read());
        try {
            AtomicFile.write(file, page);
        } catch (IOException e) {
            throw new RunException("Report " + file + " cannot be written: " + e.getMessage()
                    + "; choose another file with --out.", e);
        }
        spec.commandLine().getOut().println("Written to " + file);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
