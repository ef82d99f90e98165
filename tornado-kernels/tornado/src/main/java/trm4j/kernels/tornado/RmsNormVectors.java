package trm4j.kernels.tornado;

import trm4j.kernels.Tensor;
import trm4j.kernels.op.RmsNorm;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * RMSNorm for processors, of [outer, n, inner]: over rows where inner is 1, whose vectors lie one behind the other, and
 * else over columns, of which sixteen neighbours are a vector.
 */
final class RmsNormVectors {

    private RmsNormVectors() {}

    /** Columns of rows and columns. */
    private static final class ForwardRow {
        static final int X = 0, RESIDUAL = 1, Y = 2, SCALE = 3, COUNT = 4, N = 5, INNER = 6, END = 7;
    }

    /** Columns of rowsBackward and columnsBackward. */
    private static final class BackwardRow {
        static final int DY = 0, Y = 1, SCALE = 2, D_SUM = 3, COUNT = 4, N = 5, INNER = 6, END = 7;
    }

    private static Float16 sum(float[] f, int x, int residual, int rounds) {
        return Rounding.of(Float16.add(Lanes.load(f, x), Lanes.load(f, residual)), rounds);
    }

    /** Each thread computes a row. */
    static void rows(int[] ints, int at, float epsilon, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int count = ints[row + ForwardRow.COUNT];
        int n = ints[row + ForwardRow.N];
        for (@Parallel int i = 0; i < count; i++) {
            CallTable.count(ints, i);
            int x = ints[row + ForwardRow.X] + i * n;
            int residual = ints[row + ForwardRow.RESIDUAL] + i * n;
            int y = ints[row + ForwardRow.Y] + i * n;
            Float16 squares = Lanes.all(0f);
            for (int j = 0; j < n; j += Lanes.COUNT) {
                Float16 sum = sum(f, x + j, residual + j, rounds);
                squares = Float16.add(squares, Float16.mult(sum, sum));
            }
            float factor = 1f / TornadoMath.sqrt(Lanes.total(squares) / n + epsilon);
            f[ints[row + ForwardRow.SCALE] + i] = factor;
            Float16 factors = Lanes.all(factor);
            for (int j = 0; j < n; j += Lanes.COUNT) {
                Lanes.store(f, y + j, Float16.mult(sum(f, x + j, residual + j, rounds), factors));
            }
        }
    }

    /** Each thread computes a row. */
    static void rowsBackward(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int count = ints[row + BackwardRow.COUNT];
        int n = ints[row + BackwardRow.N];
        for (@Parallel int i = 0; i < count; i++) {
            CallTable.count(ints, i);
            int dy = ints[row + BackwardRow.DY] + i * n;
            int y = ints[row + BackwardRow.Y] + i * n;
            int dSum = ints[row + BackwardRow.D_SUM] + i * n;
            Float16 products = Lanes.all(0f);
            for (int j = 0; j < n; j += Lanes.COUNT) {
                products = Float16.add(products, Float16.mult(Lanes.load(f, dy + j), Lanes.load(f, y + j)));
            }
            Float16 means = Lanes.all(Lanes.total(products) / n);
            Float16 factors = Lanes.all(f[ints[row + BackwardRow.SCALE] + i]);
            for (int j = 0; j < n; j += Lanes.COUNT) {
                Float16 along = Float16.mult(Lanes.load(f, y + j), means);
                Lanes.store(f, dSum + j, Float16.mult(factors, Float16.sub(Lanes.load(f, dy + j), along)));
            }
        }
    }

    /** Each thread computes 16 columns. */
    static void columns(int[] ints, int at, float epsilon, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int count = ints[row + ForwardRow.COUNT];
        int n = ints[row + ForwardRow.N];
        int inner = ints[row + ForwardRow.INNER];
        for (@Parallel int i = 0; i < count; i++) {
            CallTable.count(ints, i);
            int column = i * Lanes.COUNT;
            int first = column + column / inner * inner * (n - 1);
            int x = ints[row + ForwardRow.X] + first;
            int residual = ints[row + ForwardRow.RESIDUAL] + first;
            int y = ints[row + ForwardRow.Y] + first;
            Float16 squares = Lanes.all(0f);
            for (int j = 0; j < n; j++) {
                Float16 sum = sum(f, x + j * inner, residual + j * inner, rounds);
                squares = Float16.add(squares, Float16.mult(sum, sum));
            }
            int scale = ints[row + ForwardRow.SCALE] + column;
            Lanes.store(f, scale, Float16.add(Float16.mult(squares, Lanes.all(1f / n)), Lanes.all(epsilon)));
            for (int c = scale; c < scale + Lanes.COUNT; c++) {
                f[c] = 1f / TornadoMath.sqrt(f[c]);
            }
            Float16 factors = Lanes.load(f, scale);
            for (int j = 0; j < n; j++) {
                Float16 sum = sum(f, x + j * inner, residual + j * inner, rounds);
                Lanes.store(f, y + j * inner, Float16.mult(sum, factors));
            }
        }
    }

    /** Each thread computes 16 columns. */
    static void columnsBackward(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int count = ints[row + BackwardRow.COUNT];
        int n = ints[row + BackwardRow.N];
        int inner = ints[row + BackwardRow.INNER];
        for (@Parallel int i = 0; i < count; i++) {
            CallTable.count(ints, i);
            int column = i * Lanes.COUNT;
            int first = column + column / inner * inner * (n - 1);
            int dy = ints[row + BackwardRow.DY] + first;
            int y = ints[row + BackwardRow.Y] + first;
            int dSum = ints[row + BackwardRow.D_SUM] + first;
            Float16 products = Lanes.all(0f);
            for (int j = 0; j < n; j++) {
                products = Float16.add(
                        products, Float16.mult(Lanes.load(f, dy + j * inner), Lanes.load(f, y + j * inner)));
            }
            Float16 means = Float16.mult(products, Lanes.all(1f / n));
            Float16 factors = Lanes.load(f, ints[row + BackwardRow.SCALE] + column);
            for (int j = 0; j < n; j++) {
                Float16 along = Float16.mult(Lanes.load(f, y + j * inner), means);
                Float16 across = Float16.sub(Lanes.load(f, dy + j * inner), along);
                Lanes.store(f, dSum + j * inner, Float16.mult(factors, across));
            }
        }
    }

    private static boolean isOfRows(Tensor x) {
        return x.dim(2) == 1;
    }

    /** Whether a tensor is of whole vectors, along its rows or its columns. */
    static boolean fits(Tensor x) {
        return (isOfRows(x) ? x.dim(1) : x.dim(2)) % Lanes.COUNT == 0;
    }

    /** How many threads there are. */
    private static int count(Tensor x) {
        return isOfRows(x) ? x.dim(0) : x.dim(0) * x.dim(2) / Lanes.COUNT;
    }

    static Recipe forward(RmsNorm.Forward op, int rounds) {
        var row = Launch.of("rmsNorm", ForwardRow.END)
                .operand(ForwardRow.X, op.x())
                .operand(ForwardRow.RESIDUAL, op.residual())
                .operand(ForwardRow.Y, op.y())
                .operand(ForwardRow.SCALE, op.scale())
                .size(ForwardRow.COUNT, count(op.x()))
                .size(ForwardRow.N, op.x().dim(1))
                .size(ForwardRow.INNER, op.x().dim(2));
        var threads = Threads.alone(count(op.x()));
        return Recipe.of(isOfRows(op.x())
                ? row.on(threads, caller -> caller.loop(RmsNormVectors::rows, op.epsilon(), rounds))
                : row.on(threads, caller -> caller.loop(RmsNormVectors::columns, op.epsilon(), rounds)));
    }

    static Recipe backward(RmsNorm.Backward op) {
        var row = Launch.of("rmsNorm backward", BackwardRow.END)
                .operand(BackwardRow.DY, op.dy())
                .operand(BackwardRow.Y, op.y())
                .operand(BackwardRow.SCALE, op.scale())
                .operand(BackwardRow.D_SUM, op.dSum())
                .size(BackwardRow.COUNT, count(op.dy()))
                .size(BackwardRow.N, op.dy().dim(1))
                .size(BackwardRow.INNER, op.dy().dim(2));
        var threads = Threads.alone(count(op.dy()));
        return Recipe.of(isOfRows(op.dy())
                ? row.on(threads, caller -> caller.loop(RmsNormVectors::rowsBackward))
                : row.on(threads, caller -> caller.loop(RmsNormVectors::columnsBackward)));
    }
}
