package trm4j.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import trm4j.cli.bench.Bench;
import trm4j.cli.bench.BenchFolder;
import trm4j.cli.bench.BenchShape;
import trm4j.cli.bench.BenchTable;
import trm4j.cli.bench.Growth;
import trm4j.cli.bench.GrowthTable;
import trm4j.cli.report.Report;
import trm4j.cli.report.Showcase;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;
import trm4j.train.RunException;

/** {@code trm bench}. */
@Command(
        name = "bench",
        description =
                "Measures devices side by side: what each can do at most, every operation of a training step, whole "
                + "training and evaluation steps, start-up. Results are checked against cpu before they are timed; "
                + "exit status 1 if some differ. Writes bench.json and a page of charts to OUT.",
        sortOptions = false)
final class BenchCommand implements Callable<Integer> {

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            split = ",",
            defaultValue = "cpu",
            description = "What computes, as in trm train; may be repeated (default: ${DEFAULT-VALUE}).")
    private List<String> devices;

    @Mixin
    private PrecisionOption precision;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            description = "The paper's model for sudoku, maze or arc, or a configuration's file (default: sudoku; maze "
                    + "for --grow positions).")
    private String shape;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Puzzles in a step (default: 32 Sudokus, 2 mazes, or the configuration's micro-batch).")
    private Integer batch;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Changes a setting of SHAPE, such as arch.l_cycles=4; may be repeated.")
    private List<String> changes = List.of();

    @Option(
            names = "--grow",
            paramLabel = "WHAT",
            description = "Measures how a training step's time and memory grow with batch, positions, width or cores "
                    + "instead, at smaller sizes.")
    private Growth.Kind grow;

    @Option(
            names = "--steps-only",
            description = "Measures what devices can do and whole steps, and leaves out the operations, with their "
                    + "check against cpu.")
    private boolean stepsOnly;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Time to measure each figure, at least (default: ${DEFAULT-VALUE}).")
    private double seconds = 0.5;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of weights, puzzles and operands (default: ${DEFAULT-VALUE}).")
    private long seed = 0;

    @Option(
            names = "--out",
            paramLabel = "OUT",
            description = "New folder for figures and charts (default: benches/SHAPE-DATE-TIME).")
    private Path out;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (batch != null && batch < 1 || !(seconds > 0)) {
            throw new ParameterException(
                    spec.commandLine(), "Expected --batch of at least 1 and --seconds above 0");
        }
        if (out != null && Files.exists(out)) {
            throw new RunException("The folder " + out + " exists already; name a new one with --out.");
        }
        var opened = devices.stream().distinct().map(Devices::named).map(precision::of).toList();
        var print = spec.commandLine().getOut();
        return grow == null ? measure(opened, print) : grow(opened, print);
    }

    private int measure(List<Device> devices, PrintWriter print) {
        var of = BenchShape.named(shape == null ? "sudoku" : shape, batch, changes);
        var report = new Bench(of, stepsOnly, seed, seconds, note(print)).run(devices, Main.Version.text());
        print.println();
        BenchTable.print(report, print);
        var folder = folder(of.name());
        BenchFolder.create(folder).write(report);
        page(folder, print);
        return report.passes() ? 0 : 1;
    }

    private int grow(List<Device> devices, PrintWriter print) {
        var of = BenchShape.named(
                shape == null ? grow.shape() : shape, batch == null ? grow.batch() : batch, changes);
        var report = new Growth(grow, of, seed, seconds, note(print)).run(devices, Main.Version.text());
        print.println();
        GrowthTable.print(report, print);
        var folder = folder(of.name() + "-" + report.kind());
        BenchFolder.create(folder).write(report);
        page(folder, print);
        return 0;
    }

    private void page(Path folder, PrintWriter print) {
        print.println("Figures are in " + BenchFolder.figures(folder));
        var page = folder.resolve("bench.html");
        PageFile.write(page, new Report(List.of(folder), Showcase.none(), 0));
        print.println("Charts are in " + page);
        print.flush();
        json.print(BenchFolder.read(folder).put("folder", folder.toString()));
    }

    private static Consumer<String> note(PrintWriter print) {
        return line -> {
            print.println(line);
            print.flush();
        };
    }

    private Path folder(String name) {
        return out == null ? DatedFolder.now("benches", name) : out;
    }
}
