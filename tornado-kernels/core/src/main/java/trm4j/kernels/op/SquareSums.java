package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * sums[i] = x[i]^2 + x[i + s]^2 + x[i + 2s]^2 + ..., s the number of sums: the square root of their total is
 * the norm of x. Neighbouring sums go through neighbouring elements, so that both vectors and threads read
 * memory in one piece.
 *
 * @param x any number of elements
 * @param sums at least 1
 */
public record SquareSums(Tensor x, Tensor sums) implements Operation {

    @Override
    public String name() {
        return "squareSums";
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
        return List.of(sums);
    }

    @Override
    public SquareSums map(UnaryOperator<Tensor> to) {
        return new SquareSums(to.apply(x), to.apply(sums));
    }
}
