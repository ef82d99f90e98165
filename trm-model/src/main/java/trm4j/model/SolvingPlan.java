package trm4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Plan;
import trm4j.model.config.ConfigException;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;
import trm4j.model.net.SolvingPrograms;

/**
 * Plans solving on a device: tells the memory that it takes, before any of it is allocated. Where a device need not
 * compile for it, fewer puzzles at a time are planned too, for when the last ones are left: a quarter of the slots, a
 * quarter of these, and so on, with all activations in a third more memory.
 */
public final class SolvingPlan {

    /** How many times as many slots as the next fewer. */
    private static final int FEWER = 4;

    final TrmConfig config;
    final Parameters parameters;
    /** The most puzzles at a time first. */
    final List<SolvingPrograms> programs;
    final Plan onDevice;

    /**
     * Plans to solve some puzzles at a time.
     *
     * @param config with the sizes of the puzzles set
     * @param loss which cross-entropy the answers come with
     * @param batch puzzles, at least 1
     * @throws trm4j.model.config.ConfigException if there are more weights than a buffer holds, or the device does not
     *     compute in {@code forward_dtype}
     * @throws trm4j.kernels.DeviceException if an activation has more elements than a buffer holds
     */
    public SolvingPlan(Device device, TrmConfig config, TrainConfig.Loss loss, int batch) {
        this(device, config, loss, batch, false);
    }

    /**
     * Plans to solve some puzzles at a time, with noise if that is wanted.
     *
     * @param batch puzzles, at least 1
     * @param noisy whether a {@link RolloutSolver} is to add noise
     * @throws trm4j.model.config.ConfigException if there are more weights than a buffer holds, or the device does not
     *     compute in {@code forward_dtype}
     * @throws trm4j.kernels.DeviceException if an activation has more elements than a buffer holds
     */
    public SolvingPlan(Device device, TrmConfig config, TrainConfig.Loss loss, int batch, boolean noisy) {
        requireType(device, config);
        this.config = config;
        parameters = new Parameters(config);
        programs = SolvingPrograms.of(
                config, parameters, loss, device.compiles() ? List.of(batch) : batches(batch), noisy);
        onDevice = device.plan(programs.stream().flatMap(each -> each.schedules().stream()).toList());
    }

    private static List<Integer> batches(int most) {
        var batches = new ArrayList<>(List.of(most));
        while (batches.getLast() > 1) {
            batches.add(Math.ceilDiv(batches.getLast(), FEWER));
        }
        return batches;
    }

    /** Refuses a type of activations that a device lacks. */
    static void requireType(Device device, TrmConfig config) {
        var dtype = config.forwardDtype();
        if (!device.stores(dtype.type())) {
            throw new ConfigException("arch.forward_dtype: expected float32, which is all that device " + device.name()
                    + " computes in, found " + dtype.key() + "; set arch.forward_dtype=float32 (with trm eval, --dtype "
                    + "float32), or take --device cpu.");
        }
    }

    /** Returns the bytes that it takes on the device. */
    public long bytes() {
        return onDevice.bytes();
    }

    /**
     * Allocates everything, compiles the programs and writes the weights.
     *
     * @param weights a checkpoint's
     * @throws trm4j.kernels.DeviceException if the device has too little memory
     * @throws trm4j.model.file.CheckpointException if the weights do not fit the architecture
     */
    public Solver open(Map<String, HostTensor> weights) {
        return new Solver(this, weights);
    }
}
