package trm4j.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions built of correctly rounded steps only, so that interpreted, compiled, vector and
 * scalar code all give the same bits. (The Vector API's own EXP and its lane reductions promise no such
 * thing.)
 */
final class VectorMath {

    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    /** Lanes that are so many further on, as far as there are any. */
    private static final VectorShuffle<Float> BY_8 = VectorShuffle.fromOp(SPECIES, lane -> (lane + 8) % LANES);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.fromOp(SPECIES, lane -> (lane + 4) % LANES);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.fromOp(SPECIES, lane -> (lane + 2) % LANES);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.fromOp(SPECIES, lane -> (lane + 1) % LANES);

    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    /** Adding it rounds a float to an integer, whose bits are then the sum's lowest. */
    private static final float ROUNDER = 0x1.8p23f;
    private static final float EXP_MIN = -87.33f;
    private static final float EXP_MAX = 88.02f;
    private static final float E5 = 1.9875691500e-4f;
    private static final float E4 = 1.3981999507e-3f;
    private static final float E3 = 8.3334519073e-3f;
    private static final float E2 = 4.1665795894e-2f;
    private static final float E1 = 1.6666665459e-1f;
    private static final float E0 = 5.0000001201e-1f;

    private static final float SQRT_HALF = 0.707106781f;
    private static final float L8 = 7.0376836292e-2f;
    private static final float L7 = -1.1514610310e-1f;
    private static final float L6 = 1.1676998740e-1f;
    private static final float L5 = -1.2420140846e-1f;
    private static final float L4 = 1.4249322787e-1f;
    private static final float L3 = -1.6668057665e-1f;
    private static final float L2 = 2.0000714765e-1f;
    private static final float L1 = -2.4999993993e-1f;
    private static final float L0 = 3.3333331174e-1f;

    private static final float HALF_PI = (float) (Math.PI / 2);
    private static final float QUARTER_PI = (float) (Math.PI / 4);
    private static final float TAN_EIGHTH_PI = 0.41421356f;
    private static final float A3 = 8.05374449538e-2f;
    private static final float A2 = -1.38776856032e-1f;
    private static final float A1 = 1.99777106478e-1f;
    private static final float A0 = -3.33329491539e-1f;

    /** Whether the processor multiplies and adds at once; where not, Java's own fma is some hundred times slower. */
    static final boolean FUSES = Jvm.fuses();

    private VectorMath() {}

    /** Returns a b + c: rounded once where the processor can, else after each of the two. */
    static FloatVector fma(FloatVector a, FloatVector b, FloatVector c) {
        return FUSES ? a.fma(b, c) : a.mul(b).add(c);
    }

    /** The same, of floats. */
    static float fma(float a, float b, float c) {
        return FUSES ? Math.fma(a, b, c) : a * b + c;
    }

    /** Returns e^x, relative error below 2e-7; x is cut to [-87.33, 88.02]. Coefficients are from Cephes' expf. */
    static FloatVector exp(FloatVector x) {
        // Not max and min: where zeros and NaN must come out as Java has them, they take some seven instructions each.
        x = x.blend(EXP_MIN, x.compare(VectorOperators.LT, EXP_MIN));
        x = x.blend(EXP_MAX, x.compare(VectorOperators.GT, EXP_MAX));
        var rounded = x.mul(LOG2_E).add(ROUNDER);
        var n = rounded.sub(ROUNDER);
        var r = fma(n.lanewise(VectorOperators.NEG), n.broadcast(LN2_HIGH), x);
        r = fma(n.lanewise(VectorOperators.NEG), n.broadcast(LN2_LOW), r);
        var p = fma(r.broadcast(E5), r, r.broadcast(E4));
        p = fma(p, r, r.broadcast(E3));
        p = fma(p, r, r.broadcast(E2));
        p = fma(p, r, r.broadcast(E1));
        p = fma(p, r, r.broadcast(E0));
        p = fma(p, r.mul(r), r).add(1f);
        var exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    static float exp(float x) {
        x = Math.min(Math.max(x, EXP_MIN), EXP_MAX);
        float rounded = x * LOG2_E + ROUNDER;
        float n = rounded - ROUNDER;
        float r = fma(-n, LN2_HIGH, x);
        r = fma(-n, LN2_LOW, r);
        float p = fma(E5, r, E4);
        p = fma(p, r, E3);
        p = fma(p, r, E2);
        p = fma(p, r, E1);
        p = fma(p, r, E0);
        p = fma(p, r * r, r) + 1f;
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(rounded) << 23));
    }

    /** Returns ln x, relative error below 2e-7; x is normal and above 0. Coefficients are from Cephes' logf. */
    static float log(float x) {
        int bits = Float.floatToRawIntBits(x);
        int exponent = (bits >>> 23) - 126;
        float m = Float.intBitsToFloat(bits & 0x007FFFFF | 0x3F000000);
        if (m < SQRT_HALF) {
            exponent--;
            m += m;
        }
        m -= 1f;
        float z = m * m;
        float p = L8 * m + L7;
        p = p * m + L6;
        p = p * m + L5;
        p = p * m + L4;
        p = p * m + L3;
        p = p * m + L2;
        p = p * m + L1;
        p = p * m + L0;
        p = p * m * z + exponent * LN2_LOW - 0.5f * z;
        return m + p + exponent * LN2_HIGH;
    }

    /** Returns 1 / (1 + e^-x). */
    static FloatVector sigmoid(FloatVector x) {
        var e = exp(x.lanewise(VectorOperators.NEG));
        return e.broadcast(1f).div(e.add(1f));
    }

    static float sigmoid(float x) {
        return 1f / (1f + exp(-x));
    }

    /** Returns atan2(y, x) for x >= 0, within 2e-7; 0 where both are 0. Coefficients are from Cephes' atanf. */
    static FloatVector atan2(FloatVector y, FloatVector x) {
        var ay = y.abs();
        var small = ay.min(x);
        var large = ay.max(x);
        var zero = large.eq(0f);
        var t = small.div(large.blend(1f, zero));
        var high = t.compare(VectorOperators.GT, TAN_EIGHTH_PI);
        t = t.blend(t.sub(1f).div(t.add(1f)), high);
        var z = t.mul(t);
        var p = fma(z.broadcast(A3), z, z.broadcast(A2));
        p = fma(p, z, z.broadcast(A1));
        p = fma(p, z, z.broadcast(A0));
        p = fma(p.mul(z), t, t);
        p = p.add(p.broadcast(0f).blend(QUARTER_PI, high));
        p = p.blend(p.broadcast(HALF_PI).sub(p), ay.compare(VectorOperators.GT, x));
        return p.blend(p.lanewise(VectorOperators.NEG), y.lt(0f));
    }

    static float atan2(float y, float x) {
        float ay = Math.abs(y);
        float small = Math.min(ay, x);
        float large = Math.max(ay, x);
        float t = small / (large == 0f ? 1f : large);
        boolean high = t > TAN_EIGHTH_PI;
        if (high) {
            t = (t - 1f) / (t + 1f);
        }
        float z = t * t;
        float p = fma(A3, z, A2);
        p = fma(p, z, A1);
        p = fma(p, z, A0);
        p = fma(p * z, t, t);
        p += high ? QUARTER_PI : 0f;
        p = ay > x ? HALF_PI - p : p;
        return y < 0 ? -p : p;
    }

    /** Returns the sum of the lanes, always in the same order: the upper half is added to the lower one, and so on. */
    static float sum(FloatVector v) {
        if (LANES > 8) {
            v = v.add(v.rearrange(BY_8));
        }
        if (LANES > 4) {
            v = v.add(v.rearrange(BY_4));
        }
        if (LANES > 2) {
            v = v.add(v.rearrange(BY_2));
        }
        return v.add(v.rearrange(BY_1)).lane(0);
    }
}
