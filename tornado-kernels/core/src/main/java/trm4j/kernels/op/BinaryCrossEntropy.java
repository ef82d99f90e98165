package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * Binary cross-entropy of one column of logits with targets in [0, 1], and its gradient:
 * loss[b] = max(v, 0) - v * target + log(1 + exp(-|v|)); dLogits[b, column] = gradScale * (sigmoid(v) -
 * target).
 *
 * @param logits [batch, columns]
 * @param targets [batch]
 * @param dLogits like logits; other columns stay
 * @param loss [batch]
 */
public record BinaryCrossEntropy(
        Tensor logits, int column, Tensor targets, float gradScale, Tensor dLogits, Tensor loss)
        implements Operation {

    public BinaryCrossEntropy {
        Operation.require(
                logits.rank() == 2 && column >= 0 && column < logits.dim(1) && targets.size() == logits.dim(0)
                        && dLogits.size() == logits.size() && loss.size() == logits.dim(0),
                "binaryCrossEntropy", logits, column, targets, dLogits, loss);
    }

    @Override
    public String name() {
        return "binaryCrossEntropy";
    }

    @Override
    public String size() {
        return logits.shape().label();
    }

    @Override
    public List<Tensor> reads() {
        return List.of(logits, targets);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(dLogits, loss);
    }

    @Override
    public BinaryCrossEntropy map(UnaryOperator<Tensor> to) {
        return new BinaryCrossEntropy(
                to.apply(logits), column, to.apply(targets), gradScale, to.apply(dLogits), to.apply(loss));
    }

    /** Returns the bytes with one column only of the logits and of their gradient. */
    @Override
    public long bytes() {
        return logits.bytes(loss.size()) + targets.bytes() + dLogits.bytes(loss.size()) + loss.bytes();
    }

    @Override
    public Values values(Tensor operand) {
        return operand.equals(targets) ? Values.POSITIVE : Operation.super.values(operand);
    }
}
