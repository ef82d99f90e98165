package trm4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.kernels.device.Device;
import trm4j.model.Checkpoint;
import trm4j.model.config.ConfigException;
import trm4j.model.ranks.Ranks;
import trm4j.train.run.ConfigFile;
import trm4j.train.run.RunConfig;
import trm4j.train.run.RunFolder;
import trm4j.train.run.Training;
import trm4j.train.run.TrainingData;

/** {@code trm train}. */
@Command(
        name = "train",
        description =
                "Trains a model, evaluates it on the test puzzles, saves it and solves a puzzle with it. Ctrl-C or "
                + "SIGTERM stop it after the step that it is at, and save. Processes that mpirun starts share each batch.",
        sortOptions = false)
final class TrainCommand implements Callable<Integer>, InRanks {

    @Parameters(
            paramLabel = "CONFIG",
            arity = "0..1",
            description = "YAML file: what to train and how; configs/ has some. The authors' cfg_pretrain.yaml and "
                    + "all_config.yaml will do too.")
    private Path configFile;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data set, as trm data makes it (default: new puzzles in RUN/data, if CONFIG says which). "
                    + "Repeated, trains on each in turn.")
    private List<Path> data = List.of();

    @Option(
            names = "--test-data",
            paramLabel = "DIR",
            description = "Data set with the test puzzles (default: that of --data, the first if there are several).")
    private Path testData;

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
            description = "Begins with the weights of a run, a checkpoint's file, a hub's or the authors' folder, or a "
                    + "model that comes with trm, instead of new ones. What CONFIG leaves out of the architecture is "
                    + "MODEL's. Puzzle rows are found by the names of their identifiers, else stay if there are as "
                    + "many, or are each their mean. With --set train.freeze=weights, only the puzzle rows learn.")
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

    private Ranks ranks;

    @Override
    public Integer call() {
        if ((configFile == null) == (resume == null)) {
            throw new ParameterException(
                    spec.commandLine(), "Expected either CONFIG, what to train, or --resume RUN, what to go on with");
        }
        if (resume != null && (out != null || seed != null || init != null)) {
            throw new ParameterException(spec.commandLine(), "Expected no --out, --seed or --init with --resume");
        }
        ranks = device.ranks();
        return resume == null ? begin() : goOn();
    }

    private int begin() {
        var file = ConfigFile.begin(configFile, changes, init);
        file.notices().forEach(spec.commandLine().getOut()::println);
        var config = file.config().with(steps, seed);
        if (!ranks.isFirst()) {
            return follow(_ -> config);
        }
        try (var folder = RunFolder.create(
                        out == null ? DatedFolder.now("runs", RunConfig.name(configFile)) : out);
                var training = prepared(
                        "Stopped before the run began; the same command"
                                + (out == null ? " with --out " + folder.path() : "") + " begins again",
                        () -> prepare(config, file, folder, device.open()))) {
            return train(training, folder);
        }
    }

    private int goOn() {
        if (!ranks.isFirst()) {
            return follow(this::resumed);
        }
        try (var folder = RunFolder.resume(resume);
                var training = prepared(
                        stopped(folder), () -> training(
                                resumed(folder), folder, folder.data(data, Optional.ofNullable(testData)),
                                device.open()))) {
            return train(training, folder);
        }
    }

    private RunConfig resumed(RunFolder folder) {
        return folder.config().with(changes).with(steps, null);
    }

    /** Does the part of a rank other than 0, which finds and makes everything. */
    private int follow(Function<RunFolder, RunConfig> config) {
        var job = prepared("Stopped", () -> TrainJob.heard(ranks));
        try (var folder = RunFolder.following(job.folder());
                var training = prepared(
                        "Stopped", () -> new Training(config.apply(folder), job.data(), device.open(), ranks));
                var stop = new StopSignal(() -> { })) {
            boolean done = training.run(folder, Main.Version.text(), new Training.Listener() { }, stop::isRaised);
            return done ? 0 : stop.status();
        }
    }

    private static String stopped(RunFolder folder) {
        return "Stopped; go on with " + folder.resumeCommand();
    }

    /** Prepares something; a signal ends that at once. */
    private <T> T prepared(String stopped, Supplier<T> preparing) {
        try (var _ = StopSignal.ending(stopped, spec.commandLine().getOut())) {
            return preparing.get();
        }
    }

    private int train(Training training, RunFolder folder) {
        var print = spec.commandLine().getOut();
        print.println(training.plan());
        print.println("Run folder " + folder.path());
        print.flush();
        OptionalInt stopped;
        try (var progress = new TrainProgress(training, device.open().name(), print);
                var stop = new StopSignal(progress::stops)) {
            boolean done = training.run(folder, Main.Version.text(), progress, stop::isRaised);
            stopped = done ? OptionalInt.empty() : OptionalInt.of(stop.status());
        }
        // Below the bar, which is drawn to its end first.
        if (stopped.isPresent()) {
            print.println(stopped(folder));
            print.flush();
            return stopped.getAsInt();
        }
        training.testSet().ifPresent(test -> new TestShow(
                test, Training.checkpoint(folder.path(), Checkpoint::load), device.open(), TestShow.A_WHILE)
                .run(training.config().run().evalBatch(), Colours.of(spec.commandLine()), print));
        print.flush();
        return 0;
    }

    private Training training(RunConfig config, RunFolder folder, TrainingData data, Device device) {
        new TrainJob(folder.path(), data).tell(ranks);
        try (var _ = new Waiting("Reading the data set " + data + " ...", spec.commandLine().getOut())) {
            return new Training(config, data, device, ranks);
        }
    }

    private Training prepare(RunConfig config, ConfigFile file, RunFolder folder, Device device) {
        try {
            return training(config, folder, data(config, file, folder, device), device);
        } catch (ConfigException e) {
            throw new ConfigException(configFile + ": " + e.getMessage(), e);
        }
    }

    /** Returns what is named here, else what the configuration names, else new puzzles. */
    private TrainingData data(RunConfig config, ConfigFile file, RunFolder folder, Device device) {
        var print = spec.commandLine().getOut();
        if (!data.isEmpty()) {
            if (testData == null && !file.testData().isEmpty()) {
                print.println("data_paths_test is left out with --data; --test-data names a data set to test on.");
            }
            return new TrainingData(data, Optional.ofNullable(testData));
        }
        if (file.data().isEmpty()) {
            return new TrainingData(List.of(newPuzzles(config, folder, device)), Optional.ofNullable(testData));
        }
        if (testData == null && file.testData().size() > 1) {
            throw new ConfigException("data_paths_test: expected one data set to test on, found "
                    + file.testData().size() + "; name one with --test-data.");
        }
        file.data().stream().filter(path -> !Files.isDirectory(path)).findFirst().ifPresent(missing -> {
            throw new ConfigException("data_paths: expected a data set's folder, found none at " + missing
                    + "; name yours with --data.");
        });
        var named = new TrainingData(
                file.data(), Optional.ofNullable(testData).or(() -> file.testData().stream().findFirst()));
        print.println("Trains on " + named + ", tests on " + named.tested() + ", as data_paths says");
        return named;
    }

    private Path newPuzzles(RunConfig config, RunFolder folder, Device device) {
        boolean evaluates = config.puzzles().test() > 0;
        try (var show = new DataShow(spec.commandLine().getOut(), spec.commandLine().getErr())) {
            return folder.puzzles().make(
                    config, info -> Training.requireMemory(config, info, evaluates, device, ranks), show);
        }
    }
}
