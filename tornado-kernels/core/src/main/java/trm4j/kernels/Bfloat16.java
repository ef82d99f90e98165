package trm4j.kernels;

/**
 * Numbers of bfloat16: the upper halves of floats, with 8 bits of precision and a float's range. A short has the bits
 * of one.
 */
public final class Bfloat16 {

    private static final short NAN = 0x7FC0;

    private Bfloat16() {}

    /** Returns the number nearest to a float; halfway between two, the one whose last bit is 0. */
    public static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.isNaN(value) ? NAN : (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    /** Returns the float of the same value. */
    public static float value(short number) {
        return Float.intBitsToFloat(number << 16);
    }

    /** Returns the value of the number nearest to a float, as {@link #of} finds it. */
    public static float round(float value) {
        return value(of(value));
    }
}
