package trm4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.kernels.device.Device;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Settings;
import trm4j.train.ablation.Ablation;
import trm4j.train.ablation.AblationFolder;
import trm4j.train.ablation.AblationRow;
import trm4j.train.ablation.Variant;
import trm4j.train.run.ConfigFile;
import trm4j.train.run.RunConfig;
import trm4j.train.run.Training;

/** {@code trm ablate}. */
@Command(
        name = "ablate",
        description =
                "Trains TRM and the variants of the paper's Table 1 on the same puzzles, or methods that followed the "
                + "paper (--variant methods), and prints what each comes to. Interrupted, the same command goes on.",
        sortOptions = false)
final class AblateCommand implements Callable<Integer> {

    private static final String STOPPED = "Stopped; the same command goes on";
    private static final String PAPER = "paper";
    private static final String METHODS = "methods";

    @Parameters(
            paramLabel = "CONFIG",
            description = "YAML file: what to train and how, such as configs/ablation.yaml.")
    private Path configFile;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data set, as trm data makes it (default: new puzzles in OUT/data, if CONFIG says which).")
    private Path data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Changes a setting of CONFIG for all variants, such as run.steps=400; may be repeated.")
    private List<String> changes = List.of();

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            split = ",",
            description = "Only this one of the variants, or those of the paper (paper) or of the methods that "
                    + "followed it (methods); may be repeated (default: paper).")
    private List<String> names = List.of();

    @Option(names = "--seeds", paramLabel = "N", description = "Runs of each variant, with a seed each (default: 1).")
    private int seeds = 1;

    @Option(
            names = "--reach",
            paramLabel = "PERCENT",
            description = "Tells how fast each trains, and what it takes until so many of the test puzzles are "
                    + "exact, by the evaluations on the way (run.eval_interval).")
    private Double reach;

    @Option(
            names = "--out",
            paramLabel = "OUT",
            description = "Folder for the runs and their table (default: ablations/CONFIG).")
    private Path out;

    @Mixin
    private DeviceOption device;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (seeds < 1) {
            throw new ParameterException(spec.commandLine(), "Expected --seeds of at least 1, found " + seeds);
        }
        if (reach != null && !(reach > 0 && reach <= 100)) {
            throw new ParameterException(
                    spec.commandLine(), "Expected --reach above 0 and at most 100, found " + reach);
        }
        var print = spec.commandLine().getOut();
        var file = ConfigFile.read(configFile);
        file.notices().forEach(print::println);
        var config = file.config().with(changes);
        ConfigException.require(
                reach == null || config.run().evalInterval() > 0 || config.run().evalEpochs() > 0, "run.eval_interval",
                "steps between evaluations, by which --reach goes, such as --set run.eval_interval=50",
                config.run().evalInterval());
        var variants = variants(config);
        var path = out == null ? Path.of("ablations", RunConfig.name(configFile)) : out;
        try (var folder = new AblationFolder(path)) {
            return run(prepared(config, file, variants, folder), variants, path);
        }
    }

    private int run(Ablation ablation, List<Variant> variants, Path folder) {
        var print = spec.commandLine().getOut();
        OptionalInt stopped;
        try (var shown = new Shown(device.open().name(), print); var stop = new StopSignal(shown::stops)) {
            boolean done = ablation.run(Main.Version.text(), shown, stop::isRaised);
            stopped = done ? OptionalInt.empty() : OptionalInt.of(stop.status());
        }
        if (stopped.isPresent()) {
            print.println(STOPPED);
            print.flush();
            return stopped.getAsInt();
        }
        print.println();
        print.print(AblationTable.of(
                variants, ablation.rows(), reach == null ? OptionalDouble.empty() : OptionalDouble.of(reach / 100)));
        print.flush();
        json.print(json(variants, ablation.rows(), folder));
        return 0;
    }

    private static JsonNode json(List<Variant> variants, List<AblationRow> rows, Path folder) {
        var node = JsonNodeFactory.instance.objectNode().put("folder", folder.toString());
        var list = node.putArray("runs");
        for (var variant : variants) {
            rows.stream().filter(row -> row.variant().equals(variant.key())).forEach(row -> list.add(
                    Settings.MAPPER.<ObjectNode>valueToTree(row).put("title", variant.title())));
        }
        return node;
    }

    /** Prepares the ablation; a signal ends that at once. */
    private Ablation prepared(RunConfig config, ConfigFile file, List<Variant> variants, AblationFolder folder) {
        try (var _ = StopSignal.ending(STOPPED, spec.commandLine().getOut())) {
            var opened = device.open();
            folder.requireSame(config);
            var puzzles = data != null
                    ? data
                    : named(file).orElseGet(() -> newPuzzles(config, variants, opened, folder));
            return new Ablation(config, puzzles, opened, folder, variants, seeds);
        }
    }

    /** Returns the data set that a configuration of the authors' names. */
    private static Optional<Path> named(ConfigFile file) {
        if (file.data().size() > 1 || !file.testData().isEmpty()) {
            throw new ConfigException("data_paths: expected one data set to train and test variants on, found several; "
                    + "name one with --data.");
        }
        return file.data().stream().findFirst();
    }

    /** Shows one run after the other. */
    private static final class Shown implements Ablation.Listener, AutoCloseable {

        private final String device;
        private final PrintWriter out;
        private TrainProgress run;

        Shown(String device, PrintWriter out) {
            this.device = device;
            this.out = out;
        }

        @Override
        public Training.Listener begins(Variant variant, long seed, int number, int runs, Training training) {
            close();
            out.printf(
                    "%nRun %d of %d: %s, seed %d%n%s%n", number, runs, variant.title(), seed,
                    variant.trains() ? training.plan() : "Solves the test puzzles with the model that is trained");
            out.flush();
            run = new TrainProgress(training, device, out);
            return run;
        }

        void stops() {
            // Before the first run begins, there is nobody to tell.
            if (run != null) {
                run.stops();
            }
        }

        @Override
        public void close() {
            if (run != null) {
                run.close();
            }
        }
    }

    private List<Variant> variants(RunConfig config) {
        var paper = Variant.paper(config.arch());
        var methods = Variant.methods(config.arch());
        var all = Variant.of(config.arch());
        var known = Stream.concat(Stream.of(PAPER, METHODS), all.stream().map(Variant::key)).toList();
        names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no variant " + name + ", expected one of " + String.join(", ", known));
        });
        var chosen = all.stream()
                .filter(variant -> names.contains(variant.key())
                        || paper.contains(variant) && (names.isEmpty() || names.contains(PAPER))
                        || methods.contains(variant) && names.contains(METHODS))
                .toList();
        // What is evaluated otherwise is TRM itself, and methods are compared with it.
        boolean compared = names.contains(METHODS) || !chosen.stream().allMatch(Variant::trains);
        return all.stream()
                .filter(variant -> chosen.contains(variant) || compared && variant.key().equals(Variant.TRM))
                .toList();
    }

    private Path newPuzzles(RunConfig config, List<Variant> variants, Device device, AblationFolder folder) {
        try (var show = new DataShow(spec.commandLine().getOut(), spec.commandLine().getErr())) {
            return folder.puzzles().make(
                    config, info -> Ablation.requireMemory(config, variants, info, device), show);
        } catch (ConfigException e) {
            throw new ConfigException(configFile + ": " + e.getMessage(), e);
        }
    }
}
