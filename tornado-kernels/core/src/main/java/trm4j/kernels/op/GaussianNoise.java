package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * x[row] += scale * numbers drawn from N(0, 1). Which numbers a row gets depends on its own counters and the key alone:
 * neither on the other rows, nor on who computes it.
 *
 * <p>Elements 4 b .. 4 b + 3 of a row come from the four words w that Philox 4x32-10 (Salmon et al., "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011) makes of the counter (b, counters[row]) and the key: w0 and w1 make the first
 * two, w2 and w3 the others, as Box and Muller (1958) do. Of a word w, u(w) = (w / 512 + 1/2) / 2^23, where the
 * division rounds down. The two numbers are sqrt(-2 ln u(w0)) times the cosine and the sine of an angle of
 * w1 / 2^30 + u(4 w1) - 1/2 quarter turns, with a division that rounds down and a product modulo 2^32. So they never
 * exceed 5.8.
 *
 * @param key [2], I32
 * @param counters [rows, 3], I32
 * @param scale a single number, the standard deviation
 * @param x [rows, n]
 */
public record GaussianNoise(Tensor key, Tensor counters, Tensor scale, Tensor x) implements Operation {

    /** Words of a counter that a row chooses. */
    public static final int COUNTERS = 3;
    /** Words of a key. */
    public static final int KEYS = 2;

    public GaussianNoise {
        Operation.require(
                key.size() == KEYS && scale.size() == 1 && x.rank() == 2 && counters.size() == COUNTERS * x.dim(0),
                "gaussianNoise", key, counters, scale, x);
    }

    @Override
    public String name() {
        return "gaussianNoise";
    }

    @Override
    public String size() {
        return x.shape().label();
    }

    @Override
    public List<Tensor> reads() {
        return List.of(key, counters, scale, x);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(x);
    }

    @Override
    public GaussianNoise map(UnaryOperator<Tensor> to) {
        return new GaussianNoise(to.apply(key), to.apply(counters), to.apply(scale), to.apply(x));
    }
}
