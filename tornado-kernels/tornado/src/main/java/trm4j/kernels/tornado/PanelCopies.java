package trm4j.kernels.tornado;

import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Copies of operands for {@link MatMulPanels}, to what a thread reads from one end to the other. */
final class PanelCopies {

    private PanelCopies() {}

    /** Rows of b of a thread, and panels. */
    private static final int DOWN = 16;
    private static final int ACROSS = 8;

    /** Columns of columns. */
    private static final class ColumnsRow {
        static final int B = 0, TO = 1, THREADS = 2, PANELS = 3, K = 4, COLUMNS = 5, B_ROW = 6, B_COLUMN = 7,
                END = 8;
    }

    /**
     * b in panels of 32 columns, zeros beyond the last. Each thread copies 16 rows of 8 panels, which are whole lines
     * of a cache whichever way b is stored.
     */
    static void columns(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int threads = ints[row + ColumnsRow.THREADS];
        int panels = ints[row + ColumnsRow.PANELS];
        int k = ints[row + ColumnsRow.K];
        int columns = ints[row + ColumnsRow.COLUMNS];
        int bRow = ints[row + ColumnsRow.B_ROW];
        int bColumn = ints[row + ColumnsRow.B_COLUMN];
        int parts = (panels + ACROSS - 1) / ACROSS;
        int steps = (k + DOWN - 1) / DOWN;
        for (@Parallel int i = 0; i < threads; i++) {
            CallTable.count(ints, i);
            int line = i / parts;
            int part = i - line * parts;
            int product = line / steps;
            int top = (line - product * steps) * DOWN;
            for (int panel = part * ACROSS; panel < Math.min((part + 1) * ACROSS, panels); panel++) {
                int first = panel * Lanes.WIDE;
                for (int q = top; q < Math.min(top + DOWN, k); q++) {
                    int from = ints[row + ColumnsRow.B] + product * k * columns + q * bRow + first * bColumn;
                    int to = ints[row + ColumnsRow.TO] + ((product * panels + panel) * k + q) * Lanes.WIDE;
                    if (bColumn == 1 && first + Lanes.WIDE <= columns) {
                        Lanes.store(f, to, Lanes.load(f, from));
                        Lanes.store(f, to + Lanes.COUNT, Lanes.load(f, from + Lanes.COUNT));
                    } else {
                        for (int c = 0; c < Lanes.WIDE; c++) {
                            float value = 0f;
                            if (first + c < columns) {
                                value = f[from + c * bColumn];
                            }
                            f[to + c] = value;
                        }
                    }
                }
            }
        }
    }

    /** Columns of rows. */
    private static final class RowsRow {
        static final int A = 0, TO = 1, THREADS = 2, ROWS = 3, K = 4, BLOCKS = 5, END = 6;
    }

    /**
     * a, stored as its transpose, in panels of 8 rows, with anything in the rows beyond the last. Each thread copies
     * 8 columns, 16 rows at a time, which are eight whole lines of a cache.
     */
    static void rows(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int threads = ints[row + RowsRow.THREADS];
        int rows = ints[row + RowsRow.ROWS];
        int k = ints[row + RowsRow.K];
        int blocks = ints[row + RowsRow.BLOCKS];
        int steps = (k + MatMulPanels.TALL - 1) / MatMulPanels.TALL;
        for (@Parallel int line = 0; line < threads; line++) {
            CallTable.count(ints, line);
            int product = line / steps;
            int first = (line - product * steps) * MatMulPanels.TALL;
            for (int r0 = 0; r0 < rows; r0 += Lanes.COUNT) {
                int to = ints[row + RowsRow.TO] + (product * blocks * Lanes.COUNT + r0) * k;
                for (int q = first; q < Math.min(first + MatMulPanels.TALL, k); q++) {
                    int from = ints[row + RowsRow.A] + (product * k + q) * rows;
                    for (int r = 0; r < Lanes.COUNT; r++) {
                        int panel = r / MatMulPanels.TALL;
                        int inPanel = (panel * k + q) * MatMulPanels.TALL + r % MatMulPanels.TALL;
                        f[to + inPanel] = f[from + Math.min(r0 + r, rows - 1)];
                    }
                }
            }
        }
    }

    /** Columns of trim. */
    private static final class TrimRow {
        static final int FROM = 0, C = 1, N = 2, COLUMNS = 3, PADDED = 4, KEEP = 5, END = 6;
    }

    /** c = keep * c + the product without what lies beyond c's columns. Each thread sets one element. */
    static void trim(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + TrimRow.N];
        int columns = ints[row + TrimRow.COLUMNS];
        int padded = ints[row + TrimRow.PADDED];
        int keep = ints[row + TrimRow.KEEP];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int r = i / columns;
            float value = f[ints[row + TrimRow.FROM] + r * padded + i - r * columns];
            if (keep == 1) {
                value += f[ints[row + TrimRow.C] + i];
            }
            f[ints[row + TrimRow.C] + i] = value;
        }
    }

    /** b to its panels. */
    static Launch columns(MatMul op, Tensor b) {
        int panels = Math.ceilDiv(op.n(), Lanes.WIDE);
        int products = b.size() / (panels * Lanes.WIDE * op.k());
        int threads = products * Math.ceilDiv(op.k(), DOWN) * Math.ceilDiv(panels, ACROSS);
        return Launch.of("matmul pack", ColumnsRow.END)
                .operand(ColumnsRow.B, op.b())
                .operand(ColumnsRow.TO, b)
                .size(ColumnsRow.THREADS, threads)
                .size(ColumnsRow.PANELS, panels)
                .size(ColumnsRow.K, op.k())
                .size(ColumnsRow.COLUMNS, op.n())
                .size(ColumnsRow.B_ROW, op.transposeB() ? 1 : op.n())
                .size(ColumnsRow.B_COLUMN, op.transposeB() ? op.k() : 1)
                .on(Threads.alone(threads), caller -> caller.loop(PanelCopies::columns));
    }

    /** a to its panels. */
    static Launch rows(MatMul op, Tensor a) {
        int blocks = Math.ceilDiv(op.m(), Lanes.COUNT);
        int products = a.size() / (blocks * Lanes.COUNT * op.k());
        int threads = products * Math.ceilDiv(op.k(), MatMulPanels.TALL);
        return Launch.of("matmul pack rows", RowsRow.END)
                .operand(RowsRow.A, op.a())
                .operand(RowsRow.TO, a)
                .size(RowsRow.THREADS, threads)
                .size(RowsRow.ROWS, op.m())
                .size(RowsRow.K, op.k())
                .size(RowsRow.BLOCKS, blocks)
                .on(Threads.alone(threads), caller -> caller.loop(PanelCopies::rows));
    }

    /** The product without what lies beyond c's columns, to c. */
    static Launch trim(MatMul op, Tensor padded) {
        int n = op.c().size();
        return Launch.of("matmul trim", TrimRow.END)
                .operand(TrimRow.FROM, padded)
                .operand(TrimRow.C, op.c())
                .size(TrimRow.N, n)
                .size(TrimRow.COLUMNS, op.n())
                .size(TrimRow.PADDED, padded.dim(-1))
                .size(TrimRow.KEEP, op.accumulate() ? 1 : 0)
                .on(Threads.of(n), caller -> caller.loop(PanelCopies::trim));
    }
}
