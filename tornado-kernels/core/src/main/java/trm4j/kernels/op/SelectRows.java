package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;

/**
 * Where the mask of a row is not 0, out[row] = source[row]; other rows stay.
 *
 * @param mask [rows], I32
 * @param source [rows, n], or [n] to give every chosen row the same values (n times over, if shorter than
 *     a row of out)
 * @param out [rows, any], of the source's type, or BF16 where that is F32
 */
public record SelectRows(Tensor mask, Tensor source, Tensor out) implements Operation {

    public SelectRows {
        Operation.require(
                mask.size() == out.dim(0) && fits(source.type(), out.type())
                        && (source.size() == out.size() || out.size() / out.dim(0) % source.size() == 0),
                "selectRows", mask, source, out);
    }

    private static boolean fits(ElementType from, ElementType to) {
        return from == to || from == ElementType.F32 && to == ElementType.BF16;
    }

    @Override
    public String name() {
        return out.type() == ElementType.I32 ? "selectRows of ints" : "selectRows";
    }

    @Override
    public String size() {
        return out.shape().label();
    }

    @Override
    public List<Tensor> reads() {
        return List.of(mask, source, out);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(out);
    }

    @Override
    public SelectRows map(UnaryOperator<Tensor> to) {
        return new SelectRows(to.apply(mask), to.apply(source), to.apply(out));
    }

    /** Returns the bytes for a mask that chooses half of the rows, each of which is read and written. */
    @Override
    public long bytes() {
        return mask.bytes() + out.bytes();
    }
}
