package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import trm4j.kernels.op.RmsNorm;

/**
 * RMSNorm over the middle axis of [outer, n, inner]: each part goes through some columns of one outer
 * element, row by row, with a sum for each column.
 */
final class RmsNormColumns {

    /** The most columns of a part: rows of memory are read in longer stretches, several times as fast. */
    private static final int MOST = 512;
    /** Columns of a part where there would be too few parts for all threads. */
    private static final int FEW = 128;

    private RmsNormColumns() {}

    static Kernel forward(RmsNorm.Forward op, Memory memory, Team team, Spaces spaces) {
        var x = memory.view(op.x());
        var residual = memory.view(op.residual());
        var y = memory.view(op.y());
        var scale = memory.view(op.scale());
        int n = op.x().dim(1);
        int inner = op.x().dim(2);
        return columns(team, op.x().dim(0), inner, (values, outer, column, count, worker) -> {
            int from = outer * n * inner + column;
            var factors = scale.floats();
            int factorAt = scale.at(values) + outer * inner + column;
            Arrays.fill(factors, factorAt, factorAt + count, 0f);
            var space = spaces.of(worker);
            for (int t = 0; t < n; t++) {
                int at = from + t * inner;
                int xAt = x.at(values) + at;
                int residualAt = residual.at(values) + at;
                int yAt = y.at(values) + at;
                var a = x.read(xAt, count, space[0]);
                var b = residual.read(residualAt, count, space[1]);
                var sum = y.target(space[0]);
                if (y.rounds()) {
                    CopyKernels.add(a, x.place(xAt), b, residual.place(residualAt), sum, 0, count);
                    Halves.round(sum, 0, count);
                    addProducts(sum, 0, sum, 0, factors, factorAt, count);
                    y.write(sum, yAt, count);
                } else {
                    add(a, xAt, b, residualAt, sum, yAt, factors, factorAt, count);
                }
            }
            for (int i = factorAt; i < factorAt + count; i++) {
                factors[i] = (float) (1 / Math.sqrt(factors[i] / n + op.epsilon()));
            }
            for (int t = 0; t < n; t++) {
                int yAt = y.at(values) + from + t * inner;
                var sum = y.read(yAt, count, space[0]);
                multiply(sum, y.place(yAt), factors, factorAt, count);
                y.write(sum, yAt, count);
            }
        });
    }

    static Kernel backward(RmsNorm.Backward op, Memory memory, Team team, Spaces spaces) {
        var dy = memory.view(op.dy());
        var y = memory.view(op.y());
        var scale = memory.view(op.scale());
        var dSum = memory.view(op.dSum());
        int n = op.dy().dim(1);
        int inner = op.dy().dim(2);
        var sums = new float[team.size()][MOST];
        return columns(team, op.dy().dim(0), inner, (values, outer, column, count, worker) -> {
            int from = outer * n * inner + column;
            var mean = sums[worker];
            var space = spaces.of(worker);
            Arrays.fill(mean, 0f);
            for (int t = 0; t < n; t++) {
                int at = from + t * inner;
                int dyAt = dy.at(values) + at;
                int yAt = y.at(values) + at;
                addProducts(
                        dy.read(dyAt, count, space[0]), dy.place(dyAt), y.read(yAt, count, space[1]), y.place(yAt),
                        mean, 0, count);
            }
            for (int i = 0; i < count; i++) {
                mean[i] /= n;
            }
            for (int t = 0; t < n; t++) {
                int at = from + t * inner;
                int dyAt = dy.at(values) + at;
                int yAt = y.at(values) + at;
                int to = dSum.at(values) + at;
                var out = dSum.target(space[2]);
                gradient(
                        dy.read(dyAt, count, space[0]), dy.place(dyAt), y.read(yAt, count, space[1]), y.place(yAt),
                        mean, scale.floats(), scale.at(values) + outer * inner + column, out, dSum.place(to), count);
                dSum.write(out, to, count);
            }
        });
    }

    /** Does some columns of one outer element. */
    private interface Body {
        void run(int[] values, int outer, int column, int count, int worker);
    }

    private static Kernel columns(Team team, int outer, int inner, Body body) {
        int width = outer * Math.ceilDiv(inner, MOST) < 4 * team.size() ? FEW : MOST;
        int ranges = Math.ceilDiv(inner, width);
        return new Parallel(team, outer * ranges, (values, part, worker) -> {
            int column = part % ranges * width;
            body.run(values, part / ranges, column, Math.min(width, inner - column), worker);
        });
    }

    /** sum = a + b; adds its squares up. */
    private static void add(
            float[] a, int aAt, float[] b, int bAt, float[] sum, int sumAt, float[] squares, int squaresAt, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var s = FloatVector.fromArray(SPECIES, a, aAt + i).add(FloatVector.fromArray(SPECIES, b, bAt + i));
            s.intoArray(sum, sumAt + i);
            VectorMath.fma(s, s, FloatVector.fromArray(SPECIES, squares, squaresAt + i))
                    .intoArray(squares, squaresAt + i);
        }
        for (; i < n; i++) {
            float s = a[aAt + i] + b[bAt + i];
            sum[sumAt + i] = s;
            squares[squaresAt + i] = VectorMath.fma(s, s, squares[squaresAt + i]);
        }
    }

    private static void multiply(float[] x, int at, float[] factors, int factorAt, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, at + i)
                    .mul(FloatVector.fromArray(SPECIES, factors, factorAt + i))
                    .intoArray(x, at + i);
        }
        for (; i < n; i++) {
            x[at + i] *= factors[factorAt + i];
        }
    }

    private static void addProducts(
            float[] a, int aAt, float[] b, int bAt, float[] sums, int sumsAt, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorMath.fma(
                            FloatVector.fromArray(SPECIES, a, aAt + i),
                            FloatVector.fromArray(SPECIES, b, bAt + i),
                            FloatVector.fromArray(SPECIES, sums, sumsAt + i))
                    .intoArray(sums, sumsAt + i);
        }
        for (; i < n; i++) {
            sums[sumsAt + i] = VectorMath.fma(a[aAt + i], b[bAt + i], sums[sumsAt + i]);
        }
    }

    private static void gradient(
            float[] dy, int dyAt, float[] y, int yAt, float[] mean, float[] factors, int factorAt, float[] out,
            int outAt, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorMath.fma(
                            FloatVector.fromArray(SPECIES, y, yAt + i),
                            FloatVector.fromArray(SPECIES, mean, i).neg(),
                            FloatVector.fromArray(SPECIES, dy, dyAt + i))
                    .mul(FloatVector.fromArray(SPECIES, factors, factorAt + i))
                    .intoArray(out, outAt + i);
        }
        for (; i < n; i++) {
            out[outAt + i] = factors[factorAt + i] * VectorMath.fma(y[yAt + i], -mean[i], dy[dyAt + i]);
        }
    }
}
