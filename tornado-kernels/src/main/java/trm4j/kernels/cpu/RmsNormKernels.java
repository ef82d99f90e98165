package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.RmsNorm;

/** RMSNorm over the last axis, row by row, and over the middle axis, a range of columns at a time. */
final class RmsNormKernels {

    private static final int ROWS = 16;
    private static final int COLUMNS = 128;

    private RmsNormKernels() {}

    static Kernel forward(RmsNorm.Forward op, Memory memory, Team team) {
        return op.x().dim(2) == 1 ? new Rows(op, memory, team) : new Columns(op, memory, team);
    }

    static Kernel backward(RmsNorm.Backward op, Memory memory, Team team) {
        return op.dy().dim(2) == 1 ? new RowsBackward(op, memory, team) : new ColumnsBackward(op, memory, team);
    }

    private static float[][] scratch(Team team, int size) {
        return new float[team.size()][size];
    }

    /** Each part normalizes some rows. */
    private static final class Rows implements Kernel {

        private final Team team;
        private final int rows;
        private final int n;
        private final float epsilon;
        private final View x;
        private final View residual;
        private final View y;
        private final View scale;
        private final float[][] lanes;
        private int xAt;
        private int residualAt;
        private int yAt;
        private int scaleAt;

        Rows(RmsNorm.Forward op, Memory memory, Team team) {
            this.team = team;
            rows = op.x().dim(0);
            n = op.x().dim(1);
            epsilon = op.epsilon();
            x = memory.view(op.x());
            residual = memory.view(op.residual());
            y = memory.view(op.y());
            scale = memory.view(op.scale());
            lanes = scratch(team, LANES);
        }

        private final Team.Parts part = this::part;

        @Override
        public void run(int[] values) {
            xAt = x.at(values);
            residualAt = residual.at(values);
            yAt = y.at(values);
            scaleAt = scale.at(values);
            team.run(Math.ceilDiv(rows, ROWS), part);
        }

        private void part(int part, int worker) {
            for (int row = part * ROWS; row < Math.min(rows, (part + 1) * ROWS); row++) {
                row(row, lanes[worker]);
            }
        }

        private void row(int row, float[] lanes) {
            var xs = x.floats();
            var rs = residual.floats();
            var ys = y.floats();
            int from = row * n;
            var sums = FloatVector.zero(SPECIES);
            int i = 0;
            for (; i <= n - LANES; i += LANES) {
                var s = FloatVector.fromArray(SPECIES, xs, xAt + from + i)
                        .add(FloatVector.fromArray(SPECIES, rs, residualAt + from + i));
                s.intoArray(ys, yAt + from + i);
                sums = s.fma(s, sums);
            }
            float sum = VectorMath.sum(sums, lanes);
            for (; i < n; i++) {
                float s = xs[xAt + from + i] + rs[residualAt + from + i];
                ys[yAt + from + i] = s;
                sum = Math.fma(s, s, sum);
            }
            float factor = (float) (1 / Math.sqrt(sum / n + epsilon));
            scale.floats()[scaleAt + row] = factor;
            for (i = 0; i <= n - LANES; i += LANES) {
                FloatVector.fromArray(SPECIES, ys, yAt + from + i).mul(factor).intoArray(ys, yAt + from + i);
            }
            for (; i < n; i++) {
                ys[yAt + from + i] *= factor;
            }
        }
    }

    /** Each part goes through some rows. */
    private static final class RowsBackward implements Kernel {

        private final Team team;
        private final int rows;
        private final int n;
        private final View dy;
        private final View y;
        private final View scale;
        private final View dSum;
        private final float[][] lanes;
        private int dyAt;
        private int yAt;
        private int scaleAt;
        private int dSumAt;

        RowsBackward(RmsNorm.Backward op, Memory memory, Team team) {
            this.team = team;
            rows = op.dy().dim(0);
            n = op.dy().dim(1);
            dy = memory.view(op.dy());
            y = memory.view(op.y());
            scale = memory.view(op.scale());
            dSum = memory.view(op.dSum());
            lanes = scratch(team, LANES);
        }

        private final Team.Parts part = this::part;

        @Override
        public void run(int[] values) {
            dyAt = dy.at(values);
            yAt = y.at(values);
            scaleAt = scale.at(values);
            dSumAt = dSum.at(values);
            team.run(Math.ceilDiv(rows, ROWS), part);
        }

        private void part(int part, int worker) {
            for (int row = part * ROWS; row < Math.min(rows, (part + 1) * ROWS); row++) {
                row(row, lanes[worker]);
            }
        }

        private void row(int row, float[] lanes) {
            var dys = dy.floats();
            var ys = y.floats();
            var out = dSum.floats();
            int from = row * n;
            var sums = FloatVector.zero(SPECIES);
            int i = 0;
            for (; i <= n - LANES; i += LANES) {
                sums = FloatVector.fromArray(SPECIES, dys, dyAt + from + i)
                        .fma(FloatVector.fromArray(SPECIES, ys, yAt + from + i), sums);
            }
            float sum = VectorMath.sum(sums, lanes);
            for (; i < n; i++) {
                sum = Math.fma(dys[dyAt + from + i], ys[yAt + from + i], sum);
            }
            float mean = -sum / n;
            float factor = scale.floats()[scaleAt + row];
            for (i = 0; i <= n - LANES; i += LANES) {
                FloatVector.fromArray(SPECIES, ys, yAt + from + i)
                        .fma(FloatVector.broadcast(SPECIES, mean),
                                FloatVector.fromArray(SPECIES, dys, dyAt + from + i))
                        .mul(factor)
                        .intoArray(out, dSumAt + from + i);
            }
            for (; i < n; i++) {
                out[dSumAt + from + i] = factor * Math.fma(ys[yAt + from + i], mean, dys[dyAt + from + i]);
            }
        }
    }

    /** Each part normalizes some columns of one outer element. */
    private static final class Columns implements Kernel {

        private final Team team;
        private final int outer;
        private final int n;
        private final int inner;
        private final int ranges;
        private final float epsilon;
        private final View x;
        private final View residual;
        private final View y;
        private final View scale;
        private int xAt;
        private int residualAt;
        private int yAt;
        private int scaleAt;

        Columns(RmsNorm.Forward op, Memory memory, Team team) {
            this.team = team;
            outer = op.x().dim(0);
            n = op.x().dim(1);
            inner = op.x().dim(2);
            ranges = Math.ceilDiv(inner, COLUMNS);
            epsilon = op.epsilon();
            x = memory.view(op.x());
            residual = memory.view(op.residual());
            y = memory.view(op.y());
            scale = memory.view(op.scale());
        }

        private final Team.Parts part = this::part;

        @Override
        public void run(int[] values) {
            xAt = x.at(values);
            residualAt = residual.at(values);
            yAt = y.at(values);
            scaleAt = scale.at(values);
            team.run(outer * ranges, part);
        }

        private void part(int part, int worker) {
            int column = part % ranges * COLUMNS;
            int count = Math.min(COLUMNS, inner - column);
            int o = part / ranges;
            var scales = scale.floats();
            int scaleFrom = scaleAt + o * inner + column;
            Arrays.fill(scales, scaleFrom, scaleFrom + count, 0f);
            int from = o * n * inner + column;
            for (int t = 0; t < n; t++) {
                addSquares(from + t * inner, count, scales, scaleFrom);
            }
            for (int j = scaleFrom; j < scaleFrom + count; j++) {
                scales[j] = (float) (1 / Math.sqrt(scales[j] / n + epsilon));
            }
            for (int t = 0; t < n; t++) {
                multiply(y.floats(), yAt + from + t * inner, count, scales, scaleFrom);
            }
        }

        private void addSquares(int at, int count, float[] sums, int sumsAt) {
            var xs = x.floats();
            var rs = residual.floats();
            var ys = y.floats();
            int j = 0;
            for (; j <= count - LANES; j += LANES) {
                var s = FloatVector.fromArray(SPECIES, xs, xAt + at + j)
                        .add(FloatVector.fromArray(SPECIES, rs, residualAt + at + j));
                s.intoArray(ys, yAt + at + j);
                s.fma(s, FloatVector.fromArray(SPECIES, sums, sumsAt + j)).intoArray(sums, sumsAt + j);
            }
            for (; j < count; j++) {
                float s = xs[xAt + at + j] + rs[residualAt + at + j];
                ys[yAt + at + j] = s;
                sums[sumsAt + j] = Math.fma(s, s, sums[sumsAt + j]);
            }
        }

        private static void multiply(float[] ys, int at, int count, float[] factors, int factorsAt) {
            int j = 0;
            for (; j <= count - LANES; j += LANES) {
                FloatVector.fromArray(SPECIES, ys, at + j)
                        .mul(FloatVector.fromArray(SPECIES, factors, factorsAt + j))
                        .intoArray(ys, at + j);
            }
            for (; j < count; j++) {
                ys[at + j] *= factors[factorsAt + j];
            }
        }
    }

    /** Each part goes through some columns of one outer element. */
    private static final class ColumnsBackward implements Kernel {

        private final Team team;
        private final int outer;
        private final int n;
        private final int inner;
        private final int ranges;
        private final View dy;
        private final View y;
        private final View scale;
        private final View dSum;
        private final float[][] means;
        private int dyAt;
        private int yAt;
        private int scaleAt;
        private int dSumAt;

        ColumnsBackward(RmsNorm.Backward op, Memory memory, Team team) {
            this.team = team;
            outer = op.dy().dim(0);
            n = op.dy().dim(1);
            inner = op.dy().dim(2);
            ranges = Math.ceilDiv(inner, COLUMNS);
            dy = memory.view(op.dy());
            y = memory.view(op.y());
            scale = memory.view(op.scale());
            dSum = memory.view(op.dSum());
            means = scratch(team, COLUMNS);
        }

        private final Team.Parts part = this::part;

        @Override
        public void run(int[] values) {
            dyAt = dy.at(values);
            yAt = y.at(values);
            scaleAt = scale.at(values);
            dSumAt = dSum.at(values);
            team.run(outer * ranges, part);
        }

        private void part(int part, int worker) {
            int column = part % ranges * COLUMNS;
            int count = Math.min(COLUMNS, inner - column);
            int o = part / ranges;
            int from = o * n * inner + column;
            var mean = means[worker];
            Arrays.fill(mean, 0f);
            for (int t = 0; t < n; t++) {
                addProducts(from + t * inner, count, mean);
            }
            for (int j = 0; j < count; j++) {
                mean[j] /= -n;
            }
            for (int t = 0; t < n; t++) {
                gradient(from + t * inner, count, mean, scaleAt + o * inner + column);
            }
        }

        private void addProducts(int at, int count, float[] sums) {
            var dys = dy.floats();
            var ys = y.floats();
            int j = 0;
            for (; j <= count - LANES; j += LANES) {
                FloatVector.fromArray(SPECIES, dys, dyAt + at + j)
                        .fma(FloatVector.fromArray(SPECIES, ys, yAt + at + j),
                                FloatVector.fromArray(SPECIES, sums, j))
                        .intoArray(sums, j);
            }
            for (; j < count; j++) {
                sums[j] = Math.fma(dys[dyAt + at + j], ys[yAt + at + j], sums[j]);
            }
        }

        private void gradient(int at, int count, float[] mean, int scaleFrom) {
            var dys = dy.floats();
            var ys = y.floats();
            var scales = scale.floats();
            var out = dSum.floats();
            int j = 0;
            for (; j <= count - LANES; j += LANES) {
                FloatVector.fromArray(SPECIES, ys, yAt + at + j)
                        .fma(FloatVector.fromArray(SPECIES, mean, j),
                                FloatVector.fromArray(SPECIES, dys, dyAt + at + j))
                        .mul(FloatVector.fromArray(SPECIES, scales, scaleFrom + j))
                        .intoArray(out, dSumAt + at + j);
            }
            for (; j < count; j++) {
                out[dSumAt + at + j] =
                        scales[scaleFrom + j] * Math.fma(ys[yAt + at + j], mean[j], dys[dyAt + at + j]);
            }
        }
    }
}
