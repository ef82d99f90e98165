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
    static final class Sum implements Kernel {

        private final View a;
        private final View b;
        private final View c;
        private final View out;
        private final Segments segments;
        private int aAt;
        private int bAt;
        private int cAt;
        private int outAt;

        Sum(Add op, Memory memory, Team team) {
            a = memory.view(op.terms().get(0));
            b = memory.view(op.terms().get(1));
            c = op.terms().size() == 3 ? memory.view(op.terms().get(2)) : null;
            out = memory.view(op.out());
            segments = new Segments(team, 1, op.out().size(), this::segment);
        }

        @Override
        public void run(int[] values) {
            aAt = a.at(values);
            bAt = b.at(values);
            cAt = c == null ? 0 : c.at(values);
            outAt = out.at(values);
            segments.run();
        }

        private void segment(int row, int from, int length) {
            if (c == null) {
                add(a.floats(), aAt + from, b.floats(), bAt + from, out.floats(), outAt + from, length);
            } else {
                add(
                        a.floats(), aAt + from, b.floats(), bAt + from, c.floats(), cAt + from, out.floats(),
                        outAt + from, length);
            }
        }

        private static void add(float[] a, int aAt, float[] b, int bAt, float[] out, int outAt, int length) {
            for (int i = 0; i < length; i++) {
                out[outAt + i] = a[aAt + i] + b[bAt + i];
            }
        }

        private static void add(
                float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, float[] out, int outAt, int length) {
            for (int i = 0; i < length; i++) {
                out[outAt + i] = a[aAt + i] + b[bAt + i] + c[cAt + i];
            }
        }
    }

    /** Each part copies some elements. */
    static Kernel copyColumns(CopyColumns op, Memory memory, Team team) {
        var from = memory.view(op.from());
        var to = memory.view(op.to());
        var places = new int[2];
        var segments = new Segments(team, op.from().dim(0), op.width(), (row, column, length) -> {
            int source = places[0] + row * op.from().dim(1) + op.fromStart() + column;
            int target = places[1] + row * op.to().dim(1) + op.toStart() + column;
            if (op.accumulate()) {
                EmbeddingKernels.addScaled(from.floats(), source, op.scale(), to.floats(), target, length);
            } else {
                EmbeddingKernels.scale(from.floats(), source, op.scale(), to.floats(), target, length);
            }
        });
        return values -> {
            places[0] = from.at(values);
            places[1] = to.at(values);
            segments.run();
        };
    }

    /** Each part fills some elements. */
    static Kernel fill(Fill op, Memory memory, Team team) {
        var out = memory.view(op.out());
        var place = new int[1];
        var segments = new Segments(
                team, 1, op.out().size(),
                (row, from, length) ->
                        Arrays.fill(out.floats(), place[0] + from, place[0] + from + length, op.value()));
        return values -> {
            place[0] = out.at(values);
            segments.run();
        };
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
        return values -> {
            int maskAt = mask.at(values);
            int sourceAt = source.at(values);
            int outAt = out.at(values);
            team.run(rows, (row, worker) -> {
                if (mask.ints()[maskAt + row] != 0) {
                    int from = sourceAt + (perRow ? row * width : 0);
                    for (int column = 0; column < width; column += n) {
                        System.arraycopy(source.array(), from, out.array(), outAt + row * width + column, n);
                    }
                }
            });
        };
    }

    /** Each part adds to some elements. */
    static Kernel rowBroadcast(RowBroadcast.Forward op, Memory memory, Team team) {
        var row = memory.view(op.row());
        var x = memory.view(op.x());
        int width = op.x().dim(1);
        var places = new int[2];
        var segments = new Segments(team, op.x().dim(0), width, (r, column, length) -> {
            var rows = row.floats();
            var xs = x.floats();
            int from = places[0] + column;
            int to = places[1] + r * width + column;
            for (int i = 0; i < length; i++) {
                xs[to + i] = op.scale() * (xs[to + i] + rows[from + i]);
            }
        });
        return values -> {
            places[0] = row.at(values);
            places[1] = x.at(values);
            segments.run();
        };
    }

    /** Each part adds up some columns, row after row. */
    static Kernel rowBroadcastBackward(RowBroadcast.Backward op, Memory memory, Team team) {
        var dx = memory.view(op.dx());
        var dRow = memory.view(op.dRow());
        int width = op.dx().dim(1);
        return values -> {
            int dxAt = dx.at(values);
            int dRowAt = dRow.at(values);
            team.run(Math.ceilDiv(width, COLUMNS), (part, worker) -> {
                int column = part * COLUMNS;
                int count = Math.min(COLUMNS, width - column);
                for (int r = 0; r < op.dx().dim(0); r++) {
                    EmbeddingKernels.addScaled(
                            dx.floats(), dxAt + r * width + column, op.scale(), dRow.floats(), dRowAt + column,
                            count);
                }
            });
        };
    }
}
