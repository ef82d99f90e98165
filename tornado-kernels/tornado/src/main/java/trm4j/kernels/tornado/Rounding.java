package trm4j.kernels.tornado;

import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * Rounds floats to what bfloat16 has, inside of kernels, which are told whether by a scalar. It is done with sums
 * alone, since TornadoVM gives kernels no floats' bits: with large = x (2^16 + 1), large - (large - x) is x to 8 bits
 * (Veltkamp's splitting; Dekker, Numerische Mathematik 18, 1971). That is to nearest, ties to even, for all numbers
 * below 2^111 but the smallest, of which more digits stay.
 */
final class Rounding {

    /** Nothing is rounded. */
    static final int NONE = 0;
    /** To bfloat16. */
    static final int BFLOAT16 = 1;

    private static final float SHIFT = 0x1p16f;

    private Rounding() {}

    static float of(float x, int rounds) {
        if (rounds == NONE) {
            return x;
        }
        // The product is exact, so that it makes no difference whether a compiler joins it with the sum.
        float large = x * SHIFT + x;
        return large - (large - x);
    }

    static Float16 of(Float16 x, int rounds) {
        if (rounds == NONE) {
            return x;
        }
        Float16 large = Float16.add(Float16.mult(x, Lanes.all(SHIFT)), x);
        return Float16.sub(large, Float16.sub(large, x));
    }
}
