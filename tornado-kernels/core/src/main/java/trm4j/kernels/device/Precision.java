package trm4j.kernels.device;

import java.util.Locale;

/** What matrix products are computed in. All that is kept is float32, whatever it is. */
public enum Precision {
    /** Single precision, 24 bits. Every device has it. */
    FLOAT32(24),
    /** Factors are rounded to 11 bits, with float32's range; sums are float32. */
    TF32(11),
    /** Factors are rounded to bfloat16, 8 bits, with float32's range; sums are float32. */
    BF16(8);

    private final int bits;

    Precision(int bits) {
        this.bits = bits;
    }

    /** Returns the bits of a factor, without its sign and exponent. */
    public int bits() {
        return bits;
    }

    /** The name that users give it: {@code float32}, {@code tf32} or {@code bf16}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
