package trm4j.model.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Program;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.CrossEntropy;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.ScaleRows;

/**
 * Reads answers off z_H: logits of the tokens' positions, q (halt, continue) of position 0, predictions and losses; and
 * goes back from their gradients to the one with respect to z_H.
 */
final class OutputHeads {

    private static final int Q = 2;

    /** For each micro-batch: q [puzzles, 2], predictions [puzzles, L], and per puzzle losses and counts. */
    final Buffer q;
    final Buffer predictions;
    final Buffer tokenLoss;
    final Buffer haltLoss;
    final Buffer continueLoss;
    final Buffer right;
    final Buffer labelled;
    final Buffer exact;
    /** Logits [puzzles, L, V] of the micro-batch that ran last. */
    final Buffer logits;

    private final NetBuffers buffers;
    private final Parameters parameters;
    private final Buffer weights;
    private final PuzzleBuffers puzzles;
    private final Index micro;
    /** Which state slot holds z_H. */
    private final Index answer;
    private final Tensor tokens;
    private final Tensor first;
    private final Buffer dLogits;
    private final Buffer dQ;
    /** What q is made of where activations are rounded. */
    private final Buffer roundedQ;

    OutputHeads(
            NetBuffers buffers, Parameters parameters, Buffer weights, PuzzleBuffers puzzles, Index micro) {
        this.buffers = buffers;
        this.parameters = parameters;
        this.weights = weights;
        this.puzzles = puzzles;
        this.micro = micro;
        var config = buffers.config;
        int micros = micro.count();
        int batch = buffers.batch;
        answer = new Index("answer", buffers.in.count());
        q = Buffer.floats("q", micros, batch, Q);
        predictions = Buffer.ints("predictions", micros, batch, config.seqLen());
        tokenLoss = Buffer.floats("tokenLoss", micros, batch);
        haltLoss = Buffer.floats("haltLoss", micros, batch);
        continueLoss = Buffer.floats("continueLoss", micros, batch);
        right = Buffer.ints("right", micros, batch);
        labelled = Buffer.ints("labelled", micros, batch);
        exact = Buffer.floats("exact", micros, batch);
        logits = buffers.activation("logits", batch, config.seqLen(), config.vocabSize());
        dLogits = buffers.activation("dLogits", batch, config.seqLen(), config.vocabSize());
        dQ = buffers.activation("dQ", batch, Q);
        roundedQ = buffers.activation("roundedQ", batch, Q);
        tokens = buffers.activation("tokens", batch, config.seqLen() * buffers.width).all();
        first = buffers.activation("first", batch, buffers.width).all();
    }

    Index answer() {
        return answer;
    }

    private Tensor zH() {
        return byPuzzle(buffers.states.at(answer));
    }

    private Tensor byPuzzle(Tensor states) {
        return states.as(buffers.batch, buffers.positions * buffers.width);
    }

    /** Returns the width of the puzzle positions in front of the tokens. */
    private int skipped() {
        return buffers.config.puzzlePositions() * buffers.width;
    }

    private Tensor tokenRows(Tensor tokens) {
        return tokens.as(buffers.batch * buffers.config.seqLen(), buffers.width);
    }

    private Tensor logitRows(Buffer logits) {
        return logits.all().as(buffers.batch * buffers.config.seqLen(), buffers.config.vocabSize());
    }

    /** Returns the program that reads q off the answer, into a tensor [puzzles, 2]. */
    Program readQ(Tensor q) {
        var sum = buffers.rounds() ? roundedQ.all() : q;
        var operations = new ArrayList<Operation>(List.of(
                new CopyColumns(zH(), 0, first, 0, buffers.width, 1, false),
                MatMul.set(first, false, parameters.in(weights, Parameters.Q_HEAD), true, sum),
                new RowBroadcast.Forward(parameters.in(weights, Parameters.Q_BIAS), 1, sum)));
        if (buffers.rounds()) {
            operations.add(CopyColumns.all(sum, q));
        }
        return new Program("read q", operations);
    }

    /**
     * Returns the program that reads logits, predictions and the tokens' losses off the answer.
     *
     * @param gradScale of the gradients with respect to the logits
     * @param smoothing of the labels
     * @param trains whether these gradients are computed
     */
    Program readAnswer(CrossEntropy.Kind kind, float gradScale, float smoothing, boolean trains) {
        var lmHead = parameters.in(weights, Parameters.LM_HEAD);
        return new Program(
                "read answer",
                new CopyColumns(zH(), skipped(), tokens, 0, tokens.dim(1), 1, false),
                MatMul.set(tokenRows(tokens), false, lmHead, true, logitRows(logits)),
                new CrossEntropy(
                        kind, logits.all(), puzzles.labels().at(micro), gradScale, smoothing,
                        trains ? Optional.of(dLogits.all()) : Optional.empty(), predictions.at(micro),
                        tokenLoss.at(micro), right.at(micro), labelled.at(micro), exact.at(micro)));
    }

    /** Returns the program of the halt logits' loss: is the answer exact? */
    Program haltLoss(float gradScale) {
        return new Program(
                "halt loss",
                new Fill(dQ.all(), 0),
                new BinaryCrossEntropy(
                        q.at(micro), 0, exact.at(micro), gradScale, dQ.all(), haltLoss.at(micro)));
    }

    /**
     * Returns the program that weighs the gradients of the losses of each puzzle.
     *
     * @param weights [puzzles]
     */
    Program weigh(Tensor weights) {
        return new Program(
                "weigh losses",
                new ScaleRows(weights, dLogits.all().as(buffers.batch, dLogits.size() / buffers.batch)),
                new ScaleRows(weights, dQ.all()));
    }

    /** Returns the program of the continue logits' loss. */
    Program continueLoss(Tensor target, float gradScale) {
        return new Program(
                "continue loss",
                new BinaryCrossEntropy(q.at(micro), 1, target, gradScale, dQ.all(), continueLoss.at(micro)));
    }

    /**
     * Returns the way back: adds to the gradients with respect to both heads' weights, unless they are frozen, and sets
     * the one with respect to z_H in {@link NetBuffers#dState}.
     */
    Program backward(Gradients gradients) {
        var dTokens = tokens;
        var dFirst = first;
        var dState = byPuzzle(buffers.dState.all());
        var operations = new ArrayList<Operation>();
        gradients.weights().ifPresent(flat -> {
            var dLmHead = parameters.in(flat, Parameters.LM_HEAD);
            operations.add(MatMul.add(logitRows(dLogits), true, tokenRows(tokens), false, dLmHead));
            operations.add(MatMul.add(dQ.all(), true, first, false, parameters.in(flat, Parameters.Q_HEAD)));
            operations.add(new RowBroadcast.Backward(dQ.all(), 1, parameters.in(flat, Parameters.Q_BIAS)));
        });
        operations.addAll(List.of(
                MatMul.set(
                        logitRows(dLogits), false, parameters.in(weights, Parameters.LM_HEAD), false,
                        tokenRows(dTokens)),
                MatMul.set(dQ.all(), false, parameters.in(weights, Parameters.Q_HEAD), false, dFirst),
                new Fill(dState, 0),
                new CopyColumns(dTokens, 0, dState, skipped(), tokens.dim(1), 1, false),
                new CopyColumns(dFirst, 0, dState, 0, buffers.width, 1, true)));
        return new Program("heads backward", operations);
    }
}
