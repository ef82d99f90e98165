package trm4j.benchmarks;

import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.benchmarks.CpuComputation.Given;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.CrossEntropy;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SignSgd;
import trm4j.kernels.op.SwiGlu;

/**
 * Operations of the cpu device whose time goes into memory, at the sizes of the paper's models: 4,096 positions of
 * 512; where tokens are mixed, 32 Sudokus of 97 positions.
 */
public enum CpuOperation {
    /** Of the feed-forward over features, 1,536 wide. */
    SWIGLU_BACKWARD(4096, rows -> swiGluBackward(rows, 1536)),
    /** Over features. */
    RMSNORM(4096, rows -> rmsNorm(rows, 512, 1)),
    RMSNORM_BACKWARD(4096, rows -> rmsNormBackward(rows, 512, 1)),
    /** Over positions, where tokens are mixed. */
    TOKEN_RMSNORM(32, batch -> rmsNorm(batch, 97, 512)),
    TOKEN_RMSNORM_BACKWARD(32, batch -> rmsNormBackward(batch, 97, 512)),
    /** 768 Sudokus of 81 cells and 11 tokens. */
    SOFTMAX_CROSS_ENTROPY(768, batch -> crossEntropy(CrossEntropy.Kind.SOFTMAX, batch, 81, 11)),
    STABLEMAX_CROSS_ENTROPY(768, batch -> crossEntropy(CrossEntropy.Kind.STABLEMAX, batch, 81, 11)),
    /** On the 6.8 million weights of Maze-Hard's model. */
    ADAM_ATAN2(6_800_000, CpuOperation::adamAtan2),
    /** On the puzzle rows of a batch of 768. */
    SIGN_SGD(768, batch -> signSgd(batch, 512));

    /** An operation, one of its outputs, and what its inputs hold. */
    private record Prepared(Operation operation, Buffer output, Given... given) {}

    private final int count;
    private final IntFunction<Prepared> prepared;

    CpuOperation(int count, IntFunction<Prepared> prepared) {
        this.count = count;
        this.prepared = prepared;
    }

    /** At full size. */
    Computation computation() {
        return computation(count);
    }

    /** On so many rows, puzzles or weights. */
    Computation computation(int count) {
        var ready = prepared.apply(count);
        return CpuComputation.of(ready.operation, ready.output, ready.given);
    }

    /** Of all that is read and all that is written at full size. */
    double bytes() {
        var operation = prepared.apply(count).operation;
        return Stream.concat(operation.reads().stream(), operation.writes().stream())
                .mapToDouble(Tensor::size)
                .sum() * Float.BYTES;
    }

    private static Prepared swiGluBackward(int outer, int inner) {
        var gateUp = Buffer.floats("gateUp", outer, 2, inner);
        var dOut = Buffer.floats("dOut", outer, inner);
        var out = Buffer.floats("out", outer, inner);
        var dGateUp = Buffer.floats("dGateUp", outer, 2, inner);
        return new Prepared(new SwiGlu.Backward(gateUp.all(), dOut.all(), out.all(), dGateUp.all()), dGateUp);
    }

    private static Prepared rmsNorm(int outer, int n, int inner) {
        var x = Buffer.floats("x", outer, n, inner);
        var residual = Buffer.floats("residual", outer, n, inner);
        var y = Buffer.floats("y", outer, n, inner);
        var scale = Buffer.floats("scale", outer, inner);
        return new Prepared(new RmsNorm.Forward(x.all(), residual.all(), y.all(), scale.all(), 1e-5f), y);
    }

    private static Prepared rmsNormBackward(int outer, int n, int inner) {
        var dy = Buffer.floats("dy", outer, n, inner);
        var y = Buffer.floats("y", outer, n, inner);
        var scale = Buffer.floats("scale", outer, inner);
        var dSum = Buffer.floats("dSum", outer, n, inner);
        return new Prepared(new RmsNorm.Backward(dy.all(), y.all(), scale.all(), dSum.all()), dSum);
    }

    private static Prepared crossEntropy(CrossEntropy.Kind kind, int batch, int length, int classes) {
        var labels = Buffer.ints("labels", batch, length);
        var dLogits = Buffer.floats("dLogits", batch, length, classes);
        var operation = new CrossEntropy(
                kind, Buffer.floats("logits", batch, length, classes).all(), labels.all(), 1f / batch, 0,
                Optional.of(dLogits.all()), Buffer.ints("predictions", batch, length).all(),
                Buffer.floats("loss", batch).all(), Buffer.ints("right", batch).all(),
                Buffer.ints("labelled", batch).all(), Buffer.floats("exact", batch).all());
        return new Prepared(operation, dLogits, new Given.Ints(labels, RandomInputs.ints(labels.shape(), classes, 2)));
    }

    private static Prepared adamAtan2(int n) {
        var weights = Buffer.floats("weights", n);
        var v = Buffer.floats("v", n);
        var rates = Buffer.floats("rates", 3);
        var operation = new AdamAtan2(
                weights.all(), Buffer.floats("gradients", n).all(), Buffer.floats("m", n).all(), v.all(),
                Buffer.floats("ema", n).all(), rates.all(), 0.9f, 0.95f, 1, 0.999f);
        return new Prepared(
                operation, weights, new Given.Floats(v, new float[n]), new Given.Floats(rates, 1e-4f, 1e-4f, 1));
    }

    private static Prepared signSgd(int batch, int width) {
        var ids = Buffer.ints("ids", batch);
        var table = Buffer.floats("table", batch, width);
        var rate = Buffer.floats("rate", 1);
        var operation = new SignSgd(
                ids.all(), Buffer.floats("gradients", batch, width).all(), table.all(), rate.all(), 0.1f);
        return new Prepared(
                operation, table, new Given.Ints(ids, IntStream.range(0, batch).toArray()),
                new Given.Floats(rate, 1e-4f));
    }
}
