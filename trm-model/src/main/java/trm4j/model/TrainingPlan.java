package trm4j.model;

import java.util.Map;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Plan;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;
import trm4j.model.net.TrainingPrograms;

/** Plans a training on a device: tells the memory that it takes, before any of it is allocated. */
public final class TrainingPlan {

    final TrmConfig config;
    final TrainConfig train;
    final Parameters parameters;
    final TrainingPrograms programs;
    final Plan onDevice;

    /**
     * Plans a training.
     *
     * @param config with the sizes of the puzzles set
     * @throws trm4j.model.config.ConfigException if there are more weights than a buffer holds, or the device does not
     *     compute in {@code forward_dtype}
     * @throws trm4j.kernels.DeviceException if an activation has more elements than a buffer holds
     */
    public TrainingPlan(Device device, TrmConfig config, TrainConfig train) {
        this(device, config, train, train.microBatches());
    }

    /** @param scheduled as {@link TrainingPrograms} takes it */
    private TrainingPlan(Device device, TrmConfig config, TrainConfig train, int scheduled) {
        SolvingPlan.requireType(device, config);
        this.config = config;
        this.train = train;
        parameters = new Parameters(config);
        programs = new TrainingPrograms(config, train, parameters, scheduled);
        onDevice = device.plan(programs.schedules());
    }

    /**
     * Returns the bytes that a training would take on a device, without planning it as a whole: micro-batches run the
     * same programs on the same buffers, so one tells for all.
     */
    public static long bytes(Device device, TrmConfig config, TrainConfig train) {
        return new TrainingPlan(device, config, train, 1).bytes();
    }

    /** Returns the bytes that it takes on the device. */
    public long bytes() {
        return onDevice.bytes();
    }

    /**
     * Allocates everything, compiles the programs and writes first weights.
     *
     * @param totalSteps for the learning rate's schedule
     * @param weights as {@link Parameters#initialize} makes them, or a checkpoint's
     * @param seed of the exploration in halting
     * @throws trm4j.kernels.DeviceException if the device has too little memory
     * @throws trm4j.model.file.CheckpointException if the weights do not fit the architecture
     */
    public Trainer open(long totalSteps, Map<String, HostTensor> weights, long seed) {
        return new Trainer(this, totalSteps, weights, seed);
    }
}
