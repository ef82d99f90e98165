package trm4j.kernels.cpu;

import java.util.Arrays;
import trm4j.kernels.Bfloat16;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.ScaleRows;
import trm4j.kernels.op.SelectRows;

/** Kernels that move numbers and add them: plain loops, which the JIT compiler vectorizes. */
final class CopyKernels {

    private static final int COLUMNS = 64;

    private CopyKernels() {}

    /** Each part adds some elements. */
    static Kernel add(Add op, Memory memory, Team team, Spaces spaces) {
        var a = memory.view(op.terms().get(0));
        var b = memory.view(op.terms().get(1));
        var c = op.terms().size() == 3 ? memory.view(op.terms().get(2)) : null;
        var out = memory.view(op.out());
        return new Elementwise(team, 1, op.out().size(), spaces.part(op), (values, row, from, length, worker) -> {
            var space = spaces.of(worker);
            int aAt = a.at(values) + from;
            int bAt = b.at(values) + from;
            int to = out.at(values) + from;
            var x = a.read(aAt, length, space[0]);
            var y = b.read(bAt, length, space[1]);
            var sum = out.target(space[2]);
            if (c == null) {
                add(x, a.place(aAt), y, b.place(bAt), sum, out.place(to), length);
            } else {
                int cAt = c.at(values) + from;
                var z = c.read(cAt, length, space[3]);
                if (out.rounds()) {
                    add(y, b.place(bAt), z, c.place(cAt), sum, 0, length);
                    Halves.round(sum, 0, length);
                    add(x, a.place(aAt), sum, 0, sum, 0, length);
                } else {
                    add(x, a.place(aAt), y, b.place(bAt), z, c.place(cAt), sum, out.place(to), length);
                }
            }
            out.write(sum, to, length);
        });
    }

    static void add(float[] a, int aAt, float[] b, int bAt, float[] out, int to, int n) {
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
    static Kernel copyColumns(CopyColumns op, Memory memory, Team team, Spaces spaces) {
        var from = memory.view(op.from());
        var to = memory.view(op.to());
        boolean plain = from.rounds() && to.rounds() && op.scale() == 1 && !op.accumulate();
        int rows = op.from().dim(0);
        return new Elementwise(team, rows, op.width(), spaces.part(op), (values, row, column, length, worker) -> {
            int source = from.at(values) + row * op.from().dim(1) + op.fromStart() + column;
            int target = to.at(values) + row * op.to().dim(1) + op.toStart() + column;
            if (plain) {
                System.arraycopy(from.array(), source, to.array(), target, length);
                return;
            }
            var space = spaces.of(worker);
            var in = from.read(source, length, space[0]);
            var out = op.accumulate() ? to.read(target, length, space[1]) : to.target(space[1]);
            float scale = op.scale();
            if (from.rounds() && scale != 1) {
                scale(in, 0, scale, in, 0, length);
                Halves.round(in, 0, length);
                scale = 1;
            }
            if (op.accumulate()) {
                addScaled(in, from.place(source), scale, out, to.place(target), length);
            } else {
                scale(in, from.place(source), scale, out, to.place(target), length);
            }
            to.write(out, target, length);
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

    /** Each part scales some elements of a row. */
    static Kernel scaleRows(ScaleRows op, Memory memory, Team team, Spaces spaces) {
        var factors = memory.view(op.factors());
        var x = memory.view(op.x());
        int width = op.x().dim(1);
        return new Elementwise(
                team, op.x().dim(0), width, spaces.part(op), (values, row, column, length, worker) -> {
            int at = x.at(values) + row * width + column;
            var numbers = x.read(at, length, spaces.of(worker)[0]);
            scale(numbers, x.place(at), factors.floats()[factors.at(values) + row], numbers, x.place(at), length);
            x.write(numbers, at, length);
        });
    }

    /** Each part fills some elements. */
    static Kernel fill(Fill op, Memory memory, Team team) {
        var out = memory.view(op.out());
        return new Elementwise(team, 1, op.out().size(), (values, row, from, length, worker) -> {
            int at = out.at(values) + from;
            if (out.array() instanceof short[] numbers) {
                Arrays.fill(numbers, at, at + length, Bfloat16.of(op.value()));
            } else {
                Arrays.fill(out.floats(), at, at + length, op.value());
            }
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
        boolean narrows = out.rounds() && !source.rounds();
        return new Parallel(team, rows, (values, row, worker) -> {
            if (mask.ints()[mask.at(values) + row] != 0) {
                int from = source.at(values) + (perRow ? row * width : 0);
                int to = out.at(values) + row * width;
                for (int column = 0; column < width; column += n) {
                    if (narrows) {
                        Halves.narrow(source.floats(), from, (short[]) out.array(), to + column, n);
                    } else {
                        System.arraycopy(source.array(), from, out.array(), to + column, n);
                    }
                }
            }
        });
    }

    /** Each part adds to some elements. */
    static Kernel rowBroadcast(RowBroadcast.Forward op, Memory memory, Team team, Spaces spaces) {
        var row = memory.view(op.row());
        var x = memory.view(op.x());
        int width = op.x().dim(1);
        int rows = op.x().dim(0);
        return new Elementwise(team, rows, width, spaces.part(op), (values, r, column, length, worker) -> {
            int from = row.at(values) + column;
            int at = x.at(values) + r * width + column;
            if (x.rounds()) {
                var space = spaces.of(worker);
                System.arraycopy(row.read(from, length, space[0]), row.place(from), space[0], 0, length);
                Halves.round(space[0], 0, length);
                var sum = x.read(at, length, space[1]);
                add(sum, 0, space[0], 0, sum, 0, length);
                Halves.round(sum, 0, length);
                scale(sum, 0, op.scale(), sum, 0, length);
                x.write(sum, at, length);
            } else {
                addAndScale(row.floats(), from, op.scale(), x.floats(), at, length);
            }
        });
    }

    private static void addAndScale(float[] row, int from, float scale, float[] x, int to, int n) {
        for (int i = 0; i < n; i++) {
            x[to + i] = scale * (x[to + i] + row[from + i]);
        }
    }

    /** Each part adds up some columns, row after row. */
    static Kernel rowBroadcastBackward(RowBroadcast.Backward op, Memory memory, Team team, Spaces spaces) {
        var dx = memory.view(op.dx());
        var dRow = memory.view(op.dRow());
        int width = op.dx().dim(1);
        return new Parallel(team, Math.ceilDiv(width, COLUMNS), (values, part, worker) -> {
            int column = part * COLUMNS;
            int count = Math.min(COLUMNS, width - column);
            int to = dRow.at(values) + column;
            var space = spaces.of(worker);
            var sum = dx.rounds() ? space[0] : dRow.floats();
            int sumAt = dx.rounds() ? 0 : to;
            if (dx.rounds()) {
                Arrays.fill(sum, 0, count, 0f);
            }
            for (int r = 0; r < op.dx().dim(0); r++) {
                int at = dx.at(values) + r * width + column;
                addScaled(dx.read(at, count, space[1]), dx.place(at), op.scale(), sum, sumAt, count);
            }
            if (dx.rounds()) {
                Halves.round(sum, 0, count);
                add(sum, 0, dRow.floats(), to, dRow.floats(), to, count);
            }
        });
    }
}
