package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.ElementType;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.SelectRows;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Copies and sums, element by element. */
final class CopyKernels {

    private CopyKernels() {}

    /** out = a + b. Each thread computes one element. */
    static void add(int[] calls, int at, float[] a, float[] b, float[] out) {
        int row = calls[Calls.ROW] + at;
        int aAt = calls[row];
        int bAt = calls[row + 1];
        int outAt = calls[row + 2];
        int n = calls[row + 3];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            out[outAt + i] = a[aAt + i] + b[bAt + i];
        }
    }

    /** out = a + b + c. Each thread computes one element. */
    static void add3(int[] calls, int at, float[] a, float[] b, float[] c, float[] out) {
        int row = calls[Calls.ROW] + at;
        int aAt = calls[row];
        int bAt = calls[row + 1];
        int cAt = calls[row + 2];
        int outAt = calls[row + 3];
        int n = calls[row + 4];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            out[outAt + i] = a[aAt + i] + b[bAt + i] + c[cAt + i];
        }
    }

    /** out = value. Each thread sets one element. */
    static void fill(int[] calls, int at, float value, float[] out) {
        int row = calls[Calls.ROW] + at;
        int outAt = calls[row];
        int n = calls[row + 1];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            out[outAt + i] = value;
        }
    }

    /** to = keep * to + scale * from in some columns, keep 0 or 1. Each thread sets one element. */
    static void copyColumns(int[] calls, int at, float scale, int keep, float[] from, float[] to) {
        int row = calls[Calls.ROW] + at;
        int fromAt = calls[row];
        int toAt = calls[row + 1];
        int n = calls[row + 2];
        int width = calls[row + 3];
        int fromStart = calls[row + 4];
        int fromWidth = calls[row + 5];
        int toStart = calls[row + 6];
        int toWidth = calls[row + 7];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            int r = i / width;
            int c = i - r * width;
            float value = scale * from[fromAt + r * fromWidth + fromStart + c];
            int place = toAt + r * toWidth + toStart + c;
            if (keep == 1) {
                value += to[place];
            }
            to[place] = value;
        }
    }

    /** Each thread copies one element, if its row is chosen. */
    static void selectFloats(int[] calls, int at, int[] mask, float[] source, float[] out) {
        int row = calls[Calls.ROW] + at;
        int maskAt = calls[row];
        int sourceAt = calls[row + 1];
        int outAt = calls[row + 2];
        int n = calls[row + 3];
        int width = calls[row + 4];
        int sourceSize = calls[row + 5];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            if (mask[maskAt + i / width] != 0) {
                out[outAt + i] = source[sourceAt + i % sourceSize];
            }
        }
    }

    /** Each thread copies one element, if its row is chosen. */
    static void selectInts(int[] calls, int at, int[] mask, int[] source, int[] out) {
        int row = calls[Calls.ROW] + at;
        int maskAt = calls[row];
        int sourceAt = calls[row + 1];
        int outAt = calls[row + 2];
        int n = calls[row + 3];
        int width = calls[row + 4];
        int sourceSize = calls[row + 5];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            if (mask[maskAt + i / width] != 0) {
                out[outAt + i] = source[sourceAt + i % sourceSize];
            }
        }
    }

    /** x = scale * (x + values). Each thread sets one element. */
    static void rowBroadcast(int[] calls, int at, float scale, float[] values, float[] x) {
        int row = calls[Calls.ROW] + at;
        int valuesAt = calls[row];
        int xAt = calls[row + 1];
        int n = calls[row + 2];
        int width = calls[row + 3];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            x[xAt + i] = scale * (x[xAt + i] + values[valuesAt + i % width]);
        }
    }

    /** dRow += scale * the sum of the rows. Each thread sums one column. */
    static void rowBroadcastBackward(int[] calls, int at, float scale, float[] dx, float[] dRow) {
        int row = calls[Calls.ROW] + at;
        int dxAt = calls[row];
        int dRowAt = calls[row + 1];
        int width = calls[row + 2];
        int rows = calls[row + 3];
        for (@Parallel int i = 0; i < width; i++) {
            Calls.count(calls, i);
            float sum = 0;
            for (int r = 0; r < rows; r++) {
                sum += dx[dxAt + r * width + i];
            }
            dRow[dRowAt + i] += scale * sum;
        }
    }

    static Launch add(Add op) {
        var terms = op.terms();
        int[] sizes = {op.out().size()};
        return terms.size() == 2
                ? Launch.elementwise("add", List.of(terms.get(0), terms.get(1), op.out()), sizes, (graph, id, on) ->
                        graph.task(id, CopyKernels::add, on.calls(), on.at(), on.floats(0), on.floats(1), on.floats(2)))
                : Launch.elementwise(
                        "add", List.of(terms.get(0), terms.get(1), terms.get(2), op.out()), sizes, (graph, id, on) ->
                                graph.task(
                                        id, CopyKernels::add3, on.calls(), on.at(), on.floats(0), on.floats(1),
                                        on.floats(2), on.floats(3)));
    }

    static Launch fill(Fill op) {
        return Launch.elementwise("fill", List.of(op.out()), new int[] {op.out().size()}, (graph, id, on) ->
                graph.task(id, CopyKernels::fill, on.calls(), on.at(), op.value(), on.floats(0)));
    }

    static Launch copyColumns(CopyColumns op) {
        int[] sizes = {
            op.from().dim(0) * op.width(), op.width(), op.fromStart(), op.from().dim(1), op.toStart(), op.to().dim(1)
        };
        return Launch.elementwise("copyColumns", List.of(op.from(), op.to()), sizes, (graph, id, on) ->
                graph.task(
                        id, CopyKernels::copyColumns, on.calls(), on.at(), op.scale(), op.accumulate() ? 1 : 0,
                        on.floats(0), on.floats(1)));
    }

    static Launch selectRows(SelectRows op) {
        int n = op.out().size();
        int[] sizes = {n, n / op.out().dim(0), op.source().size()};
        var operands = List.of(op.mask(), op.source(), op.out());
        return op.out().buffer().type() == ElementType.F32
                ? Launch.elementwise("selectRows", operands, sizes, (graph, id, on) -> graph.task(
                        id, CopyKernels::selectFloats, on.calls(), on.at(), on.ints(0), on.floats(1), on.floats(2)))
                : Launch.elementwise("selectRows", operands, sizes, (graph, id, on) -> graph.task(
                        id, CopyKernels::selectInts, on.calls(), on.at(), on.ints(0), on.ints(1), on.ints(2)));
    }

    static Launch rowBroadcast(RowBroadcast.Forward op) {
        int[] sizes = {op.x().size(), op.x().dim(1)};
        return Launch.elementwise("rowBroadcast", List.of(op.row(), op.x()), sizes, (graph, id, on) ->
                graph.task(
                        id, CopyKernels::rowBroadcast, on.calls(), on.at(), op.scale(), on.floats(0), on.floats(1)));
    }

    static Launch rowBroadcastBackward(RowBroadcast.Backward op) {
        int[] sizes = {op.dx().dim(1), op.dx().dim(0)};
        return Launch.elementwise("rowBroadcast backward", List.of(op.dx(), op.dRow()), sizes, (graph, id, on) ->
                graph.task(
                        id, CopyKernels::rowBroadcastBackward, on.calls(), on.at(), op.scale(), on.floats(0),
                        on.floats(1)));
    }
}
