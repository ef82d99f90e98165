package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.Bfloat16;

class HalvesTest {

    private static final int[] SPECIAL = {
        0, 0x80000000, 1, 0x007FFFFF, 0x00800000, 0x3F808000, 0x3F818000, 0x3F807FFF, 0x3F808001, 0x7F7F7FFF, 0x7F7F8000,
        0x7F7FFFFF, 0xFF7FFFFF, 0x7F800000, 0xFF800000, 0x7F800001, 0xFFFFFFFF, 0x7FFFFFFF
    };

    /** All kinds of floats, ties among them. */
    private static int[] bits() {
        var random = new Random(5);
        var bits = new int[20_000];
        for (int i = 0; i < bits.length; i++) {
            int any = random.nextInt();
            bits[i] = i < SPECIAL.length ? SPECIAL[i] : i % 3 == 0 ? any & Halves.UPPER | 0x8000 : any;
        }
        return bits;
    }

    @Test
    void roundsBitsAsFloatsAreRounded() {
        for (int bits : bits()) {
            float value = Float.intBitsToFloat(bits);
            float found = Bfloat16.value((short) Halves.rounded(bits));
            assertEquals(Bfloat16.round(value), found, () -> "of " + Integer.toHexString(bits));
        }
    }

    /** With sums of floats alone, where neither overflows and bfloat16 has all its digits. */
    @Test
    void roundsFloatsAsBitsAreRounded() {
        int compared = 0;
        for (int bits : bits()) {
            float value = Float.intBitsToFloat(bits);
            if (Math.abs(value) < 0x1p111f && Math.abs(value) >= Float.MIN_NORMAL || value == 0) {
                assertEquals(Bfloat16.round(value), Rounding.of(value, Rounding.BFLOAT16));
                compared++;
            }
        }
        assertTrue(compared > 15_000, compared + " compared");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 32, 33, 100})
    void numbersComeBackFromTheirWords(int numbers) {
        comeBack(Halves.IN_LANES, numbers, Math.ceilDiv(numbers, 32) * 16);
        comeBack(Halves.IN_ORDER, numbers, Math.ceilDiv(numbers, 2));
    }

    private static void comeBack(Halves halves, int numbers, int size) {
        var values = new float[numbers];
        for (int i = 0; i < numbers; i++) {
            values[i] = i - 20;
        }
        var words = halves.packed(values);
        assertEquals(size, words.length);
        assertArrayEquals(values, halves.unpacked(words, numbers));
    }

    /** More than half of all that may lie in the memory of floats are beyond the largest int. */
    @Test
    void countsNumbersWithoutSigns() {
        assertEquals(Memory.FIRST, Halves.word(0, Halves.LANES));
        assertEquals(Memory.FIRST + 15, Halves.word(31, Halves.LANES));
        assertEquals(Memory.FIRST + 16, Halves.word(32, Halves.LANES));
        assertEquals(Memory.FIRST + (1 << 30) + 3, Halves.word((1 << 31) + 3, Halves.LANES));
        assertEquals(Memory.FIRST + (1 << 30) + 1, Halves.word((1 << 31) + 3, 1));
        assertEquals(4L * Memory.FIRST + (1L << 32) + 6, Memory.bytesOf((1 << 31) + 3));
    }

    /** As libraries read them on processors and GPUs of today, whose first byte of a word is the lowest. */
    @Test
    void numbersInOrderAreAnArrayOfThem() {
        var words = Halves.IN_ORDER.packed(new float[] {1, -2, 3});
        assertEquals(Bfloat16.of(1) | Bfloat16.of(-2) << 16, Float.floatToRawIntBits(words[0]));
        assertEquals(Bfloat16.of(3), Float.floatToRawIntBits(words[1]));
    }
}
