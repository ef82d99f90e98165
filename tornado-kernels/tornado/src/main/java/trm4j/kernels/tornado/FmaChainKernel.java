package trm4j.kernels.tornado;

import trm4j.kernels.op.FmaChain;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/** Chains of multiply-adds in registers: several at a time, since each step of one has to wait for the step before. */
final class FmaChainKernel {

    /** Elements of a thread on a GPU, which hides most of a chain's latency by threads. */
    private static final int CHAINS = 16;
    /** Elements of a thread on a processor: twelve vectors. */
    private static final int WIDTH = 12 * Lanes.COUNT;

    // The columns of a row.
    private static final int X = 0, N = 1, SIZE = 2, LENGTH = 3, END = 4;

    private FmaChainKernel() {}

    /** x = factor * x + term, length times. Each thread computes some elements, one of them in each of equal parts. */
    static void chain(int[] ints, int at, float factor, float term, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int xAt = ints[row + X];
        int n = ints[row + N];
        int size = ints[row + SIZE];
        int length = ints[row + LENGTH];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            float[] x = new float[CHAINS];
            for (int j = 0; j < CHAINS; j++) {
                x[j] = 0f;
                if (i + j * n < size) {
                    x[j] = f[xAt + i + j * n];
                }
            }
            for (int l = 0; l < length; l++) {
                for (int j = 0; j < CHAINS; j++) {
                    x[j] = factor * x[j] + term;
                }
            }
            for (int j = 0; j < CHAINS; j++) {
                if (i + j * n < size) {
                    f[xAt + i + j * n] = x[j];
                }
            }
        }
    }

    /** The same for processors. Each thread computes twelve vectors, or the elements after the last of these. */
    static void chainVectors(int[] ints, int at, float factor, float term, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + N];
        int size = ints[row + SIZE];
        int length = ints[row + LENGTH];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int x = ints[row + X] + i * WIDTH;
            if ((i + 1) * WIDTH <= size) {
                Float16 scale = Lanes.all(factor);
                Float16 more = Lanes.all(term);
                Float16 v0 = Lanes.load(f, x);
                Float16 v1 = Lanes.load(f, x + Lanes.COUNT);
                Float16 v2 = Lanes.load(f, x + 2 * Lanes.COUNT);
                Float16 v3 = Lanes.load(f, x + 3 * Lanes.COUNT);
                Float16 v4 = Lanes.load(f, x + 4 * Lanes.COUNT);
                Float16 v5 = Lanes.load(f, x + 5 * Lanes.COUNT);
                Float16 v6 = Lanes.load(f, x + 6 * Lanes.COUNT);
                Float16 v7 = Lanes.load(f, x + 7 * Lanes.COUNT);
                Float16 v8 = Lanes.load(f, x + 8 * Lanes.COUNT);
                Float16 v9 = Lanes.load(f, x + 9 * Lanes.COUNT);
                Float16 v10 = Lanes.load(f, x + 10 * Lanes.COUNT);
                Float16 v11 = Lanes.load(f, x + 11 * Lanes.COUNT);
                for (int l = 0; l < length; l++) {
                    v0 = Float16.add(Float16.mult(scale, v0), more);
                    v1 = Float16.add(Float16.mult(scale, v1), more);
                    v2 = Float16.add(Float16.mult(scale, v2), more);
                    v3 = Float16.add(Float16.mult(scale, v3), more);
                    v4 = Float16.add(Float16.mult(scale, v4), more);
                    v5 = Float16.add(Float16.mult(scale, v5), more);
                    v6 = Float16.add(Float16.mult(scale, v6), more);
                    v7 = Float16.add(Float16.mult(scale, v7), more);
                    v8 = Float16.add(Float16.mult(scale, v8), more);
                    v9 = Float16.add(Float16.mult(scale, v9), more);
                    v10 = Float16.add(Float16.mult(scale, v10), more);
                    v11 = Float16.add(Float16.mult(scale, v11), more);
                }
                Lanes.store(f, x, v0);
                Lanes.store(f, x + Lanes.COUNT, v1);
                Lanes.store(f, x + 2 * Lanes.COUNT, v2);
                Lanes.store(f, x + 3 * Lanes.COUNT, v3);
                Lanes.store(f, x + 4 * Lanes.COUNT, v4);
                Lanes.store(f, x + 5 * Lanes.COUNT, v5);
                Lanes.store(f, x + 6 * Lanes.COUNT, v6);
                Lanes.store(f, x + 7 * Lanes.COUNT, v7);
                Lanes.store(f, x + 8 * Lanes.COUNT, v8);
                Lanes.store(f, x + 9 * Lanes.COUNT, v9);
                Lanes.store(f, x + 10 * Lanes.COUNT, v10);
                Lanes.store(f, x + 11 * Lanes.COUNT, v11);
            } else {
                int left = size - i * WIDTH;
                for (int e = 0; e < left; e++) {
                    float value = f[x + e];
                    for (int l = 0; l < length; l++) {
                        value = factor * value + term;
                    }
                    f[x + e] = value;
                }
            }
        }
    }

    static Recipe chain(FmaChain op) {
        return chain(op, CHAINS, caller -> caller.loop(FmaChainKernel::chain, op.factor(), op.term()));
    }

    static Recipe chainVectors(FmaChain op) {
        return chain(op, WIDTH, caller -> caller.loop(FmaChainKernel::chainVectors, op.factor(), op.term()));
    }

    private static Recipe chain(FmaChain op, int perThread, Launch.Call call) {
        int size = op.x().size();
        int n = Math.ceilDiv(size, perThread);
        return Recipe.of(Launch.of("fmaChain", END)
                .operand(X, op.x())
                .size(N, n)
                .size(SIZE, size)
                .size(LENGTH, op.length())
                .on(Threads.of(n), call));
    }
}
