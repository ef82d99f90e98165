package trm4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.kernels.device.Device;
import trm4j.model.config.ConfigException;
import trm4j.train.run.RunConfig;
import trm4j.train.run.RunFolder;
import trm4j.train.run.Training;

/** {@code trm train}. */
@Command(
        name = "train",
        description =
                "Trains a model, evaluates it on the test puzzles, saves it and solves a puzzle with it. Ctrl-C or "
                + "SIGTERM stop it after the step that it is at, and save.",
        sortOptions = false)
final class TrainCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "CONFIG",
            arity = "0..1",
            description = "YAML file: what to train and how; configs/ has some.")
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

    @Option(
            names = "--init",
            paramLabel = "MODEL",
            description = "Begins with the weights of a checkpoint's file, or of a run, instead of new ones. What "
                    + "CONFIG leaves out of the architecture is MODEL's. Puzzle rows stay if there are as many, else "
                    + "each is the mean of them. With --set train.freeze=weights, only the puzzle rows learn.")
    private Path init;

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Goes on with a run where it was saved last, instead of CONFIG. May be given more --steps, "
                    + "another place of the same --data, another --device, and --set of what is under run.")
    private Path resume;

    @Mixin
    private DeviceOption device;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of all that is random (default: as CONFIG says).")
    private Long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if ((configFile == null) == (resume == null)) {
            throw new ParameterException(
                    spec.commandLine(), "Expected either CONFIG, what to train, or --resume RUN, what to go on with");
        }
        if (resume != null && (out != null || seed != null || init != null)) {
            throw new ParameterException(spec.commandLine(), "Expected no --out, --seed or --init with --resume");
        }
        return resume == null ? begin() : goOn();
    }

    private int begin() {
        var config = RunConfig.begin(configFile, changes, init).with(steps, seed);
        try (var folder = RunFolder.create(
                        out == null ? DatedFolder.now("runs", RunConfig.name(configFile)) : out);
                var training = prepare(config, folder, device.open())) {
            return train(training, folder);
        }
    }

    private int goOn() {
        try (var folder = RunFolder.resume(resume);
                var training = new Training(
                        folder.config().with(changes).with(steps, null), folder.data(data), device.open())) {
            return train(training, folder);
        }
    }

    private int train(Training training, RunFolder folder) {
        var print = spec.commandLine().getOut();
        print.println(training.plan());
        print.println("Run folder " + folder.path());
        print.flush();
        OptionalInt stopped;
        try (var progress = new TrainProgress(training.totalSteps(), print);
                var stop = new StopSignal(progress::stops)) {
            boolean done = training.run(folder, Main.Version.text(), progress, stop::isRaised);
            stopped = done ? OptionalInt.empty() : OptionalInt.of(stop.status());
        }
        // Below the bar, which is drawn to its end first.
        if (stopped.isPresent()) {
            print.println("Stopped; go on with " + folder.resumeCommand());
            print.flush();
            return stopped.getAsInt();
        }
        training.testSet().ifPresent(test -> SudokuShow.first(test, folder.path(), device.open(), print));
        print.flush();
        return 0;
    }

    private Training prepare(RunConfig config, RunFolder folder, Device device) {
        try {
            return new Training(config, data == null ? newPuzzles(config, folder, device) : data, device);
        } catch (ConfigException e) {
            throw new ConfigException(configFile + ": " + e.getMessage(), e);
        }
    }

    private static Path newPuzzles(RunConfig config, RunFolder folder, Device device) {
        boolean evaluates = config.puzzles().test() > 0;
        NewPuzzles.write(
                config, folder.newData(), info -> Training.requireMemory(config, info, evaluates, device));
        return folder.newData();
    }
}
