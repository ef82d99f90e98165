package trm4j.kernels.contract;

/** The counter-based random number generator Philox 4x32-10, step by step as its paper has it. */
final class Philox {

    private static final int ROUNDS = 10;
    private static final long FIRST = 0xD2511F53L;
    private static final long SECOND = 0xCD9E8D57L;
    private static final int GOLDEN_RATIO = 0x9E3779B9;
    private static final int ROOT_OF_3_LESS_1 = 0xBB67AE85;

    private Philox() {}

    /**
     * Returns four random words.
     *
     * @param counter four words
     * @param key two words
     */
    static int[] words(int[] counter, int[] key) {
        var c = counter;
        for (int round = 0; round < ROUNDS; round++) {
            long first = FIRST * Integer.toUnsignedLong(c[0]);
            long second = SECOND * Integer.toUnsignedLong(c[2]);
            c = new int[] {
                (int) (second >>> 32) ^ c[1] ^ (key[0] + round * GOLDEN_RATIO), (int) second,
                (int) (first >>> 32) ^ c[3] ^ (key[1] + round * ROOT_OF_3_LESS_1), (int) first
            };
        }
        return c;
    }
}
