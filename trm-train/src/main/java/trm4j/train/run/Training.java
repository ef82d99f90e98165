package trm4j.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import trm4j.kernels.device.Device;
import trm4j.model.config.ConfigException;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;
import trm4j.model.ranks.Ranks;
import trm4j.train.Alike;
import trm4j.train.Plural;
import trm4j.train.RunException;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.TrainBatches;
import trm4j.train.data.TrainingSets;
import trm4j.train.eval.Evaluation;
import trm4j.train.metrics.StepProgress;
import trm4j.train.table.RowNames;

/** Trains a model: from a configuration and a data set to checkpoints and metrics in a run's folder. */
public final class Training implements AutoCloseable {

    /** Epochs are put together to passes of at least so many batches, so that little is dropped at their ends. */
    private static final int BATCHES_PER_PASS = 64;

    private final RunConfig config;
    private final Device device;
    private final TrainingSets trainSets;
    private final TrainBatches batches;
    private final Optional<PuzzleDataset> testSet;
    private final long totalSteps;
    private final long evalInterval;
    private final MemoryPlan.Plans plans;
    private final TrainingData data;
    private final Ranks ranks;

    /** Hears what happens in a run, in the thread that trains; what it leaves out, it does not hear. */
    public interface Listener {

        /**
         * The device is ready: buffers allocated, kernels compiled.
         *
         * @param step steps that were taken before, if the run goes on
         */
        default void started(long step, double seconds) {}

        /** Something is not as expected, but the run goes on. */
        default void notice(String sentence) {}

        /** One step was taken. */
        default void step(StepProgress progress) {}

        /** So many of the test puzzles to solve, of which there are some, are solved by now. */
        default void evaluating(int done, int puzzles) {}

        /** The test puzzles were solved. */
        default void evaluated(long step, Evaluation evaluation) {}

        /** A checkpoint was written; this is its model. */
        default void saved(Path model) {}
    }

    /**
     * What a run trains, for how long, and on what.
     *
     * @param evalInterval steps between evaluations; 0 for one at the end
     * @param batches this process's part of each
     * @param rowNames of the puzzle table, if it has several rows
     * @param plans what it computes on the device
     * @param ranks that train together
     */
    record Task(
            RunConfig config, long totalSteps, long evalInterval, TrainingData data, TrainBatches batches,
            Optional<PuzzleDataset> testSet, Optional<RowNames> rowNames, MemoryPlan.Plans plans, Ranks ranks) {}

    /**
     * Checks that everything fits together, before anything is written.
     *
     * @throws trm4j.kernels.UserException if the data set is not whole, does not fit the configuration, or the
     *     device has too little memory
     */
    public Training(RunConfig given, Path data, Device device) {
        this(given, TrainingData.of(data), device);
    }

    /**
     * Checks that everything fits together, before anything is written.
     *
     * @throws trm4j.kernels.UserException if a data set is not whole, does not fit the configuration or another data
     *     set, or the device has too little memory
     */
    public Training(RunConfig given, TrainingData data, Device device) {
        this(given, data, device, Ranks.ALONE);
    }

    /**
     * Checks that everything fits together, before anything is written; of processes that train together, each does this
     * at the same time.
     *
     * @throws trm4j.kernels.UserException if a data set is not whole, does not fit the configuration or another data
     *     set, the device has too little memory, there are more ranks than micro-batches, or they have other
     *     configurations or data sets
     */
    public Training(RunConfig given, TrainingData data, Device device, Ranks ranks) {
        this.device = device;
        this.data = data;
        this.ranks = ranks;
        trainSets = new TrainingSets(data.train());
        try {
            testSet = data.test().isPresent() || Files.isDirectory(data.tested().resolve(Split.TEST.toString()))
                    ? Optional.of(PuzzleDataset.open(data.tested(), Split.TEST))
                    : Optional.empty();
        } catch (RuntimeException | Error e) {
            trainSets.close();
            throw e;
        }
        try {
            var info = trainSets.info();
            config = given.with(arch(given.arch(), info, "dataset.json in " + data.train().getFirst()));
            testSet.ifPresent(trainSets::requireAlike);
            ConfigException.require(
                    !config.train().freezesWeights() || config.run().start().isPresent(), "train.freeze",
                    "none where a run begins with new weights, since they have learned nothing (run.init or --init "
                            + "names a model to begin with)", config.train().freeze().key());
            int batch = config.train().batchSize();
            totalSteps = config.run().steps() > 0 ? config.run().steps() : info.steps(config.run().epochs(), batch);
            if (totalSteps < 1) {
                throw new ConfigException("run.epochs: expected enough epochs for one step of "
                        + Plural.count(batch, "puzzle") + ", found " + Plural.count(config.run().epochs(), "epoch")
                        + " of " + Plural.count(info.totalGroups(), "puzzle") + ".");
            }
            evalInterval = config.run().evalInterval() > 0 || config.run().evalEpochs() == 0
                    ? config.run().evalInterval()
                    // Rounded up: the last evaluation is the one at the end, and not one a few steps before it.
                    : (long) Math.ceil(info.exactSteps(config.run().evalEpochs(), batch));
            int epochsPerPass = (int) Math.ceilDiv((long) BATCHES_PER_PASS * batch, trainSets.fewestGroups());
            // Before there are arrays for a batch, for which there may be no memory either.
            plans = new MemoryPlan(device, config, testSet.map(PuzzleDataset::examples).orElse(0), ranks).require();
            int first = plans.training().firstPuzzle();
            batches = new TrainBatches(
                    trainSets, batch, epochsPerPass, config.run().seed(), first, first + plans.training().puzzles());
            requireAlike();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void requireAlike() {
        if (ranks.areSeveral()) {
            Alike.require(ranks, "configuration", config.yaml());
            try {
                Alike.require(ranks, "data set", DataRecord.lines(data));
            } catch (IOException e) {
                throw new RunException("The data set " + data + " cannot be read: " + e.getMessage() + ".", e);
            }
        }
    }

    /**
     * Checks that there is enough memory, before a run's puzzles are made or read.
     *
     * @param info what their data set says, or will say
     * @throws ConfigException if there is less than the run takes
     */
    public static void requireMemory(RunConfig given, DatasetInfo info, boolean evaluates, Device device) {
        requireMemory(given, info, evaluates, device, Ranks.ALONE);
    }

    /**
     * Checks that there is enough memory, before a run's puzzles are made or read.
     *
     * @param info what their data set says, or will say
     * @param ranks that are to train together
     * @throws ConfigException if there is less than the run takes
     */
    public static void requireMemory(
            RunConfig given, DatasetInfo info, boolean evaluates, Device device, Ranks ranks) {
        new MemoryPlan(
                device, given.with(arch(given.arch(), info, "puzzles.size")), evaluates ? Integer.MAX_VALUE : 0, ranks)
                .require();
    }

    /**
     * Finds the checkpoint that a path names: a file, a checkpoint's folder, or a run's, whose newest it is; where
     * there is nothing, one that comes with trm.
     *
     * @throws trm4j.train.RunException if there is none
     */
    public static Path checkpoint(Path path) {
        return RunFolder.checkpoint(path);
    }

    /**
     * Uses the checkpoint that a path names, as {@link #checkpoint(Path)} finds it. A run that goes on may delete it
     * meanwhile: then the newest that there is then is taken.
     *
     * @param use is given the model's file; it may be asked again with another
     * @throws trm4j.train.RunException if there is none
     */
    public static <T> T checkpoint(Path path, Function<Path, T> use) {
        return RunFolder.checkpoint(path, use);
    }

    /** Returns the architecture with the data set's sizes, where it leaves them open. */
    private static TrmConfig arch(TrmConfig arch, DatasetInfo info, String source) {
        return arch.forPuzzles(
                size("seq_len", arch.seqLen(), info.seqLen(), source),
                size("vocab_size", arch.vocabSize(), info.vocabSize(), source),
                size("num_puzzle_identifiers", arch.numPuzzleIdentifiers(), info.numPuzzleIdentifiers(), source));
    }

    private static int size(String key, int configured, int found, String source) {
        if (configured != 0 && configured != found) {
            throw new ConfigException("arch." + key + ": expected " + found + ", as " + source + " says, found "
                    + configured + "; leave it out to take that.");
        }
        return found;
    }

    /** Returns the configuration that runs, with the data set's sizes. */
    public RunConfig config() {
        return config;
    }

    public long totalSteps() {
        return totalSteps;
    }

    /** Returns the multiplications and additions in the matrix products of so many of the first steps. */
    public double flops(long steps) {
        return plans.training().flops(steps, totalSteps);
    }

    /** Says what is about to be trained, on what, and the memory it takes: a few lines. */
    public String plan() {
        var parameters = new Parameters(config.arch());
        var frozen = config.train().freezesWeights()
                ? String.format(Locale.ROOT, " (%,d frozen)", parameters.size())
                : "";
        return String.format(
                Locale.ROOT, "%,d parameters%s, %,d training %s, %,d %s of %d (%d at a time%s)%n%s"
                        + "Device %s (%s): %s",
                parameters.trained(), frozen, trainSets.examples(), Plural.of(trainSets.examples(), "puzzle"),
                totalSteps, Plural.of(totalSteps, "step"), config.train().batchSize(),
                config.train().puzzlesAtATime(), ranks.areSeveral() ? " in each of " + ranks.size() + " processes" : "",
                schedules(), device.name(), device.info().description(), plans.need().line());
    }

    /** Says what epochs come to, if the configuration counts in them, and when the depth changes, if it does. */
    private String schedules() {
        var run = config.run();
        var lines = new StringBuilder();
        if (run.steps() == 0) {
            lines.append(String.format(
                    Locale.ROOT, "Epochs: %,d of %,d %s, %,d %s in all%n", run.epochs(), trainSets.groups(),
                    Plural.of(trainSets.groups(), "group"), totalSteps, Plural.of(totalSteps, "step")));
        }
        if (run.evalInterval() == 0 && run.evalEpochs() > 0) {
            lines.append(String.format(
                    Locale.ROOT, "Epochs between evaluations: %,d, in steps: %,d%n", run.evalEpochs(), evalInterval));
        }
        if (!config.train().depthSchedule().isEmpty()) {
            lines.append("Depth: ")
                    .append(config.train().depthSchedule().told(totalSteps, config.arch().depth()))
                    .append(System.lineSeparator());
        }
        return lines.toString();
    }

    /**
     * Trains to the end, or until it is told to stop. A folder that has a run already goes on with it. Where processes
     * train together, rank 0 has the folder and hears of everything; it is {@link RunFolder#following} to the others. All
     * stop when one is told to.
     *
     * @param stop asked after each step
     * @return whether it came to the end; what was trained is saved in any case
     * @throws trm4j.kernels.UserException if it cannot begin, or something keeps it from going on
     */
    public boolean run(RunFolder folder, String version, Listener listener, BooleanSupplier stop) {
        return run(folder, version, listener, stop, new Disk());
    }

    boolean run(RunFolder folder, String version, Listener listener, BooleanSupplier stop, Disk disk) {
        var names = RowNames.of(config.arch(), trainSets.identifiers());
        var task = new Task(config, totalSteps, evalInterval, data, batches, testSet, names, plans, ranks);
        try (var run = new TrainingRun(task, device, folder, disk, version, listener, stop)) {
            return run.go();
        }
    }

    /** Returns the test puzzles, if there are any. */
    public Optional<PuzzleDataset> testSet() {
        return testSet;
    }

    @Override
    public void close() {
        trainSets.close();
        testSet.ifPresent(PuzzleDataset::close);
    }
}
