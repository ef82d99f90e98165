package trm4j.model;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Plan;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Depth;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;
import trm4j.model.net.Share;
import trm4j.model.net.TrainingPrograms;
import trm4j.model.ranks.Ranks;

/** Plans a training on a device: tells the memory that it takes, before any of it is allocated. */
public final class TrainingPlan {

    final TrmConfig config;
    final TrainConfig train;
    final Parameters parameters;
    final Share share;
    final Ranks ranks;
    final TrainingPrograms programs;
    final Plan onDevice;

    /**
     * Plans a training by one process.
     *
     * @param config with the sizes of the puzzles set
     * @throws ConfigException if there are more weights than a buffer holds, or the device does not compute in {@code
     *     forward_dtype}
     * @throws trm4j.kernels.DeviceException if an activation has more elements than a buffer holds
     */
    public TrainingPlan(Device device, TrmConfig config, TrainConfig train) {
        this(device, config, train, Ranks.ALONE);
    }

    /**
     * Plans a rank's part of a training: of each batch, it computes some micro-batches.
     *
     * @param config with the sizes of the puzzles set
     * @throws ConfigException if there are more weights than a buffer holds, the device does not compute in {@code
     *     forward_dtype}, or there are more ranks than micro-batches
     * @throws trm4j.kernels.DeviceException if an activation has more elements than a buffer holds
     */
    public TrainingPlan(Device device, TrmConfig config, TrainConfig train, Ranks ranks) {
        this(device, config, train, ranks, Integer.MAX_VALUE);
    }

    /** @param most micro-batches that are scheduled */
    private TrainingPlan(Device device, TrmConfig config, TrainConfig train, Ranks ranks, int most) {
        SolvingPlan.requireType(device, config);
        this.config = config;
        this.train = train;
        this.ranks = ranks;
        share = share(train, ranks);
        parameters = new Parameters(config);
        programs = new TrainingPrograms(config, train, parameters, share, Math.min(most, share.count()));
        onDevice = device.plan(programs.schedules());
    }

    private static Share share(TrainConfig train, Ranks ranks) {
        int micros = train.microBatches();
        if (ranks.size() > micros) {
            int batch = train.batchSize();
            var fitting = IntStream.rangeClosed(1, batch / ranks.size()).filter(n -> batch % n == 0).max();
            throw new ConfigException("train.micro_batch: " + ranks.size() + " processes share a batch of " + batch
                    + " puzzles, expected at least as many micro-batches, found " + micros + " of "
                    + train.puzzlesAtATime() + "; "
                    + (fitting.isPresent() ? "set it to " + fitting.getAsInt() + ", or start fewer processes."
                            : "choose a larger train.batch_size, or start fewer processes."));
        }
        return Share.of(micros, ranks.rank(), ranks.size());
    }

    /**
     * Returns the bytes that a rank's part of a training would take on a device, without planning it as a whole:
     * micro-batches run the same programs on the same buffers, so one tells for all.
     */
    public static long bytes(Device device, TrmConfig config, TrainConfig train, Ranks ranks) {
        return new TrainingPlan(device, config, train, ranks, 1).bytes();
    }

    /** Returns the same of a training by one process. */
    public static long bytes(Device device, TrmConfig config, TrainConfig train) {
        return bytes(device, config, train, Ranks.ALONE);
    }

    /** Returns the puzzles of each batch that this rank computes: the first, counted from 0. */
    public int firstPuzzle() {
        return share.first() * train.puzzlesAtATime();
    }

    /** Returns how many puzzles of each batch this rank computes. */
    public int puzzles() {
        return share.count() * train.puzzlesAtATime();
    }

    /** Returns the bytes that it takes on the device. */
    public long bytes() {
        return onDevice.bytes();
    }

    /**
     * Returns the multiplications and additions in the matrix products of a training's first steps.
     *
     * @param totalSteps of the whole training, for the depth's schedule
     */
    public double flops(long steps, long totalSteps) {
        var ofAStep = new HashMap<Depth, Long>();
        double flops = 0;
        for (long step = 1; step <= steps; step++) {
            flops += ofAStep.computeIfAbsent(
                    train.depthSchedule().at(step, totalSteps, config.depth()),
                    depth -> programs.gradients(depth).flops());
        }
        return flops;
    }

    /**
     * Allocates everything, compiles the programs and writes first weights.
     *
     * @param totalSteps for the schedules of the learning rate and the depth
     * @param weights as {@link Parameters#initialize} makes them, or a checkpoint's
     * @param seed of the exploration in halting, and of all noise
     * @throws trm4j.kernels.DeviceException if the device has too little memory
     * @throws trm4j.model.file.CheckpointException if the weights do not fit the architecture
     */
    public Trainer open(long totalSteps, Map<String, HostTensor> weights, long seed) {
        return new Trainer(this, totalSteps, weights, seed);
    }
}
