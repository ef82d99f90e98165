package trm4j.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.cli.report.Report;
import trm4j.cli.report.ReportServer;
import trm4j.cli.report.Showcase;

/** {@code trm watch}. */
@Command(
        name = "watch",
        description =
                "Serves the page of trm report to browsers on this machine, always with the newest figures, while the "
                + "runs go on. Ctrl-C ends it; the runs do not notice.",
        sortOptions = false)
final class WatchCommand implements Callable<Integer> {

    /** They take time from the run. */
    private static final int CANDIDATES = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Parameters(
            paramLabel = "FOLDER",
            arity = "1..*",
            description = "Folders that trm train, ablate, eval or bench made, or are at.")
    private List<Path> folders;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8321",
            description = "Where to serve; 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--puzzles",
            paramLabel = "N",
            defaultValue = "0",
            description = "Test puzzles to solve with each new model; they take time from the run (default: none).")
    private int puzzles;

    @Mixin
    private DeviceOption device;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (puzzles < 0 || port < 0 || port > 65_535) {
            throw new ParameterException(
                    spec.commandLine(), "Expected --puzzles of at least 0 and a --port from 0 to 65535");
        }
        var report = new Report(folders, new Showcase(device.open(), puzzles, CANDIDATES, PATIENCE), puzzles);
        // What is wrong with a folder is told here, not on the page.
        report.read();
        try (var server = new ReportServer(report, port)) {
            spec.commandLine().getOut().println("Open " + server.address() + " in a browser; Ctrl-C ends this");
            spec.commandLine().getOut().flush();
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
