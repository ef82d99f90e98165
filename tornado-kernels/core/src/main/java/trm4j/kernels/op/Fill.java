package trm4j.kernels.op;

import java.util.List;
import trm4j.kernels.Tensor;

/** Every element of an F32 tensor = value. */
public record Fill(Tensor out, float value) implements Operation {

    @Override
    public List<Tensor> reads() {
        return List.of();
    }

    @Override
    public List<Tensor> writes() {
        return List.of(out);
    }
}
