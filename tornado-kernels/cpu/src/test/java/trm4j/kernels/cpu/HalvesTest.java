package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Bfloat16;

/** Vectors give what single numbers give. */
@Tag("vectors")
class HalvesTest {

    private static final int SIZE = 10_007;

    private final float[] values = values();

    private static float[] values() {
        var random = new Random(1);
        var values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
        }
        return values;
    }

    @Test
    void floatsAreRoundedToNumbers() {
        var numbers = new short[SIZE + 3];
        Halves.narrow(values, 1, numbers, 3, SIZE - 1);
        for (int i = 1; i < SIZE; i++) {
            assertEquals(Bfloat16.of(values[i]), numbers[i + 2]);
        }
    }

    @Test
    void numbersAreWidenedToFloats() {
        var numbers = new short[SIZE];
        Halves.narrow(values, 0, numbers, 0, SIZE);
        var widened = new float[SIZE + 2];
        Halves.widen(numbers, 0, widened, 2, SIZE);
        for (int i = 0; i < SIZE; i++) {
            assertEquals(Bfloat16.round(values[i]), widened[i + 2]);
        }
    }

    @Test
    void floatsAreRoundedInPlace() {
        var numbers = new short[SIZE];
        Halves.narrow(values, 0, numbers, 0, SIZE);
        var widened = new float[SIZE];
        Halves.widen(numbers, 0, widened, 0, SIZE);
        var rounded = values.clone();
        Halves.round(rounded, 5, SIZE - 5);
        System.arraycopy(widened, 0, rounded, 0, 5);
        assertArrayEquals(widened, rounded);
    }
}
