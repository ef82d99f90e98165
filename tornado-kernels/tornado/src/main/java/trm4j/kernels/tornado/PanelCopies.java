package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Copies of operands for {@link MatMulPanels}, to what a thread reads from one end to the other. */
final class PanelCopies {

    private PanelCopies() {}

    /** b in panels of 32 columns, zeros beyond the last. Each thread copies 16 elements of a row. */
    static void columns(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int n = ints[row + 2];
        int panels = ints[row + 3];
        int k = ints[row + 4];
        int columns = ints[row + 5];
        int bRow = ints[row + 6];
        int bColumn = ints[row + 7];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int line = i / 2;
            int panel = line / k;
            int q = line - panel * k;
            int product = panel / panels;
            int first = (panel - product * panels) * Lanes.WIDE + (i - 2 * line) * Lanes.COUNT;
            int from = ints[row] + product * k * columns + q * bRow;
            int to = ints[row + 1] + i * Lanes.COUNT;
            for (int c = 0; c < Lanes.COUNT; c++) {
                float value = 0f;
                if (first + c < columns) {
                    value = f[from + (first + c) * bColumn];
                }
                f[to + c] = value;
            }
        }
    }

    /**
     * a, stored as its transpose, in panels of 4 rows, with anything in the rows beyond the last. Each thread copies
     * 16 rows of 4 columns, which are four whole lines of a cache.
     */
    static void rows(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int n = ints[row + 2];
        int rows = ints[row + 3];
        int k = ints[row + 4];
        int blocks = ints[row + 5];
        int steps = (k + MatMulPanels.TALL - 1) / MatMulPanels.TALL;
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int line = i / blocks;
            int product = line / steps;
            int first = (line - product * steps) * MatMulPanels.TALL;
            int r0 = (i - line * blocks) * Lanes.COUNT;
            int to = ints[row + 1] + (product * blocks * Lanes.COUNT + r0) * k;
            for (int q = first; q < Math.min(first + MatMulPanels.TALL, k); q++) {
                int from = ints[row] + (product * k + q) * rows;
                for (int r = 0; r < Lanes.COUNT; r++) {
                    int panel = r / MatMulPanels.TALL;
                    int inPanel = (panel * k + q) * MatMulPanels.TALL + r % MatMulPanels.TALL;
                    f[to + inPanel] = f[from + Math.min(r0 + r, rows - 1)];
                }
            }
        }
    }

    /** c = keep * c + the product without what lies beyond c's columns. Each thread sets one element. */
    static void trim(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int n = ints[row + 2];
        int columns = ints[row + 3];
        int padded = ints[row + 4];
        int keep = ints[row + 5];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int r = i / columns;
            float value = f[ints[row] + r * padded + i - r * columns];
            if (keep == 1) {
                value += f[ints[row + 1] + i];
            }
            f[ints[row + 1] + i] = value;
        }
    }

    /** b to its panels. */
    static Launch columns(MatMul op, Tensor b) {
        int wide = Math.ceilDiv(op.n(), Lanes.WIDE);
        int[] sizes = {
            b.size() / Lanes.COUNT, wide, op.k(), op.n(), op.transposeB() ? 1 : op.n(), op.transposeB() ? op.k() : 1
        };
        return Launch.elementwise("matmul pack", List.of(op.b(), b), sizes, (graph, id, on) ->
                graph.task(id, PanelCopies::columns, on.ints(), on.at(), on.floats()));
    }

    /** a to its panels. */
    static Launch rows(MatMul op, Tensor a) {
        int blocks = Math.ceilDiv(op.m(), Lanes.COUNT);
        int products = a.size() / (blocks * Lanes.COUNT * op.k());
        int[] sizes = {products * Math.ceilDiv(op.k(), MatMulPanels.TALL) * blocks, op.m(), op.k(), blocks};
        return Launch.elementwise("matmul pack rows", List.of(op.a(), a), sizes, (graph, id, on) ->
                graph.task(id, PanelCopies::rows, on.ints(), on.at(), on.floats()));
    }

    /** The product without what lies beyond c's columns, to c. */
    static Launch trim(MatMul op, Tensor padded) {
        int[] sizes = {op.c().size(), op.n(), padded.dim(-1), op.accumulate() ? 1 : 0};
        return Launch.elementwise("matmul trim", List.of(padded, op.c()), sizes, (graph, id, on) ->
                graph.task(id, PanelCopies::trim, on.ints(), on.at(), on.floats()));
    }
}
