package trm4j.kernels.tornado;

import trm4j.kernels.Tensor;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Conversions of {@link HalvesKernels} for processors, of whole blocks of {@link Halves#IN_LANES} that begin with one: of
 * sixteen neighbouring words, all are read before one is written, so that a compiler sees vectors in them.
 */
final class HalfBlocks {

    // The columns of a row.
    private static final int FROM = 0, TO = 1, N = 2, END = 3;

    private HalfBlocks() {}

    /** bfloat16 to floats. Each thread sets some times 32. */
    static void widenBlocks(int[] ints, int at, int[] bits) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + N];
        int threads = (n + Lanes.SHARE - 1) / Lanes.SHARE;
        for (@Parallel int t = 0; t < threads; t++) {
            CallTable.count(ints, t);
            for (int i = t * Lanes.SHARE; i < Math.min((t + 1) * Lanes.SHARE, n); i++) {
                int from = Lanes.index(Halves.word(ints[row + FROM], Halves.LANES) + i * Halves.LANES);
                int to = Lanes.index(ints[row + TO] + i * Halves.BLOCK);
                int w0 = bits[from];
                int w1 = bits[from + 1];
                int w2 = bits[from + 2];
                int w3 = bits[from + 3];
                int w4 = bits[from + 4];
                int w5 = bits[from + 5];
                int w6 = bits[from + 6];
                int w7 = bits[from + 7];
                int w8 = bits[from + 8];
                int w9 = bits[from + 9];
                int w10 = bits[from + 10];
                int w11 = bits[from + 11];
                int w12 = bits[from + 12];
                int w13 = bits[from + 13];
                int w14 = bits[from + 14];
                int w15 = bits[from + 15];
                bits[to] = w0 << 16;
                bits[to + 1] = w1 << 16;
                bits[to + 2] = w2 << 16;
                bits[to + 3] = w3 << 16;
                bits[to + 4] = w4 << 16;
                bits[to + 5] = w5 << 16;
                bits[to + 6] = w6 << 16;
                bits[to + 7] = w7 << 16;
                bits[to + 8] = w8 << 16;
                bits[to + 9] = w9 << 16;
                bits[to + 10] = w10 << 16;
                bits[to + 11] = w11 << 16;
                bits[to + 12] = w12 << 16;
                bits[to + 13] = w13 << 16;
                bits[to + 14] = w14 << 16;
                bits[to + 15] = w15 << 16;
                bits[to + 16] = w0 & Halves.UPPER;
                bits[to + 17] = w1 & Halves.UPPER;
                bits[to + 18] = w2 & Halves.UPPER;
                bits[to + 19] = w3 & Halves.UPPER;
                bits[to + 20] = w4 & Halves.UPPER;
                bits[to + 21] = w5 & Halves.UPPER;
                bits[to + 22] = w6 & Halves.UPPER;
                bits[to + 23] = w7 & Halves.UPPER;
                bits[to + 24] = w8 & Halves.UPPER;
                bits[to + 25] = w9 & Halves.UPPER;
                bits[to + 26] = w10 & Halves.UPPER;
                bits[to + 27] = w11 & Halves.UPPER;
                bits[to + 28] = w12 & Halves.UPPER;
                bits[to + 29] = w13 & Halves.UPPER;
                bits[to + 30] = w14 & Halves.UPPER;
                bits[to + 31] = w15 & Halves.UPPER;
            }
        }
    }

    /** Floats to bfloat16. Each thread sets some times 16 words. */
    static void narrowBlocks(int[] ints, int at, int[] bits) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + N];
        int threads = (n + Lanes.SHARE - 1) / Lanes.SHARE;
        for (@Parallel int t = 0; t < threads; t++) {
            CallTable.count(ints, t);
            for (int i = t * Lanes.SHARE; i < Math.min((t + 1) * Lanes.SHARE, n); i++) {
                int from = Lanes.index(ints[row + FROM] + i * Halves.BLOCK);
                int to = Lanes.index(Halves.word(ints[row + TO], Halves.LANES) + i * Halves.LANES);
                int w0 = Halves.rounded(bits[from]);
                int w1 = Halves.rounded(bits[from + 1]);
                int w2 = Halves.rounded(bits[from + 2]);
                int w3 = Halves.rounded(bits[from + 3]);
                int w4 = Halves.rounded(bits[from + 4]);
                int w5 = Halves.rounded(bits[from + 5]);
                int w6 = Halves.rounded(bits[from + 6]);
                int w7 = Halves.rounded(bits[from + 7]);
                int w8 = Halves.rounded(bits[from + 8]);
                int w9 = Halves.rounded(bits[from + 9]);
                int w10 = Halves.rounded(bits[from + 10]);
                int w11 = Halves.rounded(bits[from + 11]);
                int w12 = Halves.rounded(bits[from + 12]);
                int w13 = Halves.rounded(bits[from + 13]);
                int w14 = Halves.rounded(bits[from + 14]);
                int w15 = Halves.rounded(bits[from + 15]);
                w0 = w0 | Halves.rounded(bits[from + 16]) << 16;
                w1 = w1 | Halves.rounded(bits[from + 17]) << 16;
                w2 = w2 | Halves.rounded(bits[from + 18]) << 16;
                w3 = w3 | Halves.rounded(bits[from + 19]) << 16;
                w4 = w4 | Halves.rounded(bits[from + 20]) << 16;
                w5 = w5 | Halves.rounded(bits[from + 21]) << 16;
                w6 = w6 | Halves.rounded(bits[from + 22]) << 16;
                w7 = w7 | Halves.rounded(bits[from + 23]) << 16;
                w8 = w8 | Halves.rounded(bits[from + 24]) << 16;
                w9 = w9 | Halves.rounded(bits[from + 25]) << 16;
                w10 = w10 | Halves.rounded(bits[from + 26]) << 16;
                w11 = w11 | Halves.rounded(bits[from + 27]) << 16;
                w12 = w12 | Halves.rounded(bits[from + 28]) << 16;
                w13 = w13 | Halves.rounded(bits[from + 29]) << 16;
                w14 = w14 | Halves.rounded(bits[from + 30]) << 16;
                w15 = w15 | Halves.rounded(bits[from + 31]) << 16;
                bits[to] = w0;
                bits[to + 1] = w1;
                bits[to + 2] = w2;
                bits[to + 3] = w3;
                bits[to + 4] = w4;
                bits[to + 5] = w5;
                bits[to + 6] = w6;
                bits[to + 7] = w7;
                bits[to + 8] = w8;
                bits[to + 9] = w9;
                bits[to + 10] = w10;
                bits[to + 11] = w11;
                bits[to + 12] = w12;
                bits[to + 13] = w13;
                bits[to + 14] = w14;
                bits[to + 15] = w15;
            }
        }
    }

    /** bfloat16 as it is. Each thread copies some times 16 words. */
    static void copyBlocks(int[] ints, int at, int[] bits) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + N];
        int threads = (n + Lanes.SHARE - 1) / Lanes.SHARE;
        for (@Parallel int t = 0; t < threads; t++) {
            CallTable.count(ints, t);
            for (int i = t * Lanes.SHARE; i < Math.min((t + 1) * Lanes.SHARE, n); i++) {
                int from = Lanes.index(Halves.word(ints[row + FROM], Halves.LANES) + i * Halves.LANES);
                int to = Lanes.index(Halves.word(ints[row + TO], Halves.LANES) + i * Halves.LANES);
                int w0 = bits[from];
                int w1 = bits[from + 1];
                int w2 = bits[from + 2];
                int w3 = bits[from + 3];
                int w4 = bits[from + 4];
                int w5 = bits[from + 5];
                int w6 = bits[from + 6];
                int w7 = bits[from + 7];
                int w8 = bits[from + 8];
                int w9 = bits[from + 9];
                int w10 = bits[from + 10];
                int w11 = bits[from + 11];
                int w12 = bits[from + 12];
                int w13 = bits[from + 13];
                int w14 = bits[from + 14];
                int w15 = bits[from + 15];
                bits[to] = w0;
                bits[to + 1] = w1;
                bits[to + 2] = w2;
                bits[to + 3] = w3;
                bits[to + 4] = w4;
                bits[to + 5] = w5;
                bits[to + 6] = w6;
                bits[to + 7] = w7;
                bits[to + 8] = w8;
                bits[to + 9] = w9;
                bits[to + 10] = w10;
                bits[to + 11] = w11;
                bits[to + 12] = w12;
                bits[to + 13] = w13;
                bits[to + 14] = w14;
                bits[to + 15] = w15;
            }
        }
    }

    /** Floats to floats that bfloat16 has, too. Each thread sets some times 16. */
    static void roundVectors(int[] ints, int at, int[] bits) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + N];
        int threads = (n + Lanes.SHARE - 1) / Lanes.SHARE;
        for (@Parallel int t = 0; t < threads; t++) {
            CallTable.count(ints, t);
            for (int i = t * Lanes.SHARE; i < Math.min((t + 1) * Lanes.SHARE, n); i++) {
                int from = Lanes.index(ints[row + FROM] + i * Halves.LANES);
                int to = Lanes.index(ints[row + TO] + i * Halves.LANES);
                int w0 = Halves.rounded(bits[from]);
                int w1 = Halves.rounded(bits[from + 1]);
                int w2 = Halves.rounded(bits[from + 2]);
                int w3 = Halves.rounded(bits[from + 3]);
                int w4 = Halves.rounded(bits[from + 4]);
                int w5 = Halves.rounded(bits[from + 5]);
                int w6 = Halves.rounded(bits[from + 6]);
                int w7 = Halves.rounded(bits[from + 7]);
                int w8 = Halves.rounded(bits[from + 8]);
                int w9 = Halves.rounded(bits[from + 9]);
                int w10 = Halves.rounded(bits[from + 10]);
                int w11 = Halves.rounded(bits[from + 11]);
                int w12 = Halves.rounded(bits[from + 12]);
                int w13 = Halves.rounded(bits[from + 13]);
                int w14 = Halves.rounded(bits[from + 14]);
                int w15 = Halves.rounded(bits[from + 15]);
                bits[to] = w0 << 16;
                bits[to + 1] = w1 << 16;
                bits[to + 2] = w2 << 16;
                bits[to + 3] = w3 << 16;
                bits[to + 4] = w4 << 16;
                bits[to + 5] = w5 << 16;
                bits[to + 6] = w6 << 16;
                bits[to + 7] = w7 << 16;
                bits[to + 8] = w8 << 16;
                bits[to + 9] = w9 << 16;
                bits[to + 10] = w10 << 16;
                bits[to + 11] = w11 << 16;
                bits[to + 12] = w12 << 16;
                bits[to + 13] = w13 << 16;
                bits[to + 14] = w14 << 16;
                bits[to + 15] = w15 << 16;
            }
        }
    }

    /** Whether a tensor of bfloat16 is of whole blocks, wherever its index places it. */
    static boolean areIn(Tensor tensor) {
        return tensor.offset() % Halves.BLOCK == 0 && tensor.stride() % Halves.BLOCK == 0
                && tensor.size() % Halves.BLOCK == 0;
    }

    /** bfloat16 of whole blocks to floats. */
    static Launch widen(Tensor from, Tensor to) {
        return launch("widen blocks", from, to, to.size() / Halves.BLOCK, HalfBlocks::widenBlocks);
    }

    /** Floats to bfloat16 of whole blocks. */
    static Launch narrow(Tensor from, Tensor to) {
        return launch("narrow blocks", from, to, to.size() / Halves.BLOCK, HalfBlocks::narrowBlocks);
    }

    /** bfloat16 of whole blocks to others. */
    static Launch copy(Tensor from, Tensor to) {
        return launch("copy blocks", from, to, to.size() / Halves.BLOCK, HalfBlocks::copyBlocks);
    }

    /** Floats, some multiple of 16, to floats that bfloat16 has, too; to may be from. */
    static Launch round(Tensor from, Tensor to) {
        return launch("round vectors", from, to, to.size() / Halves.LANES, HalfBlocks::roundVectors);
    }

    private static Launch launch(
            String name, Tensor from, Tensor to, int n, KernelCaller.Kernel3<int[], Integer, int[]> kernel) {
        return Launch.of(name, END)
                .operand(FROM, from)
                .operand(TO, to)
                .size(N, n)
                .on(Threads.shares(n), caller -> caller.loopOverBits(kernel));
    }
}
