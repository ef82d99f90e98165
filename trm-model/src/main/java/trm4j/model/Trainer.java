package trm4j.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.Device;
import trm4j.kernels.Execution;
import trm4j.kernels.Index;
import trm4j.kernels.Program;
import trm4j.kernels.Schedule;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.Halting;
import trm4j.kernels.op.SelectRows;
import trm4j.kernels.op.SignSgd;
import trm4j.kernels.op.SquareSums;

/**
 * Training on a device: deep supervision with adaptive halting. Each step takes a fresh batch; slots whose
 * sequence halted take the new puzzle, the others go on with what they had. Weights, gradients, optimizer
 * state and the carry (z_H, z_L, steps, puzzles) stay on the device between steps.
 */
public final class Trainer implements AutoCloseable {

    private final TrmConfig config;
    private final TrainConfig train;
    private final long totalSteps;
    private final long seed;
    private final Parameters parameters;
    private final Layout layout;
    private final Execution execution;
    private final TrainingState state;
    private final NotFinite notFinite;
    private long step;

    /**
     * Compiles the model for a device and gives it weights.
     *
     * @param config with the sizes of the puzzles set
     * @param totalSteps for the learning rate's schedule
     * @param weights as {@link Parameters#initialize} makes them, or a checkpoint's
     * @param seed of the exploration in halting
     * @throws trm4j.kernels.DeviceException if the device has too little memory
     * @throws CheckpointException if the weights do not fit the architecture
     */
    public Trainer(
            Device device, TrmConfig config, TrainConfig train, long totalSteps, Map<String, HostTensor> weights,
            long seed) {
        this.config = config;
        this.train = train;
        this.totalSteps = totalSteps;
        this.seed = seed;
        parameters = new Parameters(config);
        layout = new Layout(config, train, parameters, train.microBatches());
        var dense = parameters.join(weights, "the initial weights");
        execution = device.compile(layout.schedules());
        state = new TrainingState(execution, layout.state, layout.allowed);
        notFinite = new NotFinite(parameters, List.of(layout.weights, layout.gradients, layout.m, layout.v));
        execution.write(layout.weights, dense);
        execution.write(layout.ema, dense);
        execution.write(layout.hInit, init(weights, Parameters.H_INIT));
        execution.write(layout.lInit, init(weights, Parameters.L_INIT));
        if (layout.table != null) {
            execution.write(layout.table, Parameters.find(
                    weights, Parameters.PUZZLES, "the initial weights", config.numPuzzleIdentifiers(),
                    config.puzzleEmbNdim()));
        }
        var all = new int[train.batchSize()];
        Arrays.fill(all, 1);
        execution.write(layout.halted, all);
    }

    private float[] init(Map<String, HostTensor> weights, String name) {
        return Parameters.find(weights, name, "the initial weights", config.hiddenSize());
    }

    /** Bytes that training takes on a device. */
    public static long footprint(Device device, TrmConfig config, TrainConfig train) {
        // Micro-batches run the same programs on the same buffers: one tells for all.
        return device.footprint(new Layout(config, train, new Parameters(config), 1).schedules());
    }

    /** What a training step runs: up to the gradients, then the update. */
    public static List<Schedule> schedules(TrmConfig config, TrainConfig train) {
        return new Layout(config, train, new Parameters(config), train.microBatches()).schedules();
    }

    /**
     * Takes one step: forward, backward, both optimizers, moving average.
     *
     * @param batch of the configured batch size
     * @throws DivergedException if the loss is not a finite number; the weights are as before then
     */
    public StepMetrics step(Batch batch) {
        var metrics = computeGradients(batch);
        if (!Double.isFinite(metrics.loss())) {
            var first = notFinite.first(execution, layout.inOrder).orElse("the loss");
            throw diverged(step, "The loss is " + metrics.loss(), first);
        }
        execution.run(layout.update);
        return metrics;
    }

    static DivergedException diverged(long step, String what, String first) {
        return new DivergedException(what + " in step " + step + ", expected finite numbers, found others first in "
                + first + ": training has diverged; begin anew with a lower train.lr.");
    }

    /** Steps that were taken, those before {@link #restore} included. */
    public long steps() {
        return step;
    }

    /**
     * The model as it is now, with moving averages for weights.
     *
     * @throws DivergedException if a number is not finite
     */
    public Checkpoint checkpoint() {
        var tensors = averagedWeights();
        tensors.forEach((name, tensor) -> {
            if (NotFinite.index(tensor.values()) >= 0) {
                throw diverged(step, "There are numbers", "the average of " + name);
            }
        });
        return new Checkpoint(config, train, step, tensors);
    }

    /**
     * Writes all that {@link #restore} needs beside {@link #checkpoint}, whole or not at all.
     *
     * @throws CheckpointException if it cannot be written
     * @throws DivergedException if a number is not finite
     */
    public void save(Path file) {
        state.write(file, step, notFinite);
    }

    /**
     * Goes on where {@link #save} was called, to the bit on the same device. This trainer was made with the tensors
     * of that {@link #checkpoint}, the same settings and seed.
     *
     * @throws CheckpointException if the file cannot be read, or does not fit
     */
    public void restore(Path file) {
        step = state.read(file);
    }

    /** The first part of a step, up to the gradients; the {@link #update} must follow. */
    StepMetrics computeGradients(Batch batch) {
        step++;
        execution.write(layout.fresh.inputs(), batch.inputs());
        execution.write(layout.fresh.labels(), batch.labels());
        execution.write(layout.fresh.identifiers(), batch.puzzleIdentifiers());
        execution.write(layout.minSteps, minSteps());
        execution.write(layout.rates, rates());
        execution.run(layout.gradientStep);
        return StepMetrics.of(execution.floats(layout.metrics), execution.floats(layout.squares));
    }

    /** The second part of a step: both optimizers and the moving average. */
    void update() {
        execution.run(layout.update);
    }

    /** The dense weights' learning rate in the last step. */
    public double learningRate() {
        return train.lr() * train.rateFactor(step, totalSteps);
    }

    /** The puzzle table's learning rate in the last step. */
    public double puzzleLearningRate() {
        return train.puzzleEmbLr() * train.rateFactor(step, totalSteps);
    }

    private float[] rates() {
        double lr = learningRate();
        return new float[] {
            (float) lr,
            (float) (lr / (1 - Math.pow(train.beta1(), step))),
            (float) (1 / Math.sqrt(1 - Math.pow(train.beta2(), step))),
            (float) puzzleLearningRate()
        };
    }

    /** Steps before which each slot may not halt, drawn anew for each step: 0 for most. */
    private int[] minSteps() {
        var random = new SplittableRandom(seed + step * 0x9E3779B97F4A7C15L);
        var steps = new int[train.batchSize()];
        for (int i = 0; i < steps.length; i++) {
            boolean explores = random.nextDouble() < config.haltExplorationProb();
            int least = config.haltMaxSteps() < 2 ? 0 : random.nextInt(2, config.haltMaxSteps() + 1);
            steps[i] = explores ? least : 0;
        }
        return steps;
    }

    /** All that inference needs, by the reference's names: trained weights as they are. */
    public Map<String, HostTensor> weights() {
        return named(layout.weights);
    }

    /** As {@link #weights}, with the moving average of the dense weights in their place. */
    public Map<String, HostTensor> averagedWeights() {
        return named(layout.ema);
    }

    /** The gradients of the last step by the dense weights' names. */
    Map<String, HostTensor> gradients() {
        return parameters.split(execution.floats(layout.gradients));
    }

    private Map<String, HostTensor> named(Buffer flat) {
        var tensors = new LinkedHashMap<String, HostTensor>();
        int[] vector = {config.hiddenSize()};
        tensors.put(Parameters.H_INIT, new HostTensor(vector, execution.floats(layout.hInit)));
        tensors.put(Parameters.L_INIT, new HostTensor(vector, execution.floats(layout.lInit)));
        if (layout.table != null) {
            int[] shape = {config.numPuzzleIdentifiers(), config.puzzleEmbNdim()};
            tensors.put(Parameters.PUZZLES, new HostTensor(shape, execution.floats(layout.table)));
        }
        tensors.putAll(parameters.split(execution.floats(flat)));
        return tensors;
    }

    /** Puts other states in the place of the carried ones, [batch, T, D] each. */
    void carry(float[] zH, float[] zL) {
        execution.write(layout.zH, zH);
        execution.write(layout.zL, zL);
    }

    /** What the last step left on the device, to be compared with a recorded run. */
    Recorded recorded() {
        return new Recorded(
                execution.floats(layout.heads.logits),
                execution.ints(layout.heads.predictions),
                execution.floats(layout.heads.q),
                execution.floats(layout.zH),
                execution.floats(layout.zL),
                execution.ints(layout.steps),
                execution.ints(layout.halted),
                execution.ints(layout.current.inputs()),
                execution.ints(layout.current.labels()),
                layout.table == null ? new float[0] : execution.floats(layout.rowGradients));
    }

    /** The state after a step; logits are of the last micro-batch only. */
    record Recorded(
            float[] logits, int[] predictions, float[] q, float[] zH, float[] zL, int[] steps, int[] halted,
            int[] inputs, int[] labels, float[] rowGradients) {}

    @Override
    public void close() {
        execution.close();
    }

    /** The buffers of a training step, and its schedules. */
    private static final class Layout {

        /** Sums of squares that a norm is made of: enough for the threads of a GPU. */
        private static final int SUMS = 1024;

        final Buffer weights;
        final Buffer gradients;
        final Buffer ema;
        final Buffer m;
        final Buffer v;
        final Buffer hInit;
        final Buffer lInit;
        final Buffer table;
        final Buffer rowGradients;
        final Buffer rates = Buffer.floats("rates", 4);
        final Buffer metrics = Buffer.floats("metrics", Halting.Metrics.SUMS);
        final Buffer squares = Buffer.floats("squares", 2, SUMS);
        final Sequences fresh;
        final Sequences current;
        final Buffer minSteps;
        final Buffer steps;
        final Buffer halted;
        final Buffer zH;
        final Buffer zL;
        final Heads heads;
        final Schedule gradientStep;
        final Schedule update;
        /** What steps depend on beside the averages, the table and the first states. */
        final List<Buffer> state;
        /** By whole numbers of the state, the values that they may have. */
        final Map<Buffer, IntPredicate> allowed;
        /** What holds numbers, in the order in which a step computes it. */
        final List<Buffer> inOrder;

        /** @param scheduled how many of the micro-batches are computed in a step */
        Layout(TrmConfig config, TrainConfig train, Parameters parameters, int scheduled) {
            int batch = train.batchSize();
            int micro = train.puzzlesAtATime();
            int micros = train.microBatches();
            float perSequence = 1f / batch;
            var microBatch = new Index("micro-batch", micros);
            int n = parameters.size();
            weights = Buffer.floats("weights", n);
            gradients = Buffer.floats("gradients", n);
            ema = Buffer.floats("ema", n);
            m = Buffer.floats("m", n);
            v = Buffer.floats("v", n);
            hInit = Buffer.floats("H_init", config.hiddenSize());
            lInit = Buffer.floats("L_init", config.hiddenSize());
            boolean hasTable = config.puzzleEmbNdim() > 0;
            table = hasTable
                    ? Buffer.floats("puzzles", config.numPuzzleIdentifiers(), config.puzzleEmbNdim())
                    : null;
            rowGradients = hasTable ? Buffer.floats("dPuzzles", micros, micro, config.puzzleEmbNdim()) : null;
            fresh = Sequences.of("fresh", config, micros, micro);
            current = Sequences.of("current", config, micros, micro);
            minSteps = Buffer.ints("minSteps", batch);
            steps = Buffer.ints("steps", batch);
            halted = Buffer.ints("halted", batch);
            zH = Buffer.floats("z_H", micros, micro, config.positions(), config.hiddenSize());
            zL = Buffer.floats("z_L", micros, micro, config.positions(), config.hiddenSize());

            var recursion = new Recursion(
                    config, parameters, weights, gradients, train.backpropagation(), train.recompute(), micro);
            var frame = recursion.frame;
            var embedding = InputEmbedding.of(
                    recursion, parameters, weights, gradients, current, table, rowGradients, microBatch);
            heads = new Heads(frame, parameters, weights, current, microBatch);

            var load = new Program(
                    "load carry",
                    CopyColumns.all(zL.at(microBatch), frame.states.at(Recursion.Z_L)),
                    CopyColumns.all(zH.at(microBatch), frame.states.at(Recursion.Z_H)));
            var lastL = new Index("last z_L", frame.in.count());
            var save = new Program(
                    "save carry",
                    CopyColumns.all(frame.states.at(lastL), zL.at(microBatch)),
                    CopyColumns.all(frame.states.at(heads.answer()), zH.at(microBatch)));
            var readQ = heads.readQ(heads.q.at(microBatch));
            var readAnswer = heads.readAnswer(train.loss().kind, perSequence, true);
            var haltLoss = heads.haltLoss(0.5f * perSequence);
            var backward = heads.backward(gradients);
            var nextQ = Buffer.floats("nextQ", micro, 2).all();
            var target = Buffer.floats("continueTarget", micro).all();
            var readNextQ = heads.readQ(nextQ);
            var continueLoss = new Program("continue target", List.of(
                    new Halting.ContinueTarget(
                            nextQ, steps.all().as(micros, micro).at(microBatch), target, config.haltMaxSteps())));
            var trainContinue = heads.continueLoss(target, 0.5f * perSequence);

            var schedule = Schedule.named("gradients").run(begin(config, batch));
            for (int i = 0; i < scheduled; i++) {
                schedule.with(microBatch, i).run(load).run(embedding.forward());
                recursion.cycles(schedule, config.hCycles() - 1);
                var last = recursion.lastCycle(schedule);
                schedule.with(lastL, last.zL()).with(heads.answer(), last.zH()).run(save);
                if (!config.noActContinue()) {
                    schedule.run(load);
                    recursion.cycles(schedule, config.hCycles());
                    schedule.with(heads.answer(), Recursion.Z_H).run(readNextQ).with(heads.answer(), last.zH());
                }
                schedule.run(readQ).run(readAnswer).run(haltLoss);
                if (!config.noActContinue()) {
                    schedule.run(continueLoss).run(trainContinue);
                }
                schedule.run(backward);
                recursion.backward(schedule);
                schedule.run(embedding.backward());
            }
            gradientStep = schedule.run(end(config)).build();
            update = Schedule.named("update").run(update(train)).build();
            state = List.of(
                    weights, m, v, zH, zL, steps, halted, current.inputs(), current.labels(), current.identifiers());
            IntPredicate token = value -> value >= 0 && value < config.vocabSize();
            allowed = Map.of(
                    steps, value -> value >= 0 && value <= config.haltMaxSteps(),
                    halted, value -> value == 0 || value == 1,
                    current.inputs(), token,
                    current.labels(), token.or(value -> value == Batch.NO_LABEL),
                    current.identifiers(), value -> value >= 0 && value < config.numPuzzleIdentifiers());
            inOrder = Stream.of(
                            weights, table, zL, zH, heads.logits, heads.q, heads.tokenLoss, heads.haltLoss,
                            heads.continueLoss, gradients, rowGradients)
                    .filter(Objects::nonNull)
                    .toList();
        }

        List<Schedule> schedules() {
            return List.of(gradientStep, update);
        }

        /** Halted slots take the fresh puzzles and start anew; gradients start from 0. */
        private Program begin(TrmConfig config, int batch) {
            var zero = Buffer.ints("zero", 1);
            int length = config.positions() * config.hiddenSize();
            return new Program(
                    "begin step",
                    take(fresh.inputs(), current.inputs(), batch, config.seqLen()),
                    take(fresh.labels(), current.labels(), batch, config.seqLen()),
                    take(fresh.identifiers(), current.identifiers(), batch, 1),
                    new SelectRows(halted.all(), zero.all(), steps.all().as(batch, 1)),
                    new SelectRows(halted.all(), hInit.all(), zH.all().as(batch, length)),
                    new SelectRows(halted.all(), lInit.all(), zL.all().as(batch, length)),
                    new Fill(gradients.all(), 0));
        }

        private SelectRows take(Buffer from, Buffer to, int batch, int width) {
            return new SelectRows(halted.all(), from.all().as(batch, width), to.all().as(batch, width));
        }

        /** Who halts, and what the step came to. */
        private Program end(TrmConfig config) {
            return new Program(
                    "end step",
                    new Halting.Step(
                            heads.q.all(), minSteps.all(), steps.all(), halted.all(), config.haltMaxSteps(),
                            !config.noActContinue()),
                    new Halting.Metrics(
                            heads.q.all(), heads.right.all(), heads.labelled.all(), heads.exact.all(), steps.all(),
                            halted.all(), heads.tokenLoss.all(), heads.haltLoss.all(), heads.continueLoss.all(),
                            metrics.all()),
                    new SquareSums(gradients.all(), squares.at(0)),
                    new SquareSums(weights.all(), squares.at(1)));
        }

        private Program update(TrainConfig train) {
            var adam = new AdamAtan2(
                    weights.all(), gradients.all(), m.all(), v.all(), ema.all(), rates.all().part(0, 3),
                    (float) train.beta1(), (float) train.beta2(), (float) train.weightDecay(), (float) train.emaRate());
            if (table == null) {
                return new Program("update", adam);
            }
            int batch = train.batchSize();
            return new Program(
                    "update",
                    adam,
                    new SignSgd(
                            current.identifiers().all().as(batch),
                            rowGradients.all().as(batch, rowGradients.shape().dim(2)), table.all(),
                            rates.all().part(3, 1), (float) train.puzzleEmbWeightDecay()));
        }
    }
}
