package trm4j.cli.play;

import trm4j.kernels.device.Device;
import trm4j.model.Checkpoint;
import trm4j.model.Rollouts;
import trm4j.model.Solver;
import trm4j.model.SolvingPlan;

/** Opens a model for as many tries at a time as are asked for. One is open at a time: a model may be large. */
final class Solvers implements AutoCloseable {

    private final Device device;
    private final Checkpoint model;
    private Solver open;
    private int slots;
    private boolean noisy;

    /**
     * Opens a model for one try at a time.
     *
     * @throws trm4j.kernels.DeviceException if there is too little memory
     */
    Solvers(Device device, Checkpoint model) {
        this.device = device;
        this.model = model;
        of(Rollouts.ONE);
    }

    /**
     * Returns what tries puzzles so; what it returned before may be closed then.
     *
     * @throws trm4j.kernels.DeviceException if there is too little memory
     * @throws trm4j.model.config.ConfigException if noise is not drawn in the model's type
     */
    Solver of(Rollouts rollouts) {
        boolean noise = rollouts.noise() > 0;
        if (open == null || slots != rollouts.count() || noisy != noise) {
            var plan = new SolvingPlan(device, model.config(), model.train().loss(), rollouts.count(), noise);
            close();
            open = plan.open(model.tensors());
            slots = rollouts.count();
            noisy = noise;
        }
        return open;
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
