package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("vectors")
class VectorMathTest {

    private static final float[] SPECIAL = {
        0f, Float.MIN_VALUE, 3e-42f, Float.MIN_NORMAL, 1e-30f, 1e-8f, 0.41421354f, 0.41421356f, 0.41421360f, 0.5f, 1f,
        1.0000001f, 2.4142134f, 2.4142137f, 10f, 87.3f, 87.33f, 87.34f, 88.02f, 88.03f, 104f, 1e8f, 1e30f,
        Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN
    };
    /** About a million floats, evenly spread over all bit patterns. */
    private static final int STRIDE = 4_099;

    /** The build runs some tests with narrower vectors than the processor has. */
    @Test
    @EnabledIfSystemProperty(named = "vector.bits", matches = ".+")
    void vectorsAreAsNarrowAsTheBuildWantsThem() {
        int bits = Integer.getInteger("vector.bits");
        assertTrue(SPECIES.vectorBitSize() <= bits, SPECIES + ", expected " + bits + " bits at most");
    }

    /** The build runs some tests on a JVM without fused multiply-add, whose own fma would take minutes here. */
    @Test
    void multipliesAndAddsAsTheProcessorDoes() {
        float factor = 1 + 0x1p-12f;
        float term = -(1 + 0x1p-11f);
        // The product, 1 + 2^-11 + 2^-24, is rounded to 1 + 2^-11.
        boolean fuses = !"false".equals(System.getProperty("vector.fuses"));
        float right = fuses ? 0x1p-24f : 0;
        assertEquals(right, VectorMath.fma(factor, factor, term));
        var factors = FloatVector.broadcast(SPECIES, factor);
        var sums = VectorMath.fma(factors, factors, FloatVector.broadcast(SPECIES, term));
        assertEquals(right, sums.lane(LANES - 1));
    }

    @FunctionalInterface
    private interface Scalar {
        float of(float x);
    }

    @Test
    void expOfVectorsAndScalarsIsTheSame() {
        checkSame(VectorMath::exp, VectorMath::exp);
    }

    @Test
    void sigmoidOfVectorsAndScalarsIsTheSame() {
        checkSame(VectorMath::sigmoid, VectorMath::sigmoid);
    }

    private static void checkSame(UnaryOperator<FloatVector> vector, Scalar scalar) {
        for (float x : SPECIAL) {
            checkSame(vector, scalar, new float[] {x, -x});
        }
        var values = new float[LANES];
        for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; ) {
            for (int i = 0; i < LANES; i++, bits += STRIDE) {
                float value = Float.intBitsToFloat((int) bits);
                // As arithmetic makes it: other NaNs come from nowhere.
                values[i] = Float.isNaN(value) ? Float.NaN : value;
            }
            checkSame(vector, scalar, values);
        }
    }

    private static void checkSame(UnaryOperator<FloatVector> vector, Scalar scalar, float[] some) {
        var values = new float[LANES];
        System.arraycopy(some, 0, values, 0, Math.min(some.length, LANES));
        var results = vector.apply(FloatVector.fromArray(SPECIES, values, 0)).toArray();
        for (int i = 0; i < LANES; i++) {
            checkSame(scalar.of(values[i]), results[i], values[i]);
        }
    }

    /** Equal bits, or both not a number. */
    private static void checkSame(float scalar, float vector, Object at) {
        if (Float.floatToIntBits(scalar) != Float.floatToIntBits(vector)) {
            assertEquals(scalar, vector, "at " + at);
        }
    }

    @Test
    void atan2OfVectorsAndScalarsIsTheSame() {
        for (float y : SPECIAL) {
            for (float x : SPECIAL) {
                checkSameAtan2(y, x);
                checkSameAtan2(-y, x);
            }
        }
        var random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            checkSameAtan2(
                    Float.intBitsToFloat(random.nextInt()), Float.intBitsToFloat(random.nextInt() & Integer.MAX_VALUE));
        }
    }

    private static void checkSameAtan2(float y, float x) {
        var vector = VectorMath.atan2(FloatVector.broadcast(SPECIES, y), FloatVector.broadcast(SPECIES, x));
        checkSame(VectorMath.atan2(y, x), vector.lane(LANES - 1), y + " / " + x);
    }

    @Test
    void expIsAccurate() {
        for (double x = -87.33; x <= 88.02; x += 1e-4) {
            checkRelative(StrictMath.exp((float) x), VectorMath.exp((float) x), 2e-7, x);
        }
    }

    @Test
    void logIsAccurate() {
        for (int bits = Float.floatToRawIntBits(Float.MIN_NORMAL); bits > 0; bits += STRIDE) {
            float x = Float.intBitsToFloat(bits);
            if (x <= Float.MAX_VALUE) {
                checkRelative(StrictMath.log(x), VectorMath.log(x), 2e-7, x);
            }
        }
        for (float x = 0.99f; x < 1; x = Math.nextUp(x)) {
            checkRelative(StrictMath.log(x), VectorMath.log(x), 2e-7, x);
        }
        assertEquals(0f, VectorMath.log(1f));
    }

    @Test
    void expOfZeroIsOne() {
        assertEquals(1f, VectorMath.exp(0f));
        assertEquals(1f, VectorMath.exp(-0f));
    }

    @ParameterizedTest
    @CsvSource({"-87.33, -87.34", "-87.33, -1e30", "-87.33, -Infinity", "88.02, 88.03", "88.02, Infinity"})
    void expStopsAtItsRange(float end, float beyond) {
        assertEquals(VectorMath.exp(end), VectorMath.exp(beyond));
    }

    @Test
    void sigmoidIsAccurate() {
        for (double x = -87; x <= 100; x += 1e-4) {
            checkRelative(1 / (1 + StrictMath.exp(-(float) x)), VectorMath.sigmoid((float) x), 5e-7, x);
        }
    }

    @Test
    void atan2IsAccurate() {
        var random = new Random(2);
        for (int i = 0; i < 1_000_000; i++) {
            float y = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-12, 12)));
            float x = (float) Math.abs(random.nextGaussian() * Math.pow(10, random.nextInt(-12, 12)));
            checkRelative(StrictMath.atan2(y, x), VectorMath.atan2(y, x), 3e-7, y + " / " + x);
        }
    }

    @Test
    void atan2IsRightAtTheEdgesOfItsQuadrants() {
        assertEquals(0f, VectorMath.atan2(0f, 0f));
        assertEquals(0f, VectorMath.atan2(0f, 1e-30f));
        for (float tiny : new float[] {Float.MIN_VALUE, 1e-30f, 1f, 1e30f}) {
            assertEquals(Math.PI / 2, VectorMath.atan2(tiny, 0f), 2e-7);
            assertEquals(-Math.PI / 2, VectorMath.atan2(-tiny, 0f), 2e-7);
            assertEquals(Math.PI / 4, VectorMath.atan2(tiny, tiny), 2e-7);
            assertEquals(-Math.PI / 4, VectorMath.atan2(-tiny, tiny), 2e-7);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, -Float.NaN})
    void notANumberStaysNotANumber(float nan) {
        var results = DoubleStream.of(
                VectorMath.exp(nan), VectorMath.sigmoid(nan), VectorMath.atan2(nan, 1f), VectorMath.atan2(1f, nan));
        assertTrue(results.allMatch(Double::isNaN));
    }

    private static void checkRelative(double right, double found, double tolerance, Object at) {
        double error = Math.abs(found - right) / Math.abs(right);
        if (!(error <= tolerance)) {
            assertEquals(right, found, "at " + at + ", relative error " + error);
        }
    }

    @Test
    void sumsAllLanes() {
        var powers = new float[LANES];
        for (int i = 0; i < LANES; i++) {
            powers[i] = 1 << i;
        }
        assertEquals((1 << LANES) - 1, VectorMath.sum(FloatVector.fromArray(SPECIES, powers, 0)));
    }
}
