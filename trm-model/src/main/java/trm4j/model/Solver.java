package trm4j.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.Device;
import trm4j.kernels.Execution;
import trm4j.kernels.Index;
import trm4j.kernels.Program;
import trm4j.kernels.Schedule;
import trm4j.kernels.op.SelectRows;

/**
 * Solving with trained weights on a device: a batch of puzzles at a time, one supervision step after the
 * other, as many as the caller asks for. Nothing is trained and nothing halts by itself.
 */
public final class Solver implements AutoCloseable {

    private final TrmConfig config;
    private final Parameters parameters;
    private final Layout layout;
    private final Execution execution;

    /**
     * Compiles the model for a device and gives it weights.
     *
     * @param config with the sizes of the puzzles set
     * @param loss which cross-entropy the answers come with
     * @param batch puzzles solved at a time
     * @param weights as {@link Trainer#averagedWeights} returns them, or a checkpoint's
     * @throws trm4j.kernels.DeviceException if the device has too little memory
     * @throws CheckpointException if the weights do not fit the architecture
     */
    public Solver(
            Device device, TrmConfig config, TrainConfig.Loss loss, int batch, Map<String, HostTensor> weights) {
        this.config = config;
        parameters = new Parameters(config);
        parameters.requireAll(weights, "the checkpoint");
        layout = new Layout(config, loss, batch, parameters);
        execution = device.compile(layout.schedules());
        load(weights);
    }

    TrmConfig config() {
        return config;
    }

    /** The number of slots: puzzles solved at a time. */
    int batch() {
        return layout.fresh.size();
    }

    /** Takes other weights of the same architecture. */
    public void load(Map<String, HostTensor> weights) {
        var source = "the checkpoint";
        execution.write(layout.weights, parameters.join(weights, source));
        execution.write(layout.hInit, Parameters.find(weights, Parameters.H_INIT, source, config.hiddenSize()));
        execution.write(layout.lInit, Parameters.find(weights, Parameters.L_INIT, source, config.hiddenSize()));
        if (layout.table != null) {
            execution.write(layout.table, Parameters.find(
                    weights, Parameters.PUZZLES, source, config.numPuzzleIdentifiers(), config.puzzleEmbNdim()));
        }
    }

    /** Bytes that solving takes on a device. */
    public static long footprint(Device device, TrmConfig config, int batch) {
        return device.footprint(schedules(config, TrainConfig.Loss.STABLEMAX, batch));
    }

    /** What solving runs: once at the start, then for each supervision step. */
    public static List<Schedule> schedules(TrmConfig config, TrainConfig.Loss loss, int batch) {
        return new Layout(config, loss, batch, new Parameters(config)).schedules();
    }

    /** Starts on a batch of puzzles; labels are only looked at for losses and exactness. */
    public void start(Batch batch) {
        var all = new boolean[batch()];
        Arrays.fill(all, true);
        refill(batch, all);
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
        execution.write(layout.fresh, flags);
        execution.write(layout.sequences.inputs(), batch.inputs());
        execution.write(layout.sequences.labels(), batch.labels());
        if (layout.table != null) {
            execution.write(layout.sequences.identifiers(), batch.puzzleIdentifiers());
        }
        execution.run(layout.start);
    }

    /** One supervision step further. */
    public Answers step() {
        execution.run(layout.step);
        return new Answers(
                execution.ints(layout.heads.predictions),
                execution.floats(layout.heads.q),
                execution.floats(layout.heads.tokenLoss));
    }

    /**
     * The answers after a supervision step.
     *
     * @param predictions tokens [puzzles, L]
     * @param q logits [puzzles, 2]: halt, continue
     * @param loss cross-entropy of each puzzle, averaged over its labelled positions
     */
    public record Answers(int[] predictions, float[] q, float[] loss) {

        /** Whether the model would halt here: its halt logit is above 0. */
        public boolean halts(int puzzle) {
            return q[2 * puzzle] > 0;
        }
    }

    @Override
    public void close() {
        execution.close();
    }

    /** The buffers of solving, and its schedules. */
    private static final class Layout {

        final Buffer weights;
        final Buffer hInit;
        final Buffer lInit;
        final Buffer table;
        final Buffer fresh;
        final Sequences sequences;
        final Heads heads;
        final Schedule start;
        final Schedule step;

        Layout(TrmConfig config, TrainConfig.Loss loss, int batch, Parameters parameters) {
            var only = new Index("micro-batch", 1);
            weights = Buffer.floats("weights", parameters.size());
            hInit = Buffer.floats("H_init", config.hiddenSize());
            lInit = Buffer.floats("L_init", config.hiddenSize());
            table = config.puzzleEmbNdim() > 0
                    ? Buffer.floats("puzzles", config.numPuzzleIdentifiers(), config.puzzleEmbNdim())
                    : null;
            fresh = Buffer.ints("fresh", batch);
            sequences = Sequences.of("solving", config, 1, batch);
            var recursion = new Recursion(
                    config, parameters, weights, null, TrainConfig.Backpropagation.FULL, TrainConfig.Recompute.NONE,
                    batch);
            var embedding =
                    InputEmbedding.of(recursion, parameters, weights, null, sequences, table, null, only);
            heads = new Heads(recursion.frame, parameters, weights, sequences, only);

            int length = config.positions() * config.hiddenSize();
            var reset = new Program(
                    "start",
                    new SelectRows(
                            fresh.all(), hInit.all(),
                            recursion.frame.states.at(Recursion.Z_H).as(batch, length)),
                    new SelectRows(
                            fresh.all(), lInit.all(),
                            recursion.frame.states.at(Recursion.Z_L).as(batch, length)));
            start = Schedule.named("start").with(only, 0).run(reset).run(embedding.forward()).build();
            var schedule = Schedule.named("solve").with(only, 0);
            recursion.cycles(schedule, config.hCycles());
            step = schedule.with(heads.answer(), Recursion.Z_H)
                    .run(heads.readQ(heads.q.at(only)))
                    .run(heads.readAnswer(loss.kind, 1, false))
                    .build();
        }

        List<Schedule> schedules() {
            return List.of(start, step);
        }
    }
}
