package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * x = factor * x + term, so many times over, element by element: nothing but multiply-adds on registers. No
 * model needs it; it measures what a device can do.
 *
 * @param x F32, of any shape
 * @param length how many times, at least 1
 */
public record FmaChain(Tensor x, float factor, float term, int length) implements Operation {

    public FmaChain {
        Operation.require(length >= 1, "fmaChain", x, length);
    }

    @Override
    public String name() {
        return "fmaChain";
    }

    @Override
    public String size() {
        return x.shape().label();
    }

    @Override
    public List<Tensor> reads() {
        return List.of(x);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(x);
    }

    @Override
    public FmaChain map(UnaryOperator<Tensor> to) {
        return new FmaChain(to.apply(x), factor, term, length);
    }

    @Override
    public long flops() {
        return 2L * x.size() * length;
    }
}
