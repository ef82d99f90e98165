package trm4j.kernels.tornado;

import trm4j.kernels.op.RmsNorm;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** RMSNorm over the last axis. Each work-group computes one row, its sum as a tree. */
final class RmsNormRows {

    private static final int GROUP = 128;

    /** Columns of forward. */
    private static final class ForwardRow {
        static final int X = 0, RESIDUAL = 1, Y = 2, SCALE = 3, N = 4, END = 5;
    }

    private RmsNormRows() {}

    /** Columns of backward. */
    private static final class BackwardRow {
        static final int DY = 0, Y = 1, SCALE = 2, D_SUM = 3, N = 4, END = 5;
    }

    static void forward(KernelContext context, int[] ints, int at, float epsilon, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + ForwardRow.N];
        int group = context.groupIdx;
        int thread = context.localIdx;
        CallTable.count(ints, context.globalIdx);
        int xAt = ints[row + ForwardRow.X] + group * n;
        int residualAt = ints[row + ForwardRow.RESIDUAL] + group * n;
        int yAt = ints[row + ForwardRow.Y] + group * n;
        float[] sums = context.allocateFloatLocalArray(GROUP);
        float sum = 0;
        for (int i = thread; i < n; i += GROUP) {
            float s = Rounding.of(f[xAt + i] + f[residualAt + i], rounds);
            sum += s * s;
        }
        sums[thread] = sum;
        for (int half = GROUP / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                sums[thread] += sums[thread + half];
            }
        }
        context.localBarrier();
        float factor = 1f / TornadoMath.sqrt(sums[0] / n + epsilon);
        for (int i = thread; i < n; i += GROUP) {
            f[yAt + i] = Rounding.of(f[xAt + i] + f[residualAt + i], rounds) * factor;
        }
        if (thread == 0) {
            f[ints[row + ForwardRow.SCALE] + group] = factor;
        }
    }

    static void backward(KernelContext context, int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + BackwardRow.N];
        int group = context.groupIdx;
        int thread = context.localIdx;
        CallTable.count(ints, context.globalIdx);
        int dyAt = ints[row + BackwardRow.DY] + group * n;
        int yAt = ints[row + BackwardRow.Y] + group * n;
        int dSumAt = ints[row + BackwardRow.D_SUM] + group * n;
        float factor = f[ints[row + BackwardRow.SCALE] + group];
        float[] sums = context.allocateFloatLocalArray(GROUP);
        float sum = 0;
        for (int i = thread; i < n; i += GROUP) {
            sum += f[dyAt + i] * f[yAt + i];
        }
        sums[thread] = sum;
        for (int half = GROUP / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                sums[thread] += sums[thread + half];
            }
        }
        context.localBarrier();
        float mean = sums[0] / n;
        for (int i = thread; i < n; i += GROUP) {
            f[dSumAt + i] = factor * (f[dyAt + i] - f[yAt + i] * mean);
        }
    }

    static Recipe forward(RmsNorm.Forward op, int rounds) {
        return Recipe.of(Launch.of("rmsNorm", ForwardRow.END)
                .operand(ForwardRow.X, op.x())
                .operand(ForwardRow.RESIDUAL, op.residual())
                .operand(ForwardRow.Y, op.y())
                .operand(ForwardRow.SCALE, op.scale())
                .size(ForwardRow.N, op.x().dim(1))
                .on(Threads.rows(op.x().dim(0), GROUP), caller ->
                        caller.groups(RmsNormRows::forward, op.epsilon(), rounds)));
    }

    static Recipe backward(RmsNorm.Backward op) {
        return Recipe.of(Launch.of("rmsNorm backward", BackwardRow.END)
                .operand(BackwardRow.DY, op.dy())
                .operand(BackwardRow.Y, op.y())
                .operand(BackwardRow.SCALE, op.scale())
                .operand(BackwardRow.D_SUM, op.dSum())
                .size(BackwardRow.N, op.dy().dim(1))
                .on(Threads.rows(op.dy().dim(0), GROUP), caller -> caller.groups(RmsNormRows::backward)));
    }
}
