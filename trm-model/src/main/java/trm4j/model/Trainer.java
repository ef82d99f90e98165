package trm4j.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Execution;
import trm4j.model.config.Depth;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;
import trm4j.model.net.TrainingPrograms;

/**
 * Trains a model on a device: deep supervision with adaptive halting. Each step takes a fresh batch; slots whose
 * sequence halted take the new puzzle, the others go on with what they had. Weights, gradients, optimizer
 * state and the carry (z_H, z_L, steps, puzzles) stay on the device between steps. A {@link TrainingPlan} opens it.
 *
 * <p>Where several processes train together, each has the slots of its part of the batch, and the same weights; all take
 * each step together, and come to what one process would, to the bit.
 */
public final class Trainer implements AutoCloseable {

    private static final String SOURCE = "the initial weights";

    private final TrmConfig config;
    private final TrainConfig train;
    private final long totalSteps;
    private final long seed;
    private final Parameters parameters;
    private final TrainingPrograms programs;
    private final Execution execution;
    private final TrainingPlan plan;
    private final BatchExchange exchange;
    private final NonFiniteFinder finder;
    private long step;

    /**
     * Compiles the model for a device and gives it weights.
     *
     * @param config with the sizes of the puzzles set
     * @param totalSteps for the schedules of the learning rate and the depth
     * @param weights as {@link Parameters#initialize} makes them, or a checkpoint's
     * @param seed of the exploration in halting, and of all noise
     * @throws trm4j.kernels.DeviceException if the device has too little memory
     * @throws trm4j.model.file.CheckpointException if the weights do not fit the architecture
     */
    Trainer(
            Device device, TrmConfig config, TrainConfig train, long totalSteps, Map<String, HostTensor> weights,
            long seed) {
        this(new TrainingPlan(device, config, train), totalSteps, weights, seed);
    }

    Trainer(TrainingPlan plan, long totalSteps, Map<String, HostTensor> weights, long seed) {
        this.plan = plan;
        config = plan.config;
        train = plan.train;
        this.totalSteps = totalSteps;
        this.seed = seed;
        parameters = plan.parameters;
        programs = plan.programs;
        parameters.requireAll(weights, SOURCE);
        finder = new NonFiniteFinder(parameters, programs.flat());
        execution = plan.onDevice.open();
        exchange = new BatchExchange(plan.ranks, execution, programs, plan.share.of());
        try {
            programs.model.write(execution, weights, SOURCE, programs.model.weights, programs.averaged());
            var all = new int[plan.puzzles()];
            Arrays.fill(all, 1);
            execution.write(programs.halted, all);
            programs.begin(execution, seed);
        } catch (RuntimeException | Error e) {
            execution.close();
            throw e;
        }
    }

    /**
     * Takes one step: forward, backward, both optimizers, moving average. A step that fails is not taken: {@link
     * #steps} stays as it is. If it fails before the device has begun to compute, the next step is as if nothing had
     * happened; after that, slots may have gone on to their next supervision step, and {@link #restore} puts them back.
     *
     * @param batch of the configured batch size; of that, this process's part
     * @throws DivergedException if the loss is not a finite number; the weights are as before then
     * @throws trm4j.kernels.DeviceException if the device fails
     */
    public StepMetrics step(Batch batch) {
        var metrics = computeGradients(batch);
        if (!Double.isFinite(metrics.loss())) {
            var first = exchange.first(finder.firstIn(programs.inOrder, execution));
            throw DivergedException.of(
                    "The loss is " + metrics.loss(), step + 1, first.map(NonFiniteFinder.Found::name).orElse("the loss"));
        }
        update();
        return metrics;
    }

    /** Returns the number of steps that were taken, those before {@link #restore} included. */
    public long steps() {
        return step;
    }

    /**
     * Returns the model as it is now, with moving averages for weights.
     *
     * @throws DivergedException if a number is not finite
     */
    public Checkpoint checkpoint() {
        var tensors = averagedWeights();
        tensors.forEach((name, tensor) -> {
            if (NonFiniteFinder.indexIn(tensor.values()) >= 0) {
                throw DivergedException.of("There are numbers", step, "the average of " + name);
            }
        });
        return new Checkpoint(config, train, step, tensors);
    }

    /**
     * Writes all that {@link #restore} needs beside {@link #checkpoint}, whole or not at all. Where several processes
     * train, the first does this, while all others {@link #handOver}.
     *
     * @throws trm4j.model.file.CheckpointException if it cannot be written
     * @throws DivergedException if a number is not finite
     */
    public void save(Path file) {
        stateFile().write(file, step, finder);
    }

    /** Gives the first process, which saves, what this one has. */
    public void handOver() {
        stateFile().handOver();
    }

    /**
     * Goes on where {@link #save} was called, to the bit on the same device. This trainer was made with the tensors
     * of that {@link #checkpoint}, the same settings and seed; there may be more or fewer processes.
     *
     * @throws trm4j.model.file.CheckpointException if the file cannot be read, or does not fit; this trainer is then
     *     of no more use
     */
    public void restore(Path file) {
        step = stateFile().read(file);
    }

    private TrainingStateFile stateFile() {
        return TrainingStateFile.of(execution, programs, config, plan.share, plan.ranks);
    }

    /** Does the first part of a step, up to the norms; the second is {@link #update}. */
    StepMetrics computeGradients(Batch batch) {
        long next = step + 1;
        execution.write(programs.fresh.inputs(), batch.inputs());
        execution.write(programs.fresh.labels(), batch.labels());
        execution.write(programs.fresh.identifiers(), batch.puzzleIdentifiers());
        execution.write(programs.minSteps, minSteps(next));
        execution.write(programs.rates, rates(next));
        programs.noises.forEach(noise -> noise.step(execution, next));
        execution.run(programs.gradients(depth(next)));
        if (plan.ranks.areSeveral()) {
            exchange.run();
        }
        execution.run(programs.norms);
        return StepMetrics.of(execution.floats(programs.metrics), execution.floats(programs.squares));
    }

    private Depth depth(long step) {
        return train.depthSchedule().at(step, totalSteps, config.depth());
    }

    /** Returns how deep the last step was that was taken. */
    public Depth depth() {
        return depth(step);
    }

    /** Does the second part of a step: both optimizers and the moving average. The step is taken then. */
    void update() {
        execution.run(programs.update);
        step++;
    }

    /** Returns the dense weights' learning rate in the last step that was taken; the table's where they are frozen. */
    public double learningRate() {
        return train.freezesWeights() ? puzzleLearningRate() : train.lr() * train.rateFactor(step, totalSteps);
    }

    /** Returns the puzzle table's learning rate in the last step that was taken. */
    double puzzleLearningRate() {
        return train.puzzleEmbLr() * train.rateFactor(step, totalSteps);
    }

    /** Returns what {@link TrainingPrograms#rates} takes in a step. */
    private float[] rates(long step) {
        double factor = train.rateFactor(step, totalSteps);
        double lr = train.lr() * factor;
        return new float[] {
            (float) lr,
            (float) (lr / (1 - Math.pow(train.beta1(), step))),
            (float) (1 / Math.sqrt(1 - Math.pow(train.beta2(), step))),
            (float) (train.puzzleEmbLr() * factor)
        };
    }

    /** Draws the steps before which each slot may not halt, anew for each step: 0 for most. Drawn for the whole batch. */
    private int[] minSteps(long step) {
        var random = new SplittableRandom(seed + step * 0x9E3779B97F4A7C15L);
        var steps = new int[plan.puzzles()];
        int first = plan.firstPuzzle();
        for (int i = 0; i < first + steps.length; i++) {
            boolean explores = random.nextDouble() < config.haltExplorationProb();
            int least = config.haltMaxSteps() < 2 ? 0 : random.nextInt(2, config.haltMaxSteps() + 1);
            if (i >= first) {
                steps[i - first] = explores ? least : 0;
            }
        }
        return steps;
    }

    /** Returns all that inference needs, by the reference's names: trained weights as they are. */
    Map<String, HostTensor> weights() {
        return programs.model.read(execution, programs.model.weights);
    }

    /** Returns the same as {@link #weights}, with the moving average of the dense weights in their place. */
    Map<String, HostTensor> averagedWeights() {
        return programs.model.read(execution, programs.averaged());
    }

    /** Returns the gradients with respect to the dense weights in the last step, by their names; not if frozen. */
    Map<String, HostTensor> gradients() {
        return parameters.split(execution.floats(programs.adam.orElseThrow().gradients()));
    }

    /** Returns Adam's moving average of the gradients, by the weights' names; not if frozen. */
    Map<String, HostTensor> firstMoments() {
        return parameters.split(execution.floats(programs.adam.orElseThrow().m()));
    }

    /** Returns Adam's moving average of the gradients' squares, by the weights' names; not if frozen. */
    Map<String, HostTensor> secondMoments() {
        return parameters.split(execution.floats(programs.adam.orElseThrow().v()));
    }

    /** Puts other states in place of the carried ones, [batch, T, D] each. */
    void carry(float[] zH, float[] zL) {
        execution.write(programs.zH, zH);
        execution.write(programs.zL, zL);
    }

    /**
     * Puts another state in place of all that the next step starts from.
     *
     * @throws trm4j.model.file.CheckpointException if weights, moments or averages do not fit the architecture
     */
    void set(TrainerState state) {
        var adam = programs.adam.orElseThrow();
        programs.model.write(execution, state.weights(), SOURCE, programs.model.weights);
        programs.model.write(execution, state.ema(), "the averages", adam.ema());
        programs.model.write(execution, state.m(), "the gradients' averages", adam.m());
        programs.model.write(execution, state.v(), "the averages of the gradients' squares", adam.v());
        carry(state.zH(), state.zL());
        execution.write(programs.steps, state.taken());
        execution.write(programs.halted, state.halted());
        execution.write(programs.current.inputs(), state.puzzles().inputs());
        execution.write(programs.current.labels(), state.puzzles().labels());
        execution.write(programs.current.identifiers(), state.puzzles().puzzleIdentifiers());
        step = state.steps();
    }

    /** Returns what the last step left on the device, to be compared with a recorded run. */
    Recorded recorded() {
        var puzzles = programs.current;
        return new Recorded(
                execution.floats(programs.logits),
                execution.ints(programs.predictions),
                execution.floats(programs.q),
                execution.floats(programs.zH),
                execution.floats(programs.zL),
                execution.ints(programs.steps),
                execution.ints(programs.halted),
                new Batch(
                        execution.ints(puzzles.inputs()), execution.ints(puzzles.labels()),
                        execution.ints(puzzles.identifiers())),
                programs.dRows.map(execution::floats).orElseGet(() -> new float[0]));
    }

    /**
     * The state after a step.
     *
     * @param logits of the last micro-batch only
     * @param puzzles those that the slots work on
     * @param rowGradients with respect to the batch's puzzle rows; empty without a puzzle table
     */
    record Recorded(
            float[] logits, int[] predictions, float[] q, float[] zH, float[] zL, int[] steps, int[] halted,
            Batch puzzles, float[] rowGradients) {

        /** Returns the halt logits, without the continue logits. */
        float[] haltLogits() {
            var halt = new float[q.length / 2];
            for (int i = 0; i < halt.length; i++) {
                halt[i] = q[2 * i];
            }
            return halt;
        }
    }

    @Override
    public void close() {
        execution.close();
    }
}
