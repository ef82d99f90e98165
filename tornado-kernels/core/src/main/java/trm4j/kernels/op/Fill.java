package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/** Every element of an F32 tensor = value. */
public record Fill(Tensor out, float value) implements Operation {

    @Override
    public String name() {
        return "fill";
    }

    @Override
    public String size() {
        return out.shape().label();
    }

    @Override
    public List<Tensor> reads() {
        return List.of();
    }

    @Override
    public List<Tensor> writes() {
        return List.of(out);
    }

    @Override
    public Fill map(UnaryOperator<Tensor> to) {
        return new Fill(to.apply(out), value);
    }
}
