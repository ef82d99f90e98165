package trm4j.kernels.tornado;

import trm4j.kernels.op.GaussianNoise;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Noise from counters. */
final class GaussianNoiseKernel {

    /** Elements that come from one counter. */
    private static final int BLOCK = 4;

    private static final int ROUNDS = 10;
    private static final long FIRST = 0xD2511F53L;
    private static final long SECOND = 0xCD9E8D57L;
    private static final int KEY_STEP_0 = 0x9E3779B9;
    private static final int KEY_STEP_1 = 0xBB67AE85;
    private static final long WORD = 0xFFFFFFFFL;

    private static final float HALF_PI = (float) (Math.PI / 2);

    // The columns of a row.
    private static final int KEY = 0, COUNTERS = 1, SCALE = 2, X = 3, N = 4, WIDTH = 5, BLOCKS = 6, END = 7;

    private GaussianNoiseKernel() {}

    /** Each thread does four elements of a row, or those after its last four. */
    static void gaussianNoise(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int keyAt = ints[row + KEY];
        int countersAt = ints[row + COUNTERS];
        float scale = f[ints[row + SCALE]];
        int xAt = ints[row + X];
        int n = ints[row + N];
        int width = ints[row + WIDTH];
        int blocks = ints[row + BLOCKS];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int r = i / blocks;
            int block = i - r * blocks;
            int counter = countersAt + r * GaussianNoise.COUNTERS;
            int w0 = block;
            int w1 = ints[counter];
            int w2 = ints[counter + 1];
            int w3 = ints[counter + 2];
            int k0 = ints[keyAt];
            int k1 = ints[keyAt + 1];
            for (int round = 0; round < ROUNDS; round++) {
                long first = FIRST * (w0 & WORD);
                long second = SECOND * (w2 & WORD);
                w0 = (int) (second >>> 32) ^ w1 ^ k0;
                w1 = (int) second;
                w2 = (int) (first >>> 32) ^ w3 ^ k1;
                w3 = (int) first;
                k0 += KEY_STEP_0;
                k1 += KEY_STEP_1;
            }
            int place = xAt + r * width + block * BLOCK;
            int left = width - block * BLOCK;
            float radius = scale * radius(w0);
            float angle = angle(w1);
            f[place] += radius * TornadoMath.cos(angle);
            if (left > 1) {
                f[place + 1] += radius * TornadoMath.sin(angle);
            }
            if (left > 2) {
                radius = scale * radius(w2);
                angle = angle(w3);
                f[place + 2] += radius * TornadoMath.cos(angle);
                if (left > 3) {
                    f[place + 3] += radius * TornadoMath.sin(angle);
                }
            }
        }
    }

    private static float radius(int word) {
        return TornadoMath.sqrt(-2f * TornadoMath.log(uniform(word)));
    }

    /** From minus an eighth of a turn to seven eighths. */
    private static float angle(int word) {
        return HALF_PI * (((word & WORD) >>> 30) + (uniform(word << 2) - 0.5f));
    }

    private static float uniform(int word) {
        // In longs: TornadoVM shifts an int's sign in, whatever the shift.
        return (((word & WORD) >>> 9) + 0.5f) * 0x1p-23f;
    }

    static Recipe of(GaussianNoise op) {
        int width = op.x().dim(1);
        int blocks = Math.ceilDiv(width, BLOCK);
        int n = op.x().dim(0) * blocks;
        return Recipe.of(Launch.of("gaussianNoise", END)
                .operand(KEY, op.key())
                .operand(COUNTERS, op.counters())
                .operand(SCALE, op.scale())
                .operand(X, op.x())
                .size(N, n)
                .size(WIDTH, width)
                .size(BLOCKS, blocks)
                .on(Threads.of(n), caller -> caller.loop(GaussianNoiseKernel::gaussianNoise)));
    }
}
