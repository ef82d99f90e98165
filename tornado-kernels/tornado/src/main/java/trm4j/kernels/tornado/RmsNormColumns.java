package trm4j.kernels.tornado;

import trm4j.kernels.op.RmsNorm;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** RMSNorm over the middle axis of [outer, n, inner]. Each thread computes one column. */
final class RmsNormColumns {

    /** Columns of forward. */
    private static final class ForwardRow {
        static final int X = 0, RESIDUAL = 1, Y = 2, SCALE = 3, COLUMNS = 4, N = 5, INNER = 6, END = 7;
    }

    private RmsNormColumns() {}

    /** Columns of backward. */
    private static final class BackwardRow {
        static final int DY = 0, Y = 1, SCALE = 2, D_SUM = 3, COLUMNS = 4, N = 5, INNER = 6, END = 7;
    }

    static void forward(int[] ints, int at, float epsilon, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int xAt = ints[row + ForwardRow.X];
        int residualAt = ints[row + ForwardRow.RESIDUAL];
        int yAt = ints[row + ForwardRow.Y];
        int scaleAt = ints[row + ForwardRow.SCALE];
        int columns = ints[row + ForwardRow.COLUMNS];
        int n = ints[row + ForwardRow.N];
        int inner = ints[row + ForwardRow.INNER];
        for (@Parallel int i = 0; i < columns; i++) {
            CallTable.count(ints, i);
            int first = i + i / inner * inner * (n - 1);
            float sum = 0;
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                float s = Rounding.of(f[xAt + place] + f[residualAt + place], rounds);
                sum += s * s;
            }
            float factor = 1f / TornadoMath.sqrt(sum / n + epsilon);
            f[scaleAt + i] = factor;
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                f[yAt + place] = Rounding.of(f[xAt + place] + f[residualAt + place], rounds) * factor;
            }
        }
    }

    static void backward(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int dyAt = ints[row + BackwardRow.DY];
        int yAt = ints[row + BackwardRow.Y];
        int scaleAt = ints[row + BackwardRow.SCALE];
        int dSumAt = ints[row + BackwardRow.D_SUM];
        int columns = ints[row + BackwardRow.COLUMNS];
        int n = ints[row + BackwardRow.N];
        int inner = ints[row + BackwardRow.INNER];
        for (@Parallel int i = 0; i < columns; i++) {
            CallTable.count(ints, i);
            int first = i + i / inner * inner * (n - 1);
            float sum = 0;
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                sum += f[dyAt + place] * f[yAt + place];
            }
            float mean = sum / n;
            float factor = f[scaleAt + i];
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                f[dSumAt + place] = factor * (f[dyAt + place] - f[yAt + place] * mean);
            }
        }
    }

    static Recipe forward(RmsNorm.Forward op, int rounds) {
        int columns = op.x().dim(0) * op.x().dim(2);
        return Recipe.of(Launch.of("rmsNorm", ForwardRow.END)
                .operand(ForwardRow.X, op.x())
                .operand(ForwardRow.RESIDUAL, op.residual())
                .operand(ForwardRow.Y, op.y())
                .operand(ForwardRow.SCALE, op.scale())
                .size(ForwardRow.COLUMNS, columns)
                .size(ForwardRow.N, op.x().dim(1))
                .size(ForwardRow.INNER, op.x().dim(2))
                .on(Threads.of(columns), caller -> caller.loop(RmsNormColumns::forward, op.epsilon(), rounds)));
    }

    static Recipe backward(RmsNorm.Backward op) {
        int columns = op.dy().dim(0) * op.dy().dim(2);
        return Recipe.of(Launch.of("rmsNorm backward", BackwardRow.END)
                .operand(BackwardRow.DY, op.dy())
                .operand(BackwardRow.Y, op.y())
                .operand(BackwardRow.SCALE, op.scale())
                .operand(BackwardRow.D_SUM, op.dSum())
                .size(BackwardRow.COLUMNS, columns)
                .size(BackwardRow.N, op.dy().dim(1))
                .size(BackwardRow.INNER, op.dy().dim(2))
                .on(Threads.of(columns), caller -> caller.loop(RmsNormColumns::backward)));
    }
}
