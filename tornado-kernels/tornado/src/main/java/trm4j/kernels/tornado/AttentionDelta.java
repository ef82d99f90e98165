package trm4j.kernels.tornado;

import trm4j.kernels.Tensor;
import trm4j.kernels.op.Attention;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** What the gradients of all scores of a query have in common: the sum of its output times the output's gradient. */
final class AttentionDelta {

    // The columns of a row.
    private static final int OUT = 0, D_OUT = 1, DELTA = 2, N = 3, LENGTH = 4, HEADS = 5, SIZE = 6, END = 7;

    private AttentionDelta() {}

    /** delta = out . dOut, head by head. Each thread computes one position of one head. */
    static void delta(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int outAt = ints[row + OUT];
        int dOutAt = ints[row + D_OUT];
        int deltaAt = ints[row + DELTA];
        int n = ints[row + N];
        int length = ints[row + LENGTH];
        int heads = ints[row + HEADS];
        int size = ints[row + SIZE];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int of = i / length;
            int position = i - of * length;
            int b = of / heads;
            int from = ((b * length + position) * heads + of - b * heads) * size;
            float sum = 0f;
            for (int c = 0; c < size; c++) {
                sum += f[outAt + from + c] * f[dOutAt + from + c];
            }
            f[deltaAt + i] = sum;
        }
    }

    static Launch of(Attention.Backward op, Tensor delta) {
        var qkv = op.qkv();
        int n = delta.size();
        return Launch.of("attention delta", END)
                .operand(OUT, op.out())
                .operand(D_OUT, op.dOut())
                .operand(DELTA, delta)
                .size(N, n)
                .size(LENGTH, qkv.dim(1))
                .size(HEADS, qkv.dim(3))
                .size(SIZE, qkv.dim(4))
                .on(Threads.of(n), caller -> caller.loop(AttentionDelta::delta));
    }
}
