package trm4j.kernels.tornado;

import trm4j.kernels.Bfloat16;

/**
 * Numbers of bfloat16 in the memory of floats, two in the bits of one: those that are {@value #APART} apart, so that
 * sixteen neighbours lie in sixteen neighbouring words, one above the other. TornadoVM cannot make a float of an int's
 * bits, so kernels that compute have nothing to do with them: others go before and after ({@link HalvesKernels}), which
 * see the floats' bits as ints.
 *
 * <p>Numbers are counted from the beginning of that memory, as an unsigned int.
 */
final class Halves {

    /** How many numbers further the upper half of a word is. */
    static final int APART = 16;
    /** Numbers of sixteen words. */
    static final int BLOCK = 2 * APART;

    /** The upper half of a word. */
    static final int UPPER = 0xFFFF_0000;
    /** The lower half. */
    static final int LOWER = 0xFFFF;

    private static final int MAGNITUDE = 0x7FFF_FFFF;
    private static final int INFINITY = 0x7F80_0000;
    private static final int NAN = 0x7FC0;

    private Halves() {}

    /** The place of a number's word in the memory of floats. */
    static int word(int number) {
        // TornadoVM shifts an int's sign in, whatever the shift.
        return (number >> 5 & 0x07FF_FFFF) * APART + (number & APART - 1) + Memory.FIRST;
    }

    /** The bits of the float that a number is. */
    static int widened(int[] bits, int number) {
        int word = bits[word(number)];
        int value = word << 16;
        if ((number & APART) != 0) {
            value = word & UPPER;
        }
        return value;
    }

    /** The number nearest to a float, of two the even one, in the lower half of an int; NaN stays NaN. */
    static int rounded(int bits) {
        int magnitude = bits & MAGNITUDE;
        int upper = magnitude >> 16;
        int number = upper + ((magnitude & LOWER) + 0x7FFF + (upper & 1) >> 16);
        if (magnitude > INFINITY) {
            number = NAN;
        }
        return number | bits >> 16 & 0x8000;
    }

    /** Floats to bfloat16, as a buffer's words are, in floats. */
    static float[] packed(float[] values) {
        var words = new int[words(values.length)];
        for (int i = 0; i < values.length; i++) {
            int half = Bfloat16.of(values[i]) & LOWER;
            words[word(i) - Memory.FIRST] |= (i & APART) == 0 ? half : half << 16;
        }
        var floats = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            floats[i] = Float.intBitsToFloat(words[i]);
        }
        return floats;
    }

    /** The first numbers of a buffer's words. */
    static float[] unpacked(float[] words, int numbers) {
        var values = new float[numbers];
        for (int i = 0; i < numbers; i++) {
            int word = Float.floatToRawIntBits(words[word(i) - Memory.FIRST]);
            values[i] = Bfloat16.value((short) ((i & APART) == 0 ? word : word >> 16));
        }
        return values;
    }

    /** How many words numbers take that begin with a block. */
    static int words(int numbers) {
        return Math.ceilDiv(numbers, BLOCK) * APART;
    }
}
