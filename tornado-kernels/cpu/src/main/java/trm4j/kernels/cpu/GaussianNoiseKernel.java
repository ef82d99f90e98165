package trm4j.kernels.cpu;

import trm4j.kernels.op.GaussianNoise;

/** Noise, four elements at a time, in plain arithmetic that gives the same bits on every processor. */
final class GaussianNoiseKernel {

    /** Elements that come from one counter. */
    private static final int BLOCK = 4;

    private static final int ROUNDS = 10;
    private static final long FIRST = 0xD2511F53L;
    private static final long SECOND = 0xCD9E8D57L;
    private static final int KEY_STEP_0 = 0x9E3779B9;
    private static final int KEY_STEP_1 = 0xBB67AE85;

    private static final float HALF_PI = (float) (Math.PI / 2);
    // Coefficients are from Cephes' sinf and cosf.
    private static final float S2 = -1.9515295891e-4f;
    private static final float S1 = 8.3321608736e-3f;
    private static final float S0 = -1.6666654611e-1f;
    private static final float C2 = 2.443315711809948e-5f;
    private static final float C1 = -1.388731625493765e-3f;
    private static final float C0 = 4.166664568298827e-2f;

    private GaussianNoiseKernel() {}

    /** Each part does some blocks. */
    static Kernel of(GaussianNoise op, Memory memory, Team team, Spaces spaces) {
        var key = memory.view(op.key());
        var counters = memory.view(op.counters());
        var scale = memory.view(op.scale());
        var x = memory.view(op.x());
        int rows = op.x().dim(0);
        int n = op.x().dim(1);
        return new Elementwise(team, rows, Math.ceilDiv(n, BLOCK), (values, row, block, blocks, worker) -> {
            int keyAt = key.at(values);
            int counter = counters.at(values) + GaussianNoise.COUNTERS * row;
            var noise = new Block(
                    key.ints()[keyAt], key.ints()[keyAt + 1], counters.ints()[counter], counters.ints()[counter + 1],
                    counters.ints()[counter + 2], scale.floats()[scale.at(values)]);
            int to = x.at(values) + row * n;
            for (int b = block; b < block + blocks; b++) {
                int at = to + BLOCK * b;
                int count = Math.min(BLOCK, n - BLOCK * b);
                var numbers = x.read(at, count, spaces.of(worker)[0]);
                noise.add(b, numbers, x.place(at), count);
                x.write(numbers, at, count);
            }
        });
    }

    /** What all blocks of a row share: the key, three words of the counter, and the scale. */
    private record Block(int key0, int key1, int c1, int c2, int c3, float scale) {

        /** Adds the first {@code count} numbers of a block. */
        void add(int block, float[] x, int at, int count) {
            int w0 = block;
            int w1 = c1;
            int w2 = c2;
            int w3 = c3;
            int k0 = key0;
            int k1 = key1;
            for (int round = 0; round < ROUNDS; round++) {
                long first = FIRST * Integer.toUnsignedLong(w0);
                long second = SECOND * Integer.toUnsignedLong(w2);
                w0 = (int) (second >>> 32) ^ w1 ^ k0;
                w1 = (int) second;
                w2 = (int) (first >>> 32) ^ w3 ^ k1;
                w3 = (int) first;
                k0 += KEY_STEP_0;
                k1 += KEY_STEP_1;
            }
            addPair(w0, w1, x, at, Math.min(2, count));
            if (count > 2) {
                addPair(w2, w3, x, at + 2, count - 2);
            }
        }

        private void addPair(int word, int turn, float[] x, int at, int count) {
            float radius = scale * (float) Math.sqrt(-2f * VectorMath.log(uniform(word)));
            float angle = HALF_PI * (uniform(turn << 2) - 0.5f);
            float z = angle * angle;
            float sine = ((S2 * z + S1) * z + S0) * z * angle + angle;
            float cosine = ((C2 * z + C1) * z + C0) * z * z - 0.5f * z + 1f;
            int quarters = turn >>> 30;
            boolean odd = (quarters & 1) == 1;
            float across = odd ? -sine : cosine;
            float up = odd ? cosine : sine;
            x[at] += quarters > 1 ? -(radius * across) : radius * across;
            if (count > 1) {
                x[at + 1] += quarters > 1 ? -(radius * up) : radius * up;
            }
        }
    }

    /** A float between 0 and 1, neither of them included. */
    private static float uniform(int word) {
        return ((word >>> 9) + 0.5f) * 0x1p-23f;
    }
}
