package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import trm4j.kernels.op.RmsNorm;

/** RMSNorm over the last axis: each part goes through some rows. */
final class RmsNormRows {

    private static final int ROWS = 16;

    private RmsNormRows() {}

    static Kernel forward(RmsNorm.Forward op, Memory memory, Team team, Spaces spaces) {
        var x = memory.view(op.x());
        var residual = memory.view(op.residual());
        var y = memory.view(op.y());
        var scale = memory.view(op.scale());
        int n = op.x().dim(1);
        return rows(team, op.x().dim(0), (values, row, worker) -> {
            int xAt = x.at(values) + row * n;
            int residualAt = residual.at(values) + row * n;
            int at = y.at(values) + row * n;
            var space = spaces.of(worker);
            var a = x.read(xAt, n, space[0]);
            var b = residual.read(residualAt, n, space[1]);
            var sum = y.target(space[0]);
            int sumAt = y.place(at);
            float squares;
            if (y.rounds()) {
                CopyKernels.add(a, x.place(xAt), b, residual.place(residualAt), sum, sumAt, n);
                Halves.round(sum, sumAt, n);
                squares = dot(sum, sumAt, sum, sumAt, n);
            } else {
                squares = add(a, x.place(xAt), b, residual.place(residualAt), sum, sumAt, n);
            }
            float factor = (float) (1 / Math.sqrt(squares / n + op.epsilon()));
            scale.floats()[scale.at(values) + row] = factor;
            multiply(sum, sumAt, n, factor);
            y.write(sum, at, n);
        });
    }

    static Kernel backward(RmsNorm.Backward op, Memory memory, Team team, Spaces spaces) {
        var dy = memory.view(op.dy());
        var y = memory.view(op.y());
        var scale = memory.view(op.scale());
        var dSum = memory.view(op.dSum());
        int n = op.dy().dim(1);
        return rows(team, op.dy().dim(0), (values, row, worker) -> {
            int dyAt = dy.at(values) + row * n;
            int yAt = y.at(values) + row * n;
            int to = dSum.at(values) + row * n;
            var space = spaces.of(worker);
            var d = dy.read(dyAt, n, space[0]);
            var normed = y.read(yAt, n, space[1]);
            var out = dSum.target(space[0]);
            float mean = dot(d, dy.place(dyAt), normed, y.place(yAt), n) / n;
            float factor = scale.floats()[scale.at(values) + row];
            gradient(d, dy.place(dyAt), normed, y.place(yAt), mean, factor, out, dSum.place(to), n);
            dSum.write(out, to, n);
        });
    }

    private static Kernel rows(Team team, int rows, Parallel.Body row) {
        return new Parallel(team, Math.ceilDiv(rows, ROWS), (values, part, worker) -> {
            for (int i = part * ROWS; i < Math.min(rows, (part + 1) * ROWS); i++) {
                row.run(values, i, worker);
            }
        });
    }

    /** sum = a + b; returns the sum of its squares. */
    private static float add(
            float[] a, int aAt, float[] b, int bAt, float[] sum, int sumAt, int n) {
        var squares = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var s = FloatVector.fromArray(SPECIES, a, aAt + i).add(FloatVector.fromArray(SPECIES, b, bAt + i));
            s.intoArray(sum, sumAt + i);
            squares = VectorMath.fma(s, s, squares);
        }
        float total = VectorMath.sum(squares);
        for (; i < n; i++) {
            float s = a[aAt + i] + b[bAt + i];
            sum[sumAt + i] = s;
            total = VectorMath.fma(s, s, total);
        }
        return total;
    }

    private static void multiply(float[] x, int at, int n, float factor) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, at + i).mul(factor).intoArray(x, at + i);
        }
        for (; i < n; i++) {
            x[at + i] *= factor;
        }
    }

    private static float dot(float[] a, int aAt, float[] b, int bAt, int n) {
        var products = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            products = VectorMath.fma(
                    FloatVector.fromArray(SPECIES, a, aAt + i), FloatVector.fromArray(SPECIES, b, bAt + i), products);
        }
        float total = VectorMath.sum(products);
        for (; i < n; i++) {
            total = VectorMath.fma(a[aAt + i], b[bAt + i], total);
        }
        return total;
    }

    private static void gradient(
            float[] dy, int dyAt, float[] y, int yAt, float mean, float factor, float[] out, int outAt, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorMath.fma(
                            FloatVector.fromArray(SPECIES, y, yAt + i),
                            FloatVector.broadcast(SPECIES, -mean),
                            FloatVector.fromArray(SPECIES, dy, dyAt + i))
                    .mul(factor)
                    .intoArray(out, outAt + i);
        }
        for (; i < n; i++) {
            out[outAt + i] = factor * VectorMath.fma(y[yAt + i], -mean, dy[dyAt + i]);
        }
    }
}
