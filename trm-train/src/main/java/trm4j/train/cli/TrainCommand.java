package trm4j.train.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.kernels.Device;
import trm4j.model.ConfigException;
import trm4j.train.RunConfig;
import trm4j.train.Training;
import trm4j.train.data.Folders;
import trm4j.train.data.SudokuDataset;

/** {@code trm train}. */
@Command(
        name = "train",
        description = "Trains a model, evaluates it on the test puzzles, saves it and solves a puzzle with it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TrainCommand implements Callable<Integer> {

    @Parameters(paramLabel = "CONFIG", description = "YAML file: what to train and how; configs/ has some.")
    private Path configFile;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data set, as trm data makes it (default: new puzzles in RUN/data, if CONFIG says which).")
    private Path data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Changes a setting of CONFIG, such as train.lr=3e-4 or arch.l_cycles=4; may be repeated.")
    private List<String> changes = List.of();

    @Option(names = "--steps", paramLabel = "N", description = "Steps to train (default: as CONFIG says).")
    private Long steps;

    @Option(
            names = "--out",
            paramLabel = "RUN",
            description = "New folder for checkpoints and metrics (default: runs/CONFIG-DATE-TIME).")
    private Path out;

    @Mixin
    private DeviceOption device;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of all that is random (default: as CONFIG says).")
    private Long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var print = spec.commandLine().getOut();
        var config = RunConfig.read(configFile).with(changes).with(steps, seed);
        var run = out == null ? newRun() : out;
        Training.checkFree(run);
        try (var training = prepare(config, run, device.open())) {
            print.println(training.plan());
            print.println("Run folder " + run);
            print.flush();
            try (var progress = new TrainProgress(training.totalSteps(), print)) {
                training.run(run, Main.Version.text(), progress);
            }
            training.showOne(print);
        }
        print.flush();
        return 0;
    }

    private Path newRun() {
        var name = configFile.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        return Path.of("runs", name + "-" + LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
    }

    private Training prepare(RunConfig config, Path run, Device device) {
        try {
            return data == null ? onNewPuzzles(config, run, device) : new Training(config, data, device);
        } catch (ConfigException e) {
            throw new ConfigException(configFile + ": " + e.getMessage(), e);
        }
    }

    private Training onNewPuzzles(RunConfig config, Path run, Device device) {
        var source = config.puzzles().source(config.run().seed()).orElseThrow(() -> new ConfigException(
                "puzzles.size says to make no puzzles, expected a data set with --data DIR; trm data makes one."));
        Training.requireMemory(config, config.puzzles().info(), config.puzzles().test() > 0, device);
        boolean existed = Files.exists(run);
        var made = run.resolve("data");
        try {
            Files.createDirectories(run);
            SudokuDataset.write(source, made, false);
            return new Training(config, made, device);
        } catch (RuntimeException e) {
            delete(existed ? made : run);
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves nothing behind of a run that did not begin. */
    private static void delete(Path tree) {
        try {
            Folders.delete(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
