package trm4j.kernels.tornado;

import trm4j.kernels.op.RmsNorm;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * RMSNorm over the middle axis of [outer, n, inner], for GPUs. A work-group computes 32 neighbouring columns; for each
 * of them eight threads share the sum, which they add up as a tree.
 */
final class RmsNormTiles {

    /** Threads of a work-group along a row, and along the columns. */
    private static final int WIDTH = 32;
    private static final int HEIGHT = 8;

    /** Columns of forward. */
    private static final class ForwardRow {
        static final int X = 0, RESIDUAL = 1, Y = 2, SCALE = 3, N = 4, INNER = 5, END = 6;
    }

    private RmsNormTiles() {}

    /** Columns of backward. */
    private static final class BackwardRow {
        static final int DY = 0, Y = 1, SCALE = 2, D_SUM = 3, N = 4, INNER = 5, END = 6;
    }

    static void forward(KernelContext context, int[] ints, int at, float epsilon, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + ForwardRow.N];
        int inner = ints[row + ForwardRow.INNER];
        int x = context.localIdx;
        int y = context.localIdy;
        int column = context.groupIdx * WIDTH + x;
        int outer = context.groupIdz;
        CallTable.count(ints, column + y + outer);
        int first = outer * n * inner + column;
        int xAt = ints[row + ForwardRow.X] + first;
        int residualAt = ints[row + ForwardRow.RESIDUAL] + first;
        int yAt = ints[row + ForwardRow.Y] + first;
        float[] sums = context.allocateFloatLocalArray(WIDTH * HEIGHT);
        float sum = 0;
        if (column < inner) {
            for (int j = y; j < n; j += HEIGHT) {
                float s = Rounding.of(f[xAt + j * inner] + f[residualAt + j * inner], rounds);
                sum += s * s;
            }
        }
        sums[y * WIDTH + x] = sum;
        for (int half = HEIGHT / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (y < half) {
                sums[y * WIDTH + x] += sums[(y + half) * WIDTH + x];
            }
        }
        context.localBarrier();
        if (column < inner) {
            float factor = 1f / TornadoMath.sqrt(sums[x] / n + epsilon);
            for (int j = y; j < n; j += HEIGHT) {
                f[yAt + j * inner] = Rounding.of(f[xAt + j * inner] + f[residualAt + j * inner], rounds) * factor;
            }
            if (y == 0) {
                f[ints[row + ForwardRow.SCALE] + outer * inner + column] = factor;
            }
        }
    }

    static void backward(KernelContext context, int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + BackwardRow.N];
        int inner = ints[row + BackwardRow.INNER];
        int x = context.localIdx;
        int y = context.localIdy;
        int column = context.groupIdx * WIDTH + x;
        int outer = context.groupIdz;
        CallTable.count(ints, column + y + outer);
        int first = outer * n * inner + column;
        int dyAt = ints[row + BackwardRow.DY] + first;
        int yAt = ints[row + BackwardRow.Y] + first;
        int dSumAt = ints[row + BackwardRow.D_SUM] + first;
        float[] sums = context.allocateFloatLocalArray(WIDTH * HEIGHT);
        float sum = 0;
        if (column < inner) {
            for (int j = y; j < n; j += HEIGHT) {
                sum += f[dyAt + j * inner] * f[yAt + j * inner];
            }
        }
        sums[y * WIDTH + x] = sum;
        for (int half = HEIGHT / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (y < half) {
                sums[y * WIDTH + x] += sums[(y + half) * WIDTH + x];
            }
        }
        context.localBarrier();
        if (column < inner) {
            float mean = sums[x] / n;
            float factor = f[ints[row + BackwardRow.SCALE] + outer * inner + column];
            for (int j = y; j < n; j += HEIGHT) {
                f[dSumAt + j * inner] = factor * (f[dyAt + j * inner] - f[yAt + j * inner] * mean);
            }
        }
    }

    static Recipe forward(RmsNorm.Forward op, int rounds) {
        return Recipe.of(Launch.of("rmsNorm columns", ForwardRow.END)
                .operand(ForwardRow.X, op.x())
                .operand(ForwardRow.RESIDUAL, op.residual())
                .operand(ForwardRow.Y, op.y())
                .operand(ForwardRow.SCALE, op.scale())
                .size(ForwardRow.N, op.x().dim(1))
                .size(ForwardRow.INNER, op.x().dim(2))
                .on(threads(op.x().dim(0), op.x().dim(2)), caller ->
                        caller.groups(RmsNormTiles::forward, op.epsilon(), rounds)));
    }

    static Recipe backward(RmsNorm.Backward op) {
        return Recipe.of(Launch.of("rmsNorm columns backward", BackwardRow.END)
                .operand(BackwardRow.DY, op.dy())
                .operand(BackwardRow.Y, op.y())
                .operand(BackwardRow.SCALE, op.scale())
                .operand(BackwardRow.D_SUM, op.dSum())
                .size(BackwardRow.N, op.dy().dim(1))
                .size(BackwardRow.INNER, op.dy().dim(2))
                .on(threads(op.dy().dim(0), op.dy().dim(2)), caller -> caller.groups(RmsNormTiles::backward)));
    }

    private static Threads threads(int outer, int inner) {
        return new Threads(Math.ceilDiv(inner, WIDTH), 1, outer, WIDTH, HEIGHT);
    }
}
