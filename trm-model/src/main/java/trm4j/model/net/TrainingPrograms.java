package trm4j.model.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.Halting;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.SelectRows;
import trm4j.kernels.op.SignSgd;
import trm4j.kernels.op.SquareSums;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Depth;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/**
 * The programs of a training step, and the buffers that the host writes and reads. A step is three schedules: {@link
 * #gradients} of the depth that it has, then {@link #norms} and {@link #update}, which take the gradients as they are.
 * Where the weights are frozen, nothing computes their gradients, and nothing writes to them.
 *
 * <p>Where several processes train together, each computes a {@link Share} of the batch's micro-batches. Between {@link
 * #gradients} and {@link #norms} they add {@link #partialSums} up to {@link AdamBuffers#gradients}, and gather what is
 * {@link #shared}. What has a batch's micro-batches has the share's then.
 */
public final class TrainingPrograms {

    /** What states to start with are drawn for, beside noise, which is drawn for an evaluation. */
    private static final int STARTS = 1 << 30;
    /** Sums of squares that a norm is made of: enough for the threads of a GPU. */
    private static final int SUMS = 1024;

    public final ModelBuffers model;
    /** What the dense weights are trained with; none where they are frozen. */
    public final Optional<AdamBuffers> adam;
    /** Sums of gradients that, added up as {@link SumTree} has it, are those of a batch; the last is the gradients. */
    public final List<Buffer> partialSums;
    /** What is needed of the whole batch for metrics and puzzle rows. */
    public final List<Shared> shared = new ArrayList<>();
    /** Gradients with respect to the batch's puzzle rows [micro-batches, puzzles, width], if there is a table. */
    public final Optional<Buffer> dRows;
    /** 4 numbers: those of {@link AdamAtan2}, and the puzzle table's learning rate. */
    public final Buffer rates = Buffer.floats("rates", 4);
    /** Sums as {@link Halting.Metrics} has them. */
    public final Buffer metrics = Buffer.floats("metrics", Halting.Metrics.SUMS);
    /** Sums of squares [2, sums]: of the gradients, of the weights. */
    public final Buffer squares = Buffer.floats("squares", 2, SUMS);
    /** The puzzles that halted slots take. */
    public final PuzzleBuffers fresh;
    /** The puzzles that the slots work on. */
    public final PuzzleBuffers current;
    /** [batch], I32: steps before which a slot may not halt. */
    public final Buffer minSteps;
    /** [batch], I32: supervision steps that a slot has taken. */
    public final Buffer steps;
    /** [batch], I32: 1 where a slot has halted. */
    public final Buffer halted;
    /** The carried states [micro-batches, puzzles, T, D]. */
    public final Buffer zH;
    public final Buffer zL;
    /** Logits [puzzles, L, V] of the micro-batch that ran last. */
    public final Buffer logits;
    /** Answers: tokens [micro-batches, puzzles, L], I32. */
    public final Buffer predictions;
    /** Halt and continue logits [micro-batches, puzzles, 2]. */
    public final Buffer q;

    /** What training draws at random: states to start with, noise; none where it draws nothing. */
    public final List<TrainingNoise> noises;
    /** For each depth that the run has: forward and back, micro-batch by micro-batch; who halts. */
    private final Map<Depth, Schedule> gradients = new LinkedHashMap<>();
    /** Metrics, and sums that the norms of gradients and weights are made of. */
    public final Schedule norms;
    /** Both optimizers and the moving average. */
    public final Schedule update;
    /** The buffers of numbers that can stop being finite, in the order in which a step computes them. */
    public final List<Buffer> inOrder;

    private final OutputHeads heads;
    private final Share share;
    private final Optional<TrainingNoise> starts;
    private final Optional<SupervisionWeights> weights;

    /**
     * What a process computes of its micro-batches, and where it is gathered from all.
     *
     * @param own [micro-batches of the share, puzzles, ..]
     * @param all the same of the whole batch
     */
    public record Shared(Buffer own, Buffer all) {}

    /**
     * Makes the programs for a batch that one process computes.
     *
     * @param scheduled how many of the micro-batches are computed in a step: all of them, or fewer to tell the memory,
     *     which all share
     * @throws trm4j.model.config.ConfigException if nothing would learn
     */
    public TrainingPrograms(TrmConfig config, TrainConfig train, Parameters parameters, int scheduled) {
        this(config, train, parameters, Share.whole(train.microBatches()), scheduled);
    }

    /**
     * Makes the programs for a share of a batch.
     *
     * @param scheduled how many of its micro-batches are computed in a step: all of them, or fewer to tell the memory,
     *     which all share
     * @throws trm4j.model.config.ConfigException if nothing would learn
     */
    public TrainingPrograms(
            TrmConfig config, TrainConfig train, Parameters parameters, Share share, int scheduled) {
        this.share = share;
        int micro = train.puzzlesAtATime();
        int micros = share.count();
        int batch = micros * micro;
        float perSequence = 1f / train.batchSize();
        var microBatch = new Index("micro-batch", micros);
        ConfigException.require(
                !train.freezesWeights() || config.puzzleEmbNdim() > 0, "train.freeze",
                "none where arch.puzzle_emb_ndim is 0, since no puzzle rows are there to learn", train.freeze().key());
        train.depthSchedule().require(config.depth());
        model = new ModelBuffers(config, parameters);
        adam = train.freezesWeights() ? Optional.empty() : Optional.of(AdamBuffers.of(parameters));
        dRows = model.table.map(_ -> Buffer.floats("dPuzzles", micros, micro, config.puzzleEmbNdim()));
        fresh = PuzzleBuffers.of("fresh", config, micros, micro);
        current = PuzzleBuffers.of("current", config, micros, micro);
        minSteps = Buffer.ints("minSteps", batch);
        steps = Buffer.ints("steps", batch);
        halted = Buffer.ints("halted", batch);
        int first = share.first() * micro;
        starts = drawn("starts", train.startStd(), first, 1, batch, 2, STARTS);
        // Where Q-learning looks a step ahead, that is one as well.
        int draws = config.depth().evaluations() * (config.noActContinue() ? 1 : 2);
        var noise = drawn("noise", train.noise(), first, micros, micro, draws, 0);
        noises = Stream.of(starts, noise).flatMap(Optional::stream).toList();
        weights = train.supervisionDecay() < 1
                ? Optional.of(new SupervisionWeights(config.haltMaxSteps(), train.supervisionDecay(), micros, micro))
                : Optional.empty();
        var ways = new Gradients(adam.map(AdamBuffers::gradients), dRows);
        var recursion = new Recursion(
                config, parameters, model.weights, Optional.of(ways), train.backpropagation(), train.recompute(),
                noise, micro);
        var buffers = recursion.buffers;
        zH = buffers.activation("z_H", micros, micro, config.positions(), config.hiddenSize());
        zL = buffers.activation("z_L", micros, micro, config.positions(), config.hiddenSize());
        var embedding = InputEmbedding.of(
                recursion, parameters, model, Optional.of(ways), current, microBatch);
        heads = new OutputHeads(buffers, parameters, model.weights, current, microBatch);
        logits = heads.logits;
        predictions = heads.predictions;
        q = heads.q;

        var load = new Program(
                "load carry",
                CopyColumns.all(zL.at(microBatch), buffers.states.at(Recursion.Z_L)),
                CopyColumns.all(zH.at(microBatch), buffers.states.at(Recursion.Z_H)));
        var lastL = new Index("last z_L", buffers.in.count());
        var save = new Program(
                "save carry",
                CopyColumns.all(buffers.states.at(lastL), zL.at(microBatch)),
                CopyColumns.all(buffers.states.at(heads.answer()), zH.at(microBatch)));
        var readQ = heads.readQ(heads.q.at(microBatch));
        var readAnswer = heads.readAnswer(train.loss().kind(), perSequence, (float) train.labelSmoothing(), true);
        var haltLoss = heads.haltLoss(0.5f * perSequence);
        var backward = heads.backward(ways);
        var nextQ = Buffer.floats("nextQ", micro, 2).all();
        var target = Buffer.floats("continueTarget", micro).all();
        var readNextQ = heads.readQ(nextQ);
        var continueTarget = new Program(
                "continue target",
                new Halting.ContinueTarget(
                        nextQ, steps.all().as(micros, micro).at(microBatch), target, config.haltMaxSteps()));
        var continueLoss = heads.continueLoss(target, 0.5f * perSequence);

        var weigh = weights.map(each -> heads.weigh(each.at(microBatch)));
        var begin = begin(config, batch);
        var haltingStep = haltingStep(config);
        var sums = adam.map(a -> new PartialSums(share, a.gradients()));
        for (var depth : train.depthSchedule().depths(config.depth())) {
            var schedule = Schedule.named("gradients").run(begin);
            IntConsumer computes = i -> {
                schedule.with(microBatch, i).run(load).run(embedding.forward());
                int next = recursion.cycles(schedule, depth.hCycles() - 1, depth.lCycles(), i * draws);
                var last = recursion.lastCycle(schedule, depth, next);
                schedule.with(lastL, last.zL()).with(heads.answer(), last.zH()).run(save);
                if (!config.noActContinue()) {
                    schedule.run(load);
                    recursion.cycles(schedule, depth.hCycles(), depth.lCycles(), i * draws + depth.evaluations());
                    schedule.with(heads.answer(), Recursion.Z_H).run(readNextQ).with(heads.answer(), last.zH());
                }
                schedule.run(readQ).run(readAnswer).run(haltLoss);
                if (!config.noActContinue()) {
                    schedule.run(continueTarget).run(continueLoss);
                }
                weigh.ifPresent(schedule::run);
                schedule.run(backward);
                recursion.backward(schedule, depth);
                schedule.run(embedding.backward());
            };
            if (sums.isPresent() && scheduled == micros) {
                sums.get().schedule(schedule, computes);
            } else {
                IntStream.range(0, scheduled).forEach(computes);
                sums.ifPresent(each -> each.scheduleOnce(schedule));
            }
            gradients.put(depth, schedule.run(haltingStep).build());
        }
        partialSums = sums.map(PartialSums::nodes).orElse(List.of());
        norms = Schedule.named("norms").run(metrics(config)).run(squareSums()).build();
        update = Schedule.named("update").run(optimizers(train)).build();
        var computed = List.of(zL, zH, heads.logits, heads.q, heads.tokenLoss, heads.haltLoss);
        var ofContinue = config.noActContinue() ? Stream.<Buffer>empty() : Stream.of(heads.continueLoss);
        inOrder = Stream.of(
                        Stream.of(model.weights), model.table.stream(), computed.stream(), ofContinue,
                        ways.weights().stream(), ways.rows().stream())
                .flatMap(Function.identity())
                .toList();
    }

    private static Optional<TrainingNoise> drawn(
            String name, double std, int first, int micros, int micro, int draws, int word) {
        return std > 0
                ? Optional.of(new TrainingNoise(name, std, first, micros, micro, draws, word))
                : Optional.empty();
    }

    /**
     * Returns the first schedule of a step.
     *
     * @param depth one of those that the run has
     */
    public Schedule gradients(Depth depth) {
        return gradients.get(depth);
    }

    /** Writes what stays the same in all steps. */
    public void begin(Execution execution, long seed) {
        noises.forEach(noise -> noise.seed(execution, seed));
        weights.ifPresent(each -> each.write(execution));
    }

    /** Returns what holds the moving average of the dense weights: themselves, where they are frozen. */
    public Buffer averaged() {
        return adam.map(AdamBuffers::ema).orElse(model.weights);
    }

    /** Returns the buffers that are laid out as the dense weights are. */
    public List<Buffer> flat() {
        return Stream.concat(
                        Stream.of(model.weights),
                        adam.stream().flatMap(a -> Stream.of(a.gradients(), a.m(), a.v(), a.ema())))
                .toList();
    }

    /** Returns all schedules, in the order in which a step runs them. */
    public List<Schedule> schedules() {
        return Stream.concat(gradients.values().stream(), Stream.of(norms, update)).toList();
    }

    /** Has halted slots take the fresh puzzles and start anew, and gradients start from 0. */
    private Program begin(TrmConfig config, int batch) {
        var zero = Buffer.ints("zero", 1);
        int length = config.positions() * config.hiddenSize();
        var operations = new ArrayList<Operation>(List.of(
                take(fresh.inputs(), current.inputs(), batch, config.seqLen()),
                take(fresh.labels(), current.labels(), batch, config.seqLen()),
                take(fresh.identifiers(), current.identifiers(), batch, 1),
                new SelectRows(halted.all(), zero.all(), steps.all().as(batch, 1)),
                // Also where others take their place: a checkpoint has these, so the device does.
                new SelectRows(halted.all(), model.hInit.all(), zH.all().as(batch, length)),
                new SelectRows(halted.all(), model.lInit.all(), zL.all().as(batch, length))));
        starts.ifPresent(each -> {
            var drawn = Buffer.floats("drawn", batch, length);
            operations.addAll(start(each, 0, drawn, zH));
            operations.addAll(start(each, 1, drawn, zL));
        });
        weights.ifPresent(each -> operations.add(each.gather(steps)));
        adam.ifPresent(a -> operations.add(new Fill(a.gradients().all(), 0)));
        return new Program("begin step", operations);
    }

    private List<Operation> start(TrainingNoise noise, int draw, Buffer drawn, Buffer state) {
        var rows = drawn.all();
        return List.of(
                new Fill(rows, 0), noise.of(draw, rows),
                new SelectRows(halted.all(), rows, state.all().as(rows.dim(0), rows.dim(1))));
    }

    private SelectRows take(Buffer from, Buffer to, int batch, int width) {
        return new SelectRows(halted.all(), from.all().as(batch, width), to.all().as(batch, width));
    }

    /** Decides who halts. */
    private Program haltingStep(TrmConfig config) {
        return new Program(
                "end step",
                new Halting.Step(
                        heads.q.all(), minSteps.all(), steps.all(), halted.all(), config.haltMaxSteps(),
                        config.haltsAgainstContinue()));
    }

    /** Sums up what the step came to. */
    private Program metrics(TrmConfig config) {
        return new Program(
                "metrics",
                new Halting.Metrics(
                        ofAll(heads.q), ofAll(heads.right), ofAll(heads.labelled), ofAll(heads.exact), ofAll(steps),
                        ofAll(halted), ofAll(heads.tokenLoss), ofAll(heads.haltLoss),
                        config.noActContinue() ? zeros(heads.continueLoss) : ofAll(heads.continueLoss),
                        metrics.all()));
    }

    /** Returns what the whole batch has of a buffer: where one process has all, the buffer itself. */
    private Tensor ofAll(Buffer own) {
        if (share.isWhole()) {
            return own.all();
        }
        var all = Buffer.of(own.name() + " of all", own.type(), share.shapeOfAll(own.shape()));
        shared.add(new Shared(own, all));
        return all.all();
    }

    /** Returns what the whole batch has of a loss that is not computed. */
    private Tensor zeros(Buffer loss) {
        return share.isWhole() ? loss.all() : Buffer.floats(loss.name(), share.shapeOfAll(loss.shape())).all();
    }

    private Program squareSums() {
        return new Program(
                "square sums",
                adam.<Operation>map(a -> new SquareSums(a.gradients().all(), squares.at(0)))
                        .orElseGet(() -> new Fill(squares.at(0), 0)),
                new SquareSums(model.weights.all(), squares.at(1)));
    }

    private Program optimizers(TrainConfig train) {
        var operations = new ArrayList<Operation>();
        adam.ifPresent(a -> operations.add(new AdamAtan2(
                model.weights.all(), a.gradients().all(), a.m().all(), a.v().all(), a.ema().all(),
                rates.all().part(0, 3), (float) train.beta1(), (float) train.beta2(), (float) train.weightDecay(),
                (float) train.emaRate())));
        int batch = train.batchSize();
        dRows.ifPresent(rows -> operations.add(new SignSgd(
                ofAll(current.identifiers()).as(batch), ofAll(rows).as(batch, rows.shape().dim(2)),
                model.table.orElseThrow().all(), rates.all().part(3, 1), (float) train.puzzleEmbWeightDecay())));
        return new Program("update", operations);
    }
}
