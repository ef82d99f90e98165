package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * to[r, toStart + c] = scale * from[r, fromStart + c], or += with {@code accumulate}, for c below width.
 *
 * @param from [rows, any]
 * @param to [rows, any]; may be from itself, where both start in the same column
 */
public record CopyColumns(
        Tensor from, int fromStart, Tensor to, int toStart, int width, float scale, boolean accumulate)
        implements Operation {

    public CopyColumns {
        Operation.require(
                from.rank() == 2 && to.rank() == 2 && from.dim(0) == to.dim(0) && width >= 0
                        && fromStart >= 0 && fromStart + width <= from.dim(1)
                        && toStart >= 0 && toStart + width <= to.dim(1),
                "copyColumns", from, fromStart, to, toStart, width);
    }

    /** Returns the copy of all of one tensor to another of the same size. */
    public static CopyColumns all(Tensor from, Tensor to) {
        var n = from.size();
        return new CopyColumns(from.as(1, n), 0, to.as(1, n), 0, n, 1, false);
    }

    @Override
    public String name() {
        return from.dim(0) == 1 ? "copy" : accumulate ? "addColumns" : "copyColumns";
    }

    @Override
    public String size() {
        return from.dim(0) == 1 ? String.valueOf(width) : from.dim(0) + "x" + width;
    }

    @Override
    public List<Tensor> reads() {
        return accumulate ? List.of(from, to) : List.of(from);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(to);
    }

    @Override
    public CopyColumns map(UnaryOperator<Tensor> other) {
        return new CopyColumns(other.apply(from), fromStart, other.apply(to), toStart, width, scale, accumulate);
    }

    @Override
    public long bytes() {
        long copied = (long) from.dim(0) * width;
        return from.bytes(copied) + (accumulate ? 2 : 1) * to.bytes(copied);
    }
}
