package trm4j.kernels.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.CrossEntropy.Kind;

class OperationTest {

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({
        "matMuls", "norms", "gates", "attentions", "embeddings", "copies", "losses", "haltings", "optimizers"
    })
    void refusesOperandsThatDoNotFit(String operation, String why, Executable create) {
        var refusal = assertThrows(IllegalArgumentException.class, create);
        var message = refusal.getMessage();
        assertTrue(message.startsWith(operation + ": operands do not fit together: "), message);
    }

    @Test
    void namesTheOperandsInItsRefusal() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> MatMul.set(
                Buffer.floats("a", 2, 3).all(), false, Buffer.floats("b", 2, 3).all(), false,
                Buffer.floats("c", 2, 3).all()));
        assertEquals("matmul: operands do not fit together: [a[2x3], b[2x3], c[2x3]]", refusal.getMessage());
    }

    private static Arguments refused(String operation, String why, Executable create) {
        return arguments(operation, why, create);
    }

    private static Stream<Arguments> matMuls() {
        return Stream.of(
                refused("matmul", "inner sizes differ", () -> MatMul.set(f(2, 3), false, f(2, 4), false, f(2, 4))),
                refused("matmul", "rows differ", () -> MatMul.set(f(2, 3), false, f(3, 4), false, f(3, 4))),
                refused("matmul", "columns differ", () -> MatMul.set(f(2, 3), false, f(3, 4), false, f(2, 3))),
                refused("matmul", "a is not transposed", () -> MatMul.set(f(2, 3), true, f(3, 4), false, f(2, 4))),
                refused("matmul", "b is not transposed", () -> MatMul.set(f(2, 3), false, f(3, 4), true, f(2, 4))),
                refused("matmul", "batches differ", () -> MatMul.set(f(5, 2, 3), false, f(6, 3, 4), false, f(6, 2, 4))),
                refused("matmul", "c's batch differs", () ->
                        MatMul.set(f(5, 2, 3), false, f(5, 3, 4), false, f(6, 2, 4))),
                refused("matmul", "a sum with one a", () -> MatMul.set(f(2, 3), false, f(5, 3, 4), false, f(2, 4))),
                refused("matmul", "a sum with one b", () -> MatMul.set(f(5, 2, 3), false, f(3, 4), false, f(2, 4))),
                refused("matmul", "a is a vector", () -> MatMul.set(f(3), false, f(3, 4), false, f(1, 4))),
                refused("matmul", "b is a vector", () -> MatMul.set(f(2, 3), false, f(3), false, f(2, 1))),
                refused("matmul", "c is a vector", () -> MatMul.set(f(1, 3), false, f(3, 4), false, f(4))),
                refused("matmul", "too many dimensions", () ->
                        MatMul.set(f(1, 1, 2, 3), false, f(3, 4), false, f(2, 4))));
    }

    private static Stream<Arguments> norms() {
        return Stream.of(
                refused("rmsNorm", "two dimensions", () ->
                        new RmsNorm.Forward(f(2, 3), f(2, 3), f(2, 3), f(2), 1)),
                refused("rmsNorm", "residual differs", () ->
                        new RmsNorm.Forward(f(2, 3, 4), f(2, 4, 3), f(2, 3, 4), f(2, 4), 1)),
                refused("rmsNorm", "y differs", () ->
                        new RmsNorm.Forward(f(2, 3, 4), f(2, 3, 4), f(2, 3, 5), f(2, 4), 1)),
                refused("rmsNorm", "scale over another axis", () ->
                        new RmsNorm.Forward(f(2, 3, 4), f(2, 3, 4), f(2, 3, 4), f(2, 3), 1)),
                refused("rmsNorm backward", "two dimensions", () ->
                        new RmsNorm.Backward(f(2, 3), f(2, 3), f(2), f(2, 3))),
                refused("rmsNorm backward", "y differs", () ->
                        new RmsNorm.Backward(f(2, 3, 4), f(2, 4, 3), f(2, 4), f(2, 3, 4))),
                refused("rmsNorm backward", "scale over another axis", () ->
                        new RmsNorm.Backward(f(2, 3, 4), f(2, 3, 4), f(2, 3), f(2, 3, 4))),
                refused("rmsNorm backward", "dSum differs", () ->
                        new RmsNorm.Backward(f(2, 3, 4), f(2, 3, 4), f(2, 4), f(2, 3))));
    }

    private static Stream<Arguments> gates() {
        return Stream.of(
                refused("swiGlu", "no two halves", () -> new SwiGlu.Forward(f(2, 3, 4), f(2, 4))),
                refused("swiGlu", "two dimensions", () -> new SwiGlu.Forward(f(2, 4), f(4))),
                refused("swiGlu", "out differs", () -> new SwiGlu.Forward(f(3, 2, 4), f(2, 4))),
                refused("swiGlu backward", "dOut differs", () ->
                        new SwiGlu.Backward(f(3, 2, 4), f(2, 4), f(3, 4), f(3, 2, 4))),
                refused("swiGlu backward", "out differs", () ->
                        new SwiGlu.Backward(f(3, 2, 4), f(3, 4), f(2, 4), f(3, 2, 4))),
                refused("swiGlu backward", "dGateUp differs", () ->
                        new SwiGlu.Backward(f(3, 2, 4), f(3, 4), f(3, 4), f(4, 2, 3))));
    }

    private static Stream<Arguments> attentions() {
        var qkv = f(2, 5, 3, 4, 6);
        var out = f(2, 5, 4, 6);
        var sums = f(2, 4, 5);
        return Stream.of(
                refused("attention", "two parts", () -> new Attention.Forward(f(2, 5, 2, 4, 6), out, sums)),
                refused("attention", "four dimensions", () -> new Attention.Forward(f(2, 5, 3, 24), out, sums)),
                refused("attention", "out differs", () -> new Attention.Forward(qkv, f(2, 5, 4, 5), sums)),
                refused("attention", "sums differ", () -> new Attention.Forward(qkv, out, f(2, 5))),
                refused("attention backward", "out differs", () ->
                        new Attention.Backward(qkv, f(2, 5), sums, out, qkv)),
                refused("attention backward", "dOut differs", () ->
                        new Attention.Backward(qkv, out, sums, f(2, 5), qkv)),
                refused("attention backward", "dQkv differs", () ->
                        new Attention.Backward(qkv, out, sums, out, out)),
                refused("rope", "three dimensions", () -> new Rope(f(2, 3, 4), 1, 10, false)),
                refused("rope", "an odd head", () -> new Rope(f(2, 3, 4, 5), 1, 10, false)),
                refused("rope", "more heads than there are", () -> new Rope(f(2, 3, 4, 6), 5, 10, false)),
                refused("rope", "fewer heads than none", () -> new Rope(f(2, 3, 4, 6), -1, 10, false)));
    }

    private static Stream<Arguments> embeddings() {
        return Stream.of(
                refused("gather", "batches differ", () -> new Embedding.Gather(i(2, 3), f(9, 4), f(3, 12), 0, 4, 1)),
                refused("gather", "ids are a vector", () -> new Embedding.Gather(i(2), f(9, 4), f(2, 4), 0, 4, 1)),
                refused("gather", "a cell too narrow", () -> new Embedding.Gather(i(2, 3), f(9, 4), f(2, 12), 0, 3, 1)),
                refused("gather", "a start below 0", () -> new Embedding.Gather(i(2, 3), f(9, 4), f(2, 12), -1, 4, 1)),
                refused("gather", "a row too short", () -> new Embedding.Gather(i(2, 3), f(9, 4), f(2, 12), 1, 4, 1)),
                refused("scatterAdd", "batches differ", () ->
                        new Embedding.ScatterAdd(i(2, 3), f(3, 12), f(9, 4), 0, 4, 1)),
                refused("scatterAdd", "a row too short", () ->
                        new Embedding.ScatterAdd(i(2, 3), f(2, 12), f(9, 4), 1, 4, 1)));
    }

    private static Stream<Arguments> copies() {
        return Stream.of(
                refused("add", "one term", () -> new Add(List.of(f(3)), f(3))),
                refused("add", "four terms", () -> new Add(List.of(f(3), f(3), f(3), f(3)), f(3))),
                refused("add", "a term differs", () -> new Add(List.of(f(3), f(4)), f(3))),
                refused("gaussianNoise", "a short key", () ->
                        new GaussianNoise(i(1), i(2, 3), f(1), f(2, 5))),
                refused("gaussianNoise", "counters of another row", () ->
                        new GaussianNoise(i(2), i(3, 3), f(1), f(2, 5))),
                refused("gaussianNoise", "two scales", () -> new GaussianNoise(i(2), i(2, 3), f(2), f(2, 5))),
                refused("gaussianNoise", "a vector", () -> new GaussianNoise(i(2), i(1, 3), f(1), f(5))),
                refused("fmaChain", "no length", () -> new FmaChain(f(3), 1, 1, 0)),
                refused("rowBroadcast", "the row differs", () -> new RowBroadcast.Forward(f(3), 1, f(3, 4))),
                refused("rowBroadcast", "no rows", () -> new RowBroadcast.Forward(f(3), 1, f(3))),
                refused("rowBroadcast backward", "the row differs", () ->
                        new RowBroadcast.Backward(f(3, 4), 1, f(3))),
                refused("rowBroadcast backward", "no rows", () -> new RowBroadcast.Backward(f(3), 1, f(3))),
                refused("copyColumns", "rows differ", () -> new CopyColumns(f(2, 4), 0, f(3, 4), 0, 4, 1, false)),
                refused("copyColumns", "too few to read", () -> new CopyColumns(f(2, 4), 1, f(2, 5), 0, 4, 1, false)),
                refused("copyColumns", "too few to write", () -> new CopyColumns(f(2, 5), 0, f(2, 4), 1, 4, 1, false)),
                refused("copyColumns", "read before the row", () ->
                        new CopyColumns(f(2, 4), -1, f(2, 4), 0, 4, 1, false)),
                refused("copyColumns", "written before the row", () ->
                        new CopyColumns(f(2, 4), 0, f(2, 4), -1, 4, 1, false)),
                refused("copyColumns", "a width below 0", () ->
                        new CopyColumns(f(2, 4), 0, f(2, 4), 0, -1, 1, false)),
                refused("copyColumns", "a vector", () -> new CopyColumns(f(4), 0, f(1, 4), 0, 4, 1, false)),
                refused("scaleRows", "the factors differ", () -> new ScaleRows(f(2), f(3, 4))),
                refused("scaleRows", "a vector", () -> new ScaleRows(f(3), f(3))),
                refused("selectRows", "the mask differs", () -> new SelectRows(i(2), f(3, 4), f(3, 4))),
                refused("selectRows", "types differ", () -> new SelectRows(i(3), i(3, 4), f(3, 4))),
                refused("selectRows", "a source that does not divide a row", () ->
                        new SelectRows(i(3), f(3), f(3, 4))),
                refused("selectRows", "a source of some rows", () -> new SelectRows(i(3), f(2, 4), f(3, 4))));
    }

    private static Stream<Arguments> losses() {
        var logits = f(2, 3, 4);
        return Stream.of(
                refused("crossEntropy", "two dimensions", () -> crossEntropy(f(2, 3), i(2, 3), f(2, 3), i(2, 3), f(2))),
                refused("crossEntropy", "a vector", () -> crossEntropy(f(2), i(2), f(2), i(2), f(2))),
                refused("crossEntropy", "labels differ", () ->
                        crossEntropy(logits, i(2, 4), logits, i(2, 4), f(2))),
                refused("crossEntropy", "predictions differ", () ->
                        crossEntropy(logits, i(2, 3), logits, i(2, 4), f(2))),
                refused("crossEntropy", "dLogits differ", () ->
                        crossEntropy(logits, i(2, 3), f(2, 3), i(2, 3), f(2))),
                refused("crossEntropy", "losses differ", () ->
                        crossEntropy(logits, i(2, 3), logits, i(2, 3), f(3))),
                refused("crossEntropy", "all of it is smoothed", () -> new CrossEntropy(
                        Kind.SOFTMAX, logits, i(2, 3), 1, 1, Optional.empty(), i(2, 3), f(2), i(2), i(2), f(2))),
                refused("binaryCrossEntropy", "no such column", () ->
                        new BinaryCrossEntropy(f(3, 2), 2, f(3), 1, f(3, 2), f(3))),
                refused("binaryCrossEntropy", "a column below 0", () ->
                        new BinaryCrossEntropy(f(3, 2), -1, f(3), 1, f(3, 2), f(3))),
                refused("binaryCrossEntropy", "a vector", () ->
                        new BinaryCrossEntropy(f(3), 0, f(3), 1, f(3), f(3))),
                refused("binaryCrossEntropy", "targets differ", () ->
                        new BinaryCrossEntropy(f(3, 2), 0, f(2), 1, f(3, 2), f(3))),
                refused("binaryCrossEntropy", "dLogits differ", () ->
                        new BinaryCrossEntropy(f(3, 2), 0, f(3), 1, f(3), f(3))),
                refused("binaryCrossEntropy", "losses differ", () ->
                        new BinaryCrossEntropy(f(3, 2), 0, f(3), 1, f(3, 2), f(2))));
    }

    private static CrossEntropy crossEntropy(
            Tensor logits, Tensor labels, Tensor dLogits, Tensor predictions, Tensor loss) {
        return new CrossEntropy(
                Kind.SOFTMAX, logits, labels, 1, 0, Optional.of(dLogits), predictions, loss, i(2), i(2), f(2));
    }

    private static Stream<Arguments> haltings() {
        return Stream.of(
                refused("halting step", "logits differ", () -> new Halting.Step(f(3), i(3), i(3), i(3), 4, false)),
                refused("halting step", "least steps differ", () ->
                        new Halting.Step(f(3, 2), i(2), i(3), i(3), 4, false)),
                refused("halting step", "halted differs", () ->
                        new Halting.Step(f(3, 2), i(3), i(3), i(2), 4, false)),
                refused("continue target", "logits differ", () ->
                        new Halting.ContinueTarget(f(3), i(3), f(3), 4)),
                refused("continue target", "targets differ", () ->
                        new Halting.ContinueTarget(f(3, 2), i(3), f(2), 4)),
                refused("metrics", "logits differ", () -> metrics(f(3), i(3), 8)),
                refused("metrics", "right differs", () -> metrics(f(3, 2), i(2), 8)),
                refused("metrics", "sums differ", () -> metrics(f(3, 2), i(3), 7)));
    }

    private static Halting.Metrics metrics(Tensor q, Tensor right, int sums) {
        return new Halting.Metrics(q, right, i(3), f(3), i(3), i(3), f(3), f(3), f(3), f(sums));
    }

    private static Stream<Arguments> optimizers() {
        return Stream.of(
                refused("adamAtan2", "gradients differ", () -> adam(f(4), f(5), f(5), f(5), f(3))),
                refused("adamAtan2", "m differs", () -> adam(f(5), f(4), f(5), f(5), f(3))),
                refused("adamAtan2", "v differs", () -> adam(f(5), f(5), f(4), f(5), f(3))),
                refused("adamAtan2", "ema differs", () -> adam(f(5), f(5), f(5), f(4), f(3))),
                refused("adamAtan2", "two rates", () -> adam(f(5), f(5), f(5), f(5), f(2))),
                refused("signSgd", "ids differ", () -> new SignSgd(i(3), f(2, 5), f(9, 5), f(1), 0)),
                refused("signSgd", "widths differ", () -> new SignSgd(i(2), f(2, 5), f(9, 4), f(1), 0)),
                refused("signSgd", "a vector", () -> new SignSgd(i(2), f(2), f(2), f(1), 0)),
                refused("signSgd", "two rates", () -> new SignSgd(i(2), f(2, 5), f(9, 5), f(2), 0)));
    }

    private static AdamAtan2 adam(Tensor gradients, Tensor m, Tensor v, Tensor ema, Tensor rates) {
        return new AdamAtan2(f(5), gradients, m, v, ema, rates, 0, 0, 0, 0);
    }

    private static Tensor f(int... dimensions) {
        return Buffer.floats("f", dimensions).all();
    }

    private static Tensor i(int... dimensions) {
        return Buffer.ints("i", dimensions).all();
    }
}
