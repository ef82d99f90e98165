package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import trm4j.kernels.Bfloat16;

/**
 * Numbers of bfloat16 in arrays of shorts, made floats and made of floats: all conversions between the two are here. In
 * vectors, since C2 makes none of a plain loop of shifts.
 */
final class Halves {

    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final int UPPER = 0xFFFF0000;
    private static final int NAN = 0x7FC00000;

    private Halves() {}

    /** Makes floats of numbers. */
    static void widen(short[] from, int at, float[] to, int toAt, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            load(from, at + i).intoArray(to, toAt + i);
        }
        for (; i < n; i++) {
            to[toAt + i] = Bfloat16.value(from[at + i]);
        }
    }

    /** Rounds floats to numbers. */
    static void narrow(float[] from, int at, short[] to, int toAt, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            ((ShortVector) upper(FloatVector.fromArray(SPECIES, from, at + i))
                            .lanewise(VectorOperators.LSHR, 16)
                            .convertShape(VectorOperators.I2S, SHORTS, 0))
                    .intoArray(to, toAt + i);
        }
        for (; i < n; i++) {
            to[toAt + i] = Bfloat16.of(from[at + i]);
        }
    }

    /** Rounds floats in place to the values of numbers. */
    static void round(float[] x, int at, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            round(FloatVector.fromArray(SPECIES, x, at + i)).intoArray(x, at + i);
        }
        for (; i < n; i++) {
            x[at + i] = Bfloat16.round(x[at + i]);
        }
    }

    /** Returns the floats of a vector of numbers. */
    static FloatVector load(short[] from, int at) {
        return ((IntVector) ShortVector.fromArray(SHORTS, from, at).convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats();
    }

    /** Returns floats rounded to the values of numbers. */
    static FloatVector round(FloatVector x) {
        return upper(x).lanewise(VectorOperators.AND, UPPER).reinterpretAsFloats();
    }

    /** Returns bits whose upper halves are floats rounded to numbers. */
    private static IntVector upper(FloatVector x) {
        var bits = x.reinterpretAsInts();
        var up = bits.lanewise(VectorOperators.LSHR, 16).lanewise(VectorOperators.AND, 1).add(0x7FFF).add(bits);
        return up.blend(NAN, x.compare(VectorOperators.NE, x).cast(INTS));
    }
}
