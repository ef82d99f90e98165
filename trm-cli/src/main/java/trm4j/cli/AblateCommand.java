package trm4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
                "Trains TRM and the variants of the paper's Table 1 on the same puzzles, and prints what each comes "
                + "to. Interrupted, the same command goes on.",
        sortOptions = false)
final class AblateCommand implements Callable<Integer> {

    private static final String STOPPED = "Stopped; the same command goes on";

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
            description = "Only this one of the variants; may be repeated (default: all).")
    private List<String> names = List.of();

    @Option(names = "--seeds", paramLabel = "N", description = "Runs of each variant, with a seed each (default: 1).")
    private int seeds = 1;

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
        var print = spec.commandLine().getOut();
        var file = ConfigFile.read(configFile);
        file.notices().forEach(print::println);
        var config = file.config().with(changes);
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
        print.print(AblationTable.of(variants, ablation.rows()));
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
            out.printf("%nRun %d of %d: %s, seed %d%n%s%n", number, runs, variant.title(), seed, training.plan());
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
        var all = Variant.of(config.arch());
        var known = all.stream().map(Variant::key).toList();
        names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw new ParameterException(
                    spec.commandLine(), "There is no variant " + name + ", expected one of "
                            + known.stream().collect(Collectors.joining(", ")));
        });
        return names.isEmpty() ? all : all.stream().filter(variant -> names.contains(variant.key())).toList();
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
