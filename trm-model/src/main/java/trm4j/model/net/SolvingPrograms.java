package trm4j.model.net;

import java.util.List;
import java.util.Optional;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.GaussianNoise;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SelectRows;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/**
 * The programs of solving, and the buffers that the host writes and reads. Nothing is kept for gradients. Puzzle
 * identifiers are read only if {@link ModelBuffers#hasTable there is a puzzle table}.
 */
public final class SolvingPrograms {

    /** The slot of {@link #states} that z_H has. */
    public static final int Z_H = Recursion.Z_H;

    /** What a mean square of changes gets added, so that none has an infinite scale. */
    public static final float CHANGE_EPSILON = 1e-12f;

    public final ModelBuffers model;
    /** [puzzles], I32: 1 where a slot starts on its puzzle. */
    public final Buffer fresh;
    /** The puzzles in all slots. */
    public final PuzzleBuffers puzzles;
    /** Answers: tokens [1, puzzles, L], I32. */
    public final Buffer predictions;
    /** Halt and continue logits [1, puzzles, 2]. */
    public final Buffer q;
    /** Cross-entropy [1, puzzles], averaged over each puzzle's labelled positions. */
    public final Buffer loss;
    /** Logits [puzzles, L, V]. */
    public final Buffer logits;
    /**
     * By how much a step changed z_H, for each position [puzzles * T]: 1 / sqrt(c + {@link #CHANGE_EPSILON}), c the mean
     * square of the differences of its D elements.
     */
    public final Buffer changeScales;
    /** States [slots, puzzles, T, D], of which some are passing ones. */
    public final Buffer states;
    /** What the noise is, where there is any. */
    public final Optional<Noise> noise;
    /** Starts on the puzzles in fresh slots. */
    public final Schedule start;
    /** One supervision step further. */
    public final Schedule step;

    /**
     * What z_L is added before each step.
     *
     * @param key [2], I32: the seed's lower and upper word
     * @param counters [puzzles, 3], I32: what each puzzle's noise is drawn for
     * @param deviation [1]: its standard deviation
     */
    public record Noise(Buffer key, Buffer counters, Buffer deviation) {}

    /**
     * Makes the programs for some puzzles at a time.
     *
     * @param loss which cross-entropy the answers come with
     * @param batch puzzles, at least 1
     * @param noisy whether z_L gets noise before each step
     */
    public SolvingPrograms(
            TrmConfig config, Parameters parameters, TrainConfig.Loss loss, int batch, boolean noisy) {
        this(config, parameters, new ModelBuffers(config, parameters), loss, batch, noisy);
    }

    private SolvingPrograms(
            TrmConfig config, Parameters parameters, ModelBuffers model, TrainConfig.Loss loss, int batch,
            boolean noisy) {
        this.model = model;
        var only = new Index("micro-batch", 1);
        fresh = Buffer.ints("fresh", batch);
        puzzles = PuzzleBuffers.of("solving", config, 1, batch);
        var recursion = new Recursion(
                config, parameters, model.weights, Optional.empty(), TrainConfig.Backpropagation.FULL,
                TrainConfig.Recompute.NONE, Optional.empty(), batch);
        var embedding = InputEmbedding.of(recursion, parameters, model, Optional.empty(), puzzles, only);
        var heads = new OutputHeads(recursion.buffers, parameters, model.weights, puzzles, only);
        predictions = heads.predictions;
        q = heads.q;
        this.loss = heads.tokenLoss;
        logits = heads.logits;
        noise = noisy
                ? Optional.of(new Noise(
                        Buffer.ints("noise.key", GaussianNoise.KEYS),
                        Buffer.ints("noise.counters", batch, GaussianNoise.COUNTERS), Buffer.floats("noise.deviation", 1)))
                : Optional.empty();
        int length = config.positions() * config.hiddenSize();
        states = recursion.buffers.states;
        var reset = new Program(
                "start",
                new SelectRows(fresh.all(), model.hInit.all(), states.at(Recursion.Z_H).as(batch, length)),
                new SelectRows(fresh.all(), model.lInit.all(), states.at(Recursion.Z_L).as(batch, length)));
        start = Schedule.named("start").with(only, 0).run(reset).run(embedding.forward()).build();
        var zH = recursion.buffers.states.at(Recursion.Z_H);
        var change = recursion.buffers.activation("change of z_H", batch, config.positions(), config.hiddenSize()).all();
        changeScales = Buffer.floats("scales of changes", recursion.buffers.rows);
        var schedule = Schedule.named("solve").with(only, 0).run(new Program("-z_H before", new CopyColumns(
                zH.as(1, zH.size()), 0, change.as(1, zH.size()), 0, zH.size(), -1, false)));
        noise.ifPresent(each -> schedule.run(new Program("noise", new GaussianNoise(
                each.key.all(), each.counters.all(), each.deviation.all(),
                states.at(Recursion.Z_L).as(batch, length)))));
        recursion.cycles(schedule, config.hCycles(), config.lCycles(), 0);
        // A norm of differences tells their mean square on the way, with a kernel that every model has.
        schedule.run(new Program("change of z_H", new RmsNorm.Forward(
                recursion.buffers.byRow(zH), recursion.buffers.byRow(change), recursion.buffers.byRow(change),
                changeScales.all(), CHANGE_EPSILON)));
        step = schedule.with(heads.answer(), Recursion.Z_H)
                .run(heads.readQ(heads.q.at(only)))
                .run(heads.readAnswer(loss.kind(), 1, 0, false))
                .build();
    }

    /**
     * Makes the programs for several numbers of puzzles at a time, with one model.
     *
     * @param loss which cross-entropy the answers come with
     * @param batches puzzles, at least 1 each
     * @param noisy whether z_L gets noise before each step
     */
    public static List<SolvingPrograms> of(
            TrmConfig config, Parameters parameters, TrainConfig.Loss loss, List<Integer> batches, boolean noisy) {
        var model = new ModelBuffers(config, parameters);
        return batches.stream()
                .map(batch -> new SolvingPrograms(config, parameters, model, loss, batch, noisy))
                .toList();
    }

    /** Returns how many puzzles it is at a time. */
    public int batch() {
        return fresh.size();
    }

    /** Returns all schedules. */
    public List<Schedule> schedules() {
        return List.of(start, step);
    }
}
