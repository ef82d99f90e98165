package trm4j.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Bfloat16Test {

    @Test
    void itsOwnValuesStayAsTheyAre() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Bfloat16.value((short) bits);
            assertEquals(Float.intBitsToFloat(bits << 16), value);
            if (!Float.isNaN(value)) {
                assertEquals((short) bits, Bfloat16.of(value));
            }
        }
    }

    /** By distances in double precision to the neighbours on both sides. */
    @Test
    void theNearestIsTaken() {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt(0x7F00_0000));
            int below = Float.floatToRawIntBits(value) >>> 16;
            double down = (double) value - Bfloat16.value((short) below);
            double up = (double) Bfloat16.value((short) (below + 1)) - value;
            int nearest = down < up || down == up && below % 2 == 0 ? below : below + 1;
            assertEquals((short) nearest, Bfloat16.of(value), () -> "of " + value);
            assertEquals(-Bfloat16.round(value), Bfloat16.round(-value));
        }
    }

    @ParameterizedTest
    @CsvSource({"0x1.01p0, 1", "0x1.03p0, 0x1.04p0", "0x1.010002p0, 0x1.02p0", "3.4e38, Infinity", "-3.4e38, -Infinity",
        "Infinity, Infinity", "1e-45, 0", "-0.0, -0.0"})
    void theHalfwayGoesToEvenAndTheLargestToInfinity(float value, float rounded) {
        assertEquals(rounded, Bfloat16.round(value));
    }

    /** Rounding up the bits of one would make a zero of it. */
    @Test
    void whatIsNoNumberStaysNone() {
        for (int bits : new int[] {0x7FFF_FFFF, 0xFFFF_FFFF, 0x7F80_0001, 0x7FC0_0000}) {
            assertTrue(Float.isNaN(Bfloat16.round(Float.intBitsToFloat(bits))));
        }
    }
}
