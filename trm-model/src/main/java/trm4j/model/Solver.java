package trm4j.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Execution;
import trm4j.kernels.op.GaussianNoise;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.net.SolvingPrograms;

/**
 * Solves puzzles on a device with trained weights: a batch of them at a time, one supervision step after the other, as
 * many as the caller asks for. Nothing is trained and nothing halts by itself.
 */
public final class Solver implements AutoCloseable {

    /** Numbers that tell what noise a slot gets: those of the puzzle, the rollout and the step. */
    static final int COUNTERS = GaussianNoise.COUNTERS;

    private static final String SOURCE = "the checkpoint";

    private final TrmConfig config;
    /** The most puzzles at a time first. */
    private final List<SolvingPrograms> all;
    private final Execution execution;
    private SolvingPrograms programs;

    /**
     * Compiles the model for a device and gives it weights.
     *
     * @param config with the sizes of the puzzles set
     * @param loss which cross-entropy the answers come with
     * @param batch puzzles solved at a time
     * @param weights a checkpoint's
     * @throws trm4j.kernels.DeviceException if the device has too little memory
     * @throws trm4j.model.file.CheckpointException if the weights do not fit the architecture
     */
    public Solver(
            Device device, TrmConfig config, TrainConfig.Loss loss, int batch, Map<String, HostTensor> weights) {
        this(new SolvingPlan(device, config, loss, batch), weights);
    }

    Solver(SolvingPlan plan, Map<String, HostTensor> weights) {
        config = plan.config;
        all = plan.programs;
        programs = all.getFirst();
        plan.parameters.requireAll(weights, SOURCE);
        execution = plan.onDevice.open();
        try {
            load(weights);
        } catch (RuntimeException | Error e) {
            execution.close();
            throw e;
        }
    }

    TrmConfig config() {
        return config;
    }

    /** Returns the number of slots: puzzles solved at a time, at most. */
    public int batch() {
        return all.getFirst().batch();
    }

    /** Returns the number of slots that steps are taken with now. */
    int slots() {
        return programs.batch();
    }

    /** Returns how few slots would do for some puzzles. */
    int fewestFor(int puzzles) {
        return fewest(puzzles).batch();
    }

    private SolvingPrograms fewest(int puzzles) {
        return all.stream().filter(each -> each.batch() >= puzzles).reduce((_, fewer) -> fewer).orElseThrow();
    }

    /** Goes on with {@link #fewestFor as few slots as do} for what is in some of them, which are the first ones then. */
    void keep(int[] kept) {
        var fewer = fewest(kept.length);
        var from = execution.floats(programs.states);
        var to = new float[fewer.states.size()];
        int length = config.positions() * config.hiddenSize();
        for (int state = 0; state < from.length / length / programs.batch(); state++) {
            for (int i = 0; i < kept.length; i++) {
                System.arraycopy(
                        from, (state * programs.batch() + kept[i]) * length, to, (state * fewer.batch() + i) * length,
                        length);
            }
        }
        execution.write(fewer.states, to);
        programs = fewer;
    }

    /** Goes on with all slots, with nothing in any. */
    void keepNone() {
        programs = all.getFirst();
    }

    /**
     * Takes other weights of the same architecture.
     *
     * @throws trm4j.model.file.CheckpointException if they do not fit it; those before stay then
     */
    public void load(Map<String, HostTensor> weights) {
        programs.model.write(execution, weights, SOURCE, programs.model.weights);
    }

    /** Starts on a batch of puzzles; labels are only looked at for losses and exactness. */
    public void start(Batch batch) {
        keepNone();
        var fresh = new boolean[batch()];
        Arrays.fill(fresh, true);
        refill(batch, fresh);
    }

    /**
     * Starts on some puzzles of a batch; the others go on from where they are.
     *
     * @param batch the puzzles in all slots, those that go on as they were
     * @param fresh [puzzles] which of them start
     */
    void refill(Batch batch, boolean[] fresh) {
        var flags = new int[fresh.length];
        Arrays.setAll(flags, slot -> fresh[slot] ? 1 : 0);
        execution.write(programs.fresh, flags);
        execution.write(programs.puzzles.inputs(), batch.inputs());
        execution.write(programs.puzzles.labels(), batch.labels());
        if (programs.model.hasTable()) {
            execution.write(programs.puzzles.identifiers(), batch.puzzleIdentifiers());
        }
        execution.run(programs.start);
    }

    /**
     * Says which noise z_L gets before each step from now on; before that is said, it gets none.
     *
     * @param seed of all noise
     * @param deviation standard deviation, at least 0
     * @throws IllegalStateException if this was not planned with noise
     */
    void noise(long seed, float deviation) {
        for (var each : all) {
            var noise = each.noise.orElseThrow(() -> new IllegalStateException("planned without noise"));
            execution.write(noise.key(), new int[] {(int) seed, (int) (seed >>> 32)});
            execution.write(noise.deviation(), new float[] {deviation});
        }
    }

    /**
     * Takes each puzzle a supervision step further, and returns the answers after it.
     *
     * @param counters [puzzles, 3]: what the noise of each is drawn for, if this was planned with any
     */
    Answers step(int[] counters) {
        programs.noise.ifPresent(noise -> execution.write(noise.counters(), counters));
        return step();
    }

    /** Returns the logits [puzzles, L, V] after the last step. */
    public float[] logits() {
        return execution.floats(programs.logits);
    }

    /** Returns z_H [puzzles, T, D] after the last step. */
    float[] zH() {
        var states = execution.floats(programs.states);
        int length = slots() * config.positions() * config.hiddenSize();
        return Arrays.copyOfRange(states, SolvingPrograms.Z_H * length, (SolvingPrograms.Z_H + 1) * length);
    }

    /** Takes each puzzle a supervision step further, and returns the answers after it. */
    public Answers step() {
        execution.run(programs.step);
        return new Answers(
                execution.ints(programs.predictions),
                execution.floats(programs.q),
                execution.floats(programs.loss), changes(execution.floats(programs.changeScales)), config);
    }

    /** The root mean square change of each puzzle's z_H, from what its positions' changes are scaled by. */
    private float[] changes(float[] scales) {
        var changes = new float[slots()];
        int positions = scales.length / changes.length;
        for (int puzzle = 0; puzzle < changes.length; puzzle++) {
            double sum = 0;
            for (int i = puzzle * positions; i < (puzzle + 1) * positions; i++) {
                // What is no number stays none.
                sum += Math.max(0, 1 / ((double) scales[i] * scales[i]) - SolvingPrograms.CHANGE_EPSILON);
            }
            changes[puzzle] = (float) Math.sqrt(sum / positions);
        }
        return changes;
    }

    /**
     * The answers after a supervision step.
     *
     * @param predictions tokens [puzzles, L]
     * @param q logits [puzzles, 2]: halt, continue
     * @param loss cross-entropy of each puzzle, averaged over its labelled positions
     * @param changes [puzzles] by how much the step changed an element of z_H, as a root mean square; an element itself
     *     has one of 1
     * @param config whose rule says who halts
     */
    public record Answers(int[] predictions, float[] q, float[] loss, float[] changes, TrmConfig config) {

        /** Returns how sure the model is that the answer to a puzzle is right, from 0 to 1. */
        public double haltProbability(int puzzle) {
            return HaltLogit.probability(q[2 * puzzle]);
        }

        /** Tells whether the model would halt here. */
        public boolean halts(int puzzle) {
            return config.halts(q[2 * puzzle], q[2 * puzzle + 1]);
        }
    }

    @Override
    public void close() {
        execution.close();
    }
}
