package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * Rotary position embedding, in place, of the first heads of each position: with angle =
 * position * theta^(-2i/size), elements i and i + size/2 of a head turn by it. (RoFormer, arXiv
 * 2104.09864, in the rotated-halves order.)
 *
 * @param x [batch, positions, heads, size], size even
 * @param rotated how many of the heads turn
 * @param inverse turn back: the gradient of the rotation
 */
public record Rope(Tensor x, int rotated, float theta, boolean inverse) implements Operation {

    public Rope {
        Operation.require(
                x.rank() == 4 && x.dim(3) % 2 == 0 && rotated >= 0 && rotated <= x.dim(2), "rope", x, rotated);
    }

    @Override
    public String name() {
        return inverse ? "rope backward" : "rope";
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
    public Rope map(UnaryOperator<Tensor> to) {
        return new Rope(to.apply(x), rotated, theta, inverse);
    }

    /** Returns the bytes of the heads that turn. */
    @Override
    public long bytes() {
        return 2 * x.bytes((long) x.dim(0) * x.dim(1) * rotated * x.dim(3));
    }
}
