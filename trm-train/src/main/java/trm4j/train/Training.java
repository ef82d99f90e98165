package trm4j.train;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import trm4j.kernels.Device;
import trm4j.model.Checkpoint;
import trm4j.model.ConfigException;
import trm4j.model.Parameters;
import trm4j.model.Solver;
import trm4j.model.StepMetrics;
import trm4j.model.TrmConfig;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.SudokuRules;
import trm4j.train.data.TrainBatches;
import trm4j.train.eval.Evaluation;
import trm4j.train.memory.MemoryNeed;

/** A training run: from a configuration and a data set to checkpoints and metrics in a folder. */
public final class Training implements AutoCloseable {

    /** Epochs are put together to passes of at least so many batches, so that little is dropped at their ends. */
    private static final int BATCHES_PER_PASS = 64;

    private final RunConfig config;
    private final Device device;
    private final PuzzleDataset trainSet;
    private final TrainBatches batches;
    private final Optional<PuzzleDataset> testSet;
    private final long totalSteps;
    private final MemoryNeed memory;
    private final Path data;

    /** Hears what happens in a run. */
    public interface Listener {

        /**
         * The device is ready: buffers allocated, kernels compiled.
         *
         * @param step steps that were taken before, if the run goes on
         */
        void started(long step, double seconds);

        /** Something is not as expected, but the run goes on. */
        void notice(String sentence);

        /** One step was taken. */
        void step(Progress progress);

        /** The test puzzles were solved. */
        void evaluated(long step, Evaluation evaluation);

        /** A checkpoint was written; this is its model. */
        void saved(Path model);
    }

    /**
     * What a run trains, for how long, and on what.
     *
     * @param memory bytes that it takes on the device
     */
    record Task(
            RunConfig config, long totalSteps, Path data, TrainBatches batches, Optional<PuzzleDataset> testSet,
            long memory) {}

    /**
     * A step that was taken.
     *
     * @param step counted from 1
     * @param batchSize puzzles in it
     * @param recent the accuracy of this step and those before
     * @param seconds since the run began, evaluations left out
     */
    public record Progress(
            long step, long totalSteps, int batchSize, StepMetrics metrics, Recent recent, double lr, double seconds) {

        /** The loss of a puzzle, on average. */
        public double loss() {
            return metrics.loss() / batchSize;
        }

        /** A mean over the sequences that halted in this step; empty where none did. */
        public Optional<Double> mean(double sum) {
            return metrics.count() == 0 ? Optional.empty() : Optional.of(sum / metrics.count());
        }

        public double samplesPerSecond() {
            return step * batchSize / seconds;
        }
    }

    /**
     * Checks that everything fits together, before anything is written.
     *
     * @throws trm4j.kernels.UserException if the data set is not whole, does not fit the configuration, or the
     *     device has too little memory
     */
    public Training(RunConfig given, Path data, Device device) {
        this.device = device;
        this.data = data;
        trainSet = PuzzleDataset.open(data, Split.TRAIN);
        testSet = data.resolve(Split.TEST.toString()).toFile().isDirectory()
                ? Optional.of(PuzzleDataset.open(data, Split.TEST))
                : Optional.empty();
        var dataInfo = "dataset.json in " + data;
        config = given.with(arch(given.arch(), trainSet.info(), dataInfo));
        testSet.ifPresent(test -> arch(config.arch(), test.info(), dataInfo));
        long byEpochs = trainSet.info().steps(config.run().epochs(), config.train().batchSize());
        totalSteps = config.run().steps() > 0 ? config.run().steps() : byEpochs;
        if (totalSteps < 1) {
            throw new ConfigException("run.epochs: expected enough epochs for one step of " + config.train().batchSize()
                    + " puzzles, found " + config.run().epochs() + " epochs of " + trainSet.groups() + " puzzles.");
        }
        int batch = config.train().batchSize();
        int epochsPerPass = (int) Math.ceilDiv((long) BATCHES_PER_PASS * batch, trainSet.groups());
        batches = new TrainBatches(trainSet, batch, epochsPerPass, config.run().seed());
        var plan = new MemoryPlan(device, config, testSet.isPresent());
        plan.require();
        memory = plan.need();
    }

    /**
     * Checks that there is enough memory, before a run's puzzles are made or read.
     *
     * @param info what their data set says, or will say
     * @throws ConfigException if there is less than the run takes
     */
    public static void requireMemory(RunConfig given, DatasetInfo info, boolean evaluates, Device device) {
        new MemoryPlan(device, given.with(arch(given.arch(), info, "puzzles.size")), evaluates).require();
    }

    /**
     * The checkpoint that a path names: a file, a checkpoint's folder, or a run's, whose newest it is.
     *
     * @throws RunException if there is none
     */
    public static Path checkpoint(Path path) {
        return RunFolder.checkpoint(path);
    }

    /** The architecture with the data set's sizes, where it leaves them open. */
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

    /** The configuration that runs, with the data set's sizes. */
    public RunConfig config() {
        return config;
    }

    public long totalSteps() {
        return totalSteps;
    }

    /** What is about to be trained, on what, and the memory it takes: two lines. */
    public String plan() {
        var parameters = new Parameters(config.arch());
        return String.format(
                Locale.ROOT, "%,d parameters, %,d training puzzles, %,d steps of %d (%d at a time)%n"
                        + "Device %s (%s): %s",
                parameters.trained(), trainSet.examples(), totalSteps, config.train().batchSize(),
                config.train().puzzlesAtATime(), device.name(), device.description(), memory.line());
    }

    /**
     * Trains to the end, or until it is told to stop. A folder that has a run already goes on with it.
     *
     * @param stop asked after each step
     * @return whether it came to the end; what was trained is saved in any case
     * @throws trm4j.kernels.UserException if it cannot begin, or something keeps it from going on
     */
    public boolean run(RunFolder folder, String version, Listener listener, BooleanSupplier stop) {
        return run(folder, version, listener, stop, new Disk());
    }

    boolean run(RunFolder folder, String version, Listener listener, BooleanSupplier stop, Disk disk) {
        var task = new Task(config, totalSteps, data, batches, testSet, memory.buffers());
        try (var run = new TrainingRun(task, device, folder, disk, version, listener, stop)) {
            return run.go();
        }
    }

    /** Solves the first test puzzle with what was trained, if it is a Sudoku. */
    public void showOne(RunFolder folder, PrintWriter out) {
        if (testSet.isEmpty() || SudokuShow.rules(config.arch()).isEmpty()) {
            return;
        }
        var trained = Checkpoint.load(checkpoint(folder.path()));
        var clues = SudokuRules.grid(testSet.get().example(0).inputs());
        out.println();
        out.println("A test puzzle, solved step by step (changed cells in brackets):");
        try (var solver = new Solver(device, config.arch(), config.train().loss(), 1, trained.tensors())) {
            SudokuShow.of(config.arch(), SudokuRules.format(clues), "the model")
                    .run(solver, config.arch().haltMaxSteps(), out);
        }
    }

    @Override
    public void close() {
        trainSet.close();
        testSet.ifPresent(PuzzleDataset::close);
    }
}
