package trm4j.kernels.cpu;

import java.util.Arrays;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.SelectRows;

/** Kernels that move numbers and add them: plain loops, which the JIT compiler vectorizes. */
final class CopyKernels {

    private static final int COLUMNS = 64;

    private CopyKernels() {}

    /** Each part adds some elements. */
    static Kernel add(Add op, Memory memory, Team team) {
        var a = memory.view(op.terms().get(0));
        var b = memory.view(op.terms().get(1));
        var c = op.terms().size() == 3 ? memory.view(op.terms().get(2)) : null;
        var out = memory.view(op.out());
        return new Elementwise(team, 1, op.out().size(), (values, row, from, length) -> {
            int aAt = a.at(values) + from;
            int bAt = b.at(values) + from;
            int to = out.at(values) + from;
            if (c == null) {
                add(a.floats(), aAt, b.floats(), bAt, out.floats(), to, length);
            } else {
                add(a.floats(), aAt, b.floats(), bAt, c.floats(), c.at(values) + from, out.floats(), to, length);
            }
        });
    }

    private static void add(float[] a, int aAt, float[] b, int bAt, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] = a[aAt + i] + b[bAt + i];
        }
    }

    private static void add(
            float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] = a[aAt + i] + b[bAt + i] + c[cAt + i];
        }
    }

    /** Each part copies some elements. */
    static Kernel copyColumns(CopyColumns op, Memory memory, Team team) {
        var from = memory.view(op.from());
        var to = memory.view(op.to());
        return new Elementwise(team, op.from().dim(0), op.width(), (values, row, column, length) -> {
            int source = from.at(values) + row * op.from().dim(1) + op.fromStart() + column;
            int target = to.at(values) + row * op.to().dim(1) + op.toStart() + column;
            if (op.accumulate()) {
                addScaled(from.floats(), source, op.scale(), to.floats(), target, length);
            } else {
                scale(from.floats(), source, op.scale(), to.floats(), target, length);
            }
        });
    }

    static void scale(float[] from, int fromAt, float scale, float[] to, int toAt, int n) {
        for (int i = 0; i < n; i++) {
            to[toAt + i] = scale * from[fromAt + i];
        }
    }

    static void addScaled(float[] from, int fromAt, float scale, float[] to, int toAt, int n) {
        for (int i = 0; i < n; i++) {
            to[toAt + i] = VectorMath.fma(scale, from[fromAt + i], to[toAt + i]);
        }
    }

    /** Each part fills some elements. */
    static Kernel fill(Fill op, Memory memory, Team team) {
        var out = memory.view(op.out());
        return new Elementwise(team, 1, op.out().size(), (values, row, from, length) -> {
            int at = out.at(values) + from;
            Arrays.fill(out.floats(), at, at + length, op.value());
        });
    }

    /** Each part is one row. */
    static Kernel selectRows(SelectRows op, Memory memory, Team team) {
        var mask = memory.view(op.mask());
        var source = memory.view(op.source());
        var out = memory.view(op.out());
        int rows = op.out().dim(0);
        int width = op.out().size() / rows;
        boolean perRow = op.source().size() == op.out().size();
        int n = perRow ? width : op.source().size();
        return new Parallel(team, rows, (values, row, worker) -> {
            if (mask.ints()[mask.at(values) + row] != 0) {
                int from = source.at(values) + (perRow ? row * width : 0);
                int to = out.at(values) + row * width;
                for (int column = 0; column < width; column += n) {
                    System.arraycopy(source.array(), from, out.array(), to + column, n);
                }
            }
        });
    }

    /** Each part adds to some elements. */
    static Kernel rowBroadcast(RowBroadcast.Forward op, Memory memory, Team team) {
        var row = memory.view(op.row());
        var x = memory.view(op.x());
        int width = op.x().dim(1);
        return new Elementwise(team, op.x().dim(0), width, (values, r, column, length) -> addAndScale(
                row.floats(), row.at(values) + column, op.scale(), x.floats(), x.at(values) + r * width + column,
                length));
    }

    private static void addAndScale(float[] row, int from, float scale, float[] x, int to, int n) {
        for (int i = 0; i < n; i++) {
            x[to + i] = scale * (x[to + i] + row[from + i]);
        }
    }

    /** Each part adds up some columns, row after row. */
    static Kernel rowBroadcastBackward(RowBroadcast.Backward op, Memory memory, Team team) {
        var dx = memory.view(op.dx());
        var dRow = memory.view(op.dRow());
        int width = op.dx().dim(1);
        return new Parallel(team, Math.ceilDiv(width, COLUMNS), (values, part, worker) -> {
            int column = part * COLUMNS;
            int count = Math.min(COLUMNS, width - column);
            int to = dRow.at(values) + column;
            for (int r = 0; r < op.dx().dim(0); r++) {
                addScaled(dx.floats(), dx.at(values) + r * width + column, op.scale(), dRow.floats(), to, count);
            }
        });
    }
}
