package trm4j.kernels.tornado;

import trm4j.kernels.Bfloat16;

/**
 * Numbers of bfloat16 in the memory of floats, two in the bits of one. TornadoVM cannot make a float of an int's bits,
 * so kernels that compute have nothing to do with them: others go before and after ({@link HalvesKernels}), which see
 * the floats' bits as ints.
 *
 * <p>Numbers are counted from the beginning of that memory, as an unsigned int.
 *
 * @param apart how many numbers further the upper half of a word is: 1, where numbers lie one after the other as
 *     libraries have them, or {@link #LANES}
 */
record Halves(int apart) {

    /** One after the other, on devices whose bytes are in that order. */
    static final Halves IN_ORDER = new Halves(1);

    /** Sixteen neighbours lie in sixteen neighbouring words, so that whole vectors of words are widened and rounded. */
    static final int LANES = 16;
    /** Numbers of sixteen words. */
    static final int BLOCK = 2 * LANES;

    static final Halves IN_LANES = new Halves(LANES);

    /** The upper half of a word. */
    static final int UPPER = 0xFFFF_0000;
    /** The lower half. */
    static final int LOWER = 0xFFFF;

    private static final int MAGNITUDE = 0x7FFF_FFFF;
    private static final int INFINITY = 0x7F80_0000;
    private static final int NAN = 0x7FC0;

    /** The place of a number's word in the memory of floats. */
    static int word(int number, int apart) {
        // TornadoVM shifts an int's sign in, whatever the shift. Of a power of 2, -apart has all higher bits.
        return (number >> 1 & 0x7FFF_FFFF & -apart) + (number & apart - 1) + Memory.FIRST;
    }

    /** The bits of the float that a number is. */
    static int widened(int[] bits, int number, int apart) {
        int word = bits[word(number, apart)];
        int value = word << 16;
        if ((number & apart) != 0) {
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
    float[] packed(float[] values) {
        var words = new int[words(values.length)];
        for (int i = 0; i < values.length; i++) {
            int half = Bfloat16.of(values[i]) & LOWER;
            words[word(i, apart) - Memory.FIRST] |= (i & apart) == 0 ? half : half << 16;
        }
        var floats = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            floats[i] = Float.intBitsToFloat(words[i]);
        }
        return floats;
    }

    /** The first numbers of a buffer's words. */
    float[] unpacked(float[] words, int numbers) {
        var values = new float[numbers];
        for (int i = 0; i < numbers; i++) {
            int word = Float.floatToRawIntBits(words[word(i, apart) - Memory.FIRST]);
            values[i] = Bfloat16.value((short) ((i & apart) == 0 ? word : word >> 16));
        }
        return values;
    }

    /** How many words numbers take of which the first is the lower half of its own. */
    int words(int numbers) {
        return Math.ceilDiv(numbers, 2 * apart) * apart;
    }
}
