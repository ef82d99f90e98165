package trm4j.kernels.op;

import java.util.List;
import trm4j.kernels.Tensor;

/**
 * Where the mask of a row is not 0, out[row] = source[row]; other rows stay.
 *
 * @param mask [rows], I32
 * @param source [rows, n], or [n] to give every chosen row the same values (n times over, if shorter than
 *     a row of out)
 * @param out [rows, any], of the source's type
 */
public record SelectRows(Tensor mask, Tensor source, Tensor out) implements Operation {

    public SelectRows {
        Operation.require(
                mask.size() == out.dim(0) && source.buffer().type() == out.buffer().type()
                        && (source.size() == out.size() || out.size() / out.dim(0) % source.size() == 0),
                "selectRows", mask, source, out);
    }

    @Override
    public List<Tensor> reads() {
        return List.of(mask, source, out);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(out);
    }
}
