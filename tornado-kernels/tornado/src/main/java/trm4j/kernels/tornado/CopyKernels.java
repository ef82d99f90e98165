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
    static void add(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int aAt = ints[row];
        int bAt = ints[row + 1];
        int outAt = ints[row + 2];
        int n = ints[row + 3];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            f[outAt + i] = f[aAt + i] + f[bAt + i];
        }
    }

    /** out = a + b + c. Each thread computes one element. */
    static void add3(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int aAt = ints[row];
        int bAt = ints[row + 1];
        int cAt = ints[row + 2];
        int outAt = ints[row + 3];
        int n = ints[row + 4];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            f[outAt + i] = f[aAt + i] + f[bAt + i] + f[cAt + i];
        }
    }

    /** out = value. Each thread sets one element. */
    static void fill(int[] ints, int at, float value, float[] f) {
        int row = ints[Calls.ROW] + at;
        int outAt = ints[row];
        int n = ints[row + 1];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            f[outAt + i] = value;
        }
    }

    /** to = keep * to + scale * from in some columns, keep 0 or 1. Each thread sets one element. */
    static void copyColumns(int[] ints, int at, float scale, int keep, float[] f) {
        int row = ints[Calls.ROW] + at;
        int fromAt = ints[row];
        int toAt = ints[row + 1];
        int n = ints[row + 2];
        int width = ints[row + 3];
        int fromStart = ints[row + 4];
        int fromWidth = ints[row + 5];
        int toStart = ints[row + 6];
        int toWidth = ints[row + 7];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int r = i / width;
            int c = i - r * width;
            float value = scale * f[fromAt + r * fromWidth + fromStart + c];
            int place = toAt + r * toWidth + toStart + c;
            if (keep == 1) {
                value += f[place];
            }
            f[place] = value;
        }
    }

    /** All elements, for processors. Each thread copies 16, or those after the last 16. */
    static void copyVectors(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int n = ints[row + 2];
        int size = ints[row + 3];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int from = ints[row] + i * Lanes.COUNT;
            int to = ints[row + 1] + i * Lanes.COUNT;
            int left = size - i * Lanes.COUNT;
            if (left >= Lanes.COUNT) {
                Lanes.store(f, to, Lanes.load(f, from));
            } else {
                for (int e = 0; e < left; e++) {
                    f[to + e] = f[from + e];
                }
            }
        }
    }

    /** Each thread copies one element, if its row is chosen. */
    static void selectFloats(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int maskAt = ints[row];
        int sourceAt = ints[row + 1];
        int outAt = ints[row + 2];
        int n = ints[row + 3];
        int width = ints[row + 4];
        int sourceSize = ints[row + 5];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            if (ints[maskAt + i / width] != 0) {
                f[outAt + i] = f[sourceAt + i % sourceSize];
            }
        }
    }

    /** Each thread copies one element, if its row is chosen. */
    static void selectInts(int[] ints, int at) {
        int row = ints[Calls.ROW] + at;
        int maskAt = ints[row];
        int sourceAt = ints[row + 1];
        int outAt = ints[row + 2];
        int n = ints[row + 3];
        int width = ints[row + 4];
        int sourceSize = ints[row + 5];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            if (ints[maskAt + i / width] != 0) {
                ints[outAt + i] = ints[sourceAt + i % sourceSize];
            }
        }
    }

    /** x = scale * (x + values). Each thread sets one element. */
    static void rowBroadcast(int[] ints, int at, float scale, float[] f) {
        int row = ints[Calls.ROW] + at;
        int valuesAt = ints[row];
        int xAt = ints[row + 1];
        int n = ints[row + 2];
        int width = ints[row + 3];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            f[xAt + i] = scale * (f[xAt + i] + f[valuesAt + i % width]);
        }
    }

    /** dRow += scale * the sum of the rows. Each thread sums one column. */
    static void rowBroadcastBackward(int[] ints, int at, float scale, float[] f) {
        int row = ints[Calls.ROW] + at;
        int dxAt = ints[row];
        int dRowAt = ints[row + 1];
        int width = ints[row + 2];
        int rows = ints[row + 3];
        for (@Parallel int i = 0; i < width; i++) {
            Calls.count(ints, i);
            float sum = 0;
            for (int r = 0; r < rows; r++) {
                sum += f[dxAt + r * width + i];
            }
            f[dRowAt + i] += scale * sum;
        }
    }

    static Launch add(Add op) {
        var terms = op.terms();
        int[] sizes = {op.out().size()};
        return terms.size() == 2
                ? Launch.elementwise("add", List.of(terms.get(0), terms.get(1), op.out()), sizes, (graph, id, on) ->
                        graph.task(id, CopyKernels::add, on.ints(), on.at(), on.floats()))
                : Launch.elementwise(
                        "add", List.of(terms.get(0), terms.get(1), terms.get(2), op.out()), sizes, (graph, id, on) ->
                                graph.task(
                                        id, CopyKernels::add3, on.ints(), on.at(), on.floats()));
    }

    static Launch fill(Fill op) {
        return Launch.elementwise("fill", List.of(op.out()), new int[] {op.out().size()}, (graph, id, on) ->
                graph.task(id, CopyKernels::fill, on.ints(), on.at(), op.value(), on.floats()));
    }

    static Launch copyColumns(CopyColumns op, Traits device) {
        if (isWhole(op) && !device.gpu()) {
            int[] sizes = {Math.ceilDiv(op.from().size(), Lanes.COUNT), op.from().size()};
            return Launch.elementwise("copy", List.of(op.from(), op.to()), sizes, (graph, id, on) ->
                    graph.task(id, CopyKernels::copyVectors, on.ints(), on.at(), on.floats()));
        }
        int[] sizes = {
            op.from().dim(0) * op.width(), op.width(), op.fromStart(), op.from().dim(1), op.toStart(), op.to().dim(1)
        };
        return Launch.elementwise("copyColumns", List.of(op.from(), op.to()), sizes, (graph, id, on) ->
                graph.task(
                        id, CopyKernels::copyColumns, on.ints(), on.at(), op.scale(), op.accumulate() ? 1 : 0,
                        on.floats()));
    }

    /** Whether one tensor becomes another as it is. */
    static boolean isWhole(CopyColumns op) {
        return op.width() == op.from().dim(1) && op.width() == op.to().dim(1) && op.scale() == 1 && !op.accumulate();
    }

    static Launch selectRows(SelectRows op) {
        int n = op.out().size();
        int[] sizes = {n, n / op.out().dim(0), op.source().size()};
        var operands = List.of(op.mask(), op.source(), op.out());
        return op.out().buffer().type() == ElementType.F32
                ? Launch.elementwise("selectRows", operands, sizes, (graph, id, on) -> graph.task(
                        id, CopyKernels::selectFloats, on.ints(), on.at(), on.floats()))
                : Launch.elementwise("selectRows", operands, sizes, (graph, id, on) -> graph.task(
                        id, CopyKernels::selectInts, on.ints(), on.at()));
    }

    static Launch rowBroadcast(RowBroadcast.Forward op) {
        int[] sizes = {op.x().size(), op.x().dim(1)};
        return Launch.elementwise("rowBroadcast", List.of(op.row(), op.x()), sizes, (graph, id, on) ->
                graph.task(
                        id, CopyKernels::rowBroadcast, on.ints(), on.at(), op.scale(), on.floats()));
    }

    static Launch rowBroadcastBackward(RowBroadcast.Backward op) {
        int[] sizes = {op.dx().dim(1), op.dx().dim(0)};
        return Launch.elementwise("rowBroadcast backward", List.of(op.dx(), op.dRow()), sizes, (graph, id, on) ->
                graph.task(
                        id, CopyKernels::rowBroadcastBackward, on.ints(), on.at(), op.scale(), on.floats()));
    }
}
