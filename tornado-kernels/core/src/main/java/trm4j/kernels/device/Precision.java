package trm4j.kernels.device;

import java.util.Locale;

/** What matrix products are computed in. All that is kept is float32, whatever it is. */
public enum Precision {
    /** Single precision: products of 24 bits. Every device has it. */
    FLOAT32,
    /** Factors are rounded to 11 bits of precision, with float32's range; sums are float32. */
    TF32,
    /** Factors are rounded to bfloat16, 8 bits of precision with float32's range; sums are float32. */
    BF16;

    /** The name that users give it: {@code float32}, {@code tf32} or {@code bf16}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
