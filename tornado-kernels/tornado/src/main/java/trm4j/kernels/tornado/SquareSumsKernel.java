package trm4j.kernels.tornado;

import trm4j.kernels.op.SquareSums;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Sums of squares. */
final class SquareSumsKernel {

    // The columns of a row.
    private static final int X = 0, SUMS = 1, COUNT = 2, N = 3, END = 4;

    private SquareSumsKernel() {}

    /** Each thread does one sum. */
    static void squareSums(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int xAt = ints[row + X];
        int sumsAt = ints[row + SUMS];
        int sums = ints[row + COUNT];
        int n = ints[row + N];
        for (@Parallel int i = 0; i < sums; i++) {
            CallTable.count(ints, i);
            float sum = 0;
            for (int j = i; j < n; j += sums) {
                float x = f[xAt + j];
                sum += x * x;
            }
            f[sumsAt + i] = sum;
        }
    }

    static Recipe of(SquareSums op) {
        int sums = op.sums().size();
        return Recipe.of(Launch.of("squareSums", END)
                .operand(X, op.x())
                .operand(SUMS, op.sums())
                .size(COUNT, sums)
                .size(N, op.x().size())
                .on(Threads.of(sums), caller -> caller.loop(SquareSumsKernel::squareSums)));
    }
}
