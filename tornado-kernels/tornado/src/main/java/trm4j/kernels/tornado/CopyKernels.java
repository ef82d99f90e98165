package trm4j.kernels.tornado;

import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.ScaleRows;
import trm4j.kernels.op.SelectRows;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Copies and sums, element by element. */
final class CopyKernels {

    private CopyKernels() {}

    /** Columns of add. */
    private static final class AddRow {
        static final int A = 0, B = 1, OUT = 2, N = 3, END = 4;
    }

    /** out = a + b. Each thread computes one element. */
    static void add(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int aAt = ints[row + AddRow.A];
        int bAt = ints[row + AddRow.B];
        int outAt = ints[row + AddRow.OUT];
        int n = ints[row + AddRow.N];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            f[outAt + i] = f[aAt + i] + f[bAt + i];
        }
    }

    /** Columns of add3. */
    private static final class Add3Row {
        static final int A = 0, B = 1, C = 2, OUT = 3, N = 4, END = 5;
    }

    /** out = a + (b + c). Each thread computes one element. */
    static void add3(int[] ints, int at, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int aAt = ints[row + Add3Row.A];
        int bAt = ints[row + Add3Row.B];
        int cAt = ints[row + Add3Row.C];
        int outAt = ints[row + Add3Row.OUT];
        int n = ints[row + Add3Row.N];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            f[outAt + i] = f[aAt + i] + Rounding.of(f[bAt + i] + f[cAt + i], rounds);
        }
    }

    /** Columns of fill. */
    private static final class FillRow {
        static final int OUT = 0, N = 1, END = 2;
    }

    /** out = value. Each thread sets one element. */
    static void fill(int[] ints, int at, float value, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int outAt = ints[row + FillRow.OUT];
        int n = ints[row + FillRow.N];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            f[outAt + i] = value;
        }
    }

    /** Columns of copyColumns. */
    private static final class ColumnsRow {
        static final int FROM = 0, TO = 1, N = 2, WIDTH = 3, FROM_START = 4, FROM_WIDTH = 5, TO_START = 6,
                TO_WIDTH = 7, END = 8;
    }

    /** to = keep * to + scale * from in some columns, keep 0 or 1. Each thread sets one element. */
    static void copyColumns(int[] ints, int at, float scale, int keep, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int fromAt = ints[row + ColumnsRow.FROM];
        int toAt = ints[row + ColumnsRow.TO];
        int n = ints[row + ColumnsRow.N];
        int width = ints[row + ColumnsRow.WIDTH];
        int fromStart = ints[row + ColumnsRow.FROM_START];
        int fromWidth = ints[row + ColumnsRow.FROM_WIDTH];
        int toStart = ints[row + ColumnsRow.TO_START];
        int toWidth = ints[row + ColumnsRow.TO_WIDTH];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int r = i / width;
            int c = i - r * width;
            float value = Rounding.of(scale * f[fromAt + r * fromWidth + fromStart + c], rounds);
            int place = toAt + r * toWidth + toStart + c;
            if (keep == 1) {
                value += f[place];
            }
            f[place] = value;
        }
    }

    /** Columns of copyVectors. */
    private static final class VectorsRow {
        static final int FROM = 0, TO = 1, N = 2, SIZE = 3, END = 4;
    }

    /** All elements, for processors. Each thread copies some vectors of 16, or what is left after the last. */
    static void copyVectors(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + VectorsRow.N];
        int size = ints[row + VectorsRow.SIZE];
        int threads = (n + Lanes.SHARE - 1) / Lanes.SHARE;
        for (@Parallel int t = 0; t < threads; t++) {
            CallTable.count(ints, t);
            for (int i = t * Lanes.SHARE; i < Math.min((t + 1) * Lanes.SHARE, n); i++) {
                int from = ints[row + VectorsRow.FROM] + i * Lanes.COUNT;
                int to = ints[row + VectorsRow.TO] + i * Lanes.COUNT;
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
    }

    /** Columns of scaleRows. */
    private static final class ScaleRow {
        static final int FACTORS = 0, X = 1, N = 2, WIDTH = 3, END = 4;
    }

    /** x = its row's factor * x. Each thread sets one element. */
    static void scaleRows(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int factorsAt = ints[row + ScaleRow.FACTORS];
        int xAt = ints[row + ScaleRow.X];
        int n = ints[row + ScaleRow.N];
        int width = ints[row + ScaleRow.WIDTH];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            f[xAt + i] = f[factorsAt + i / width] * f[xAt + i];
        }
    }

    /** Columns of selectFloats and selectInts. */
    private static final class SelectRow {
        static final int MASK = 0, SOURCE = 1, OUT = 2, N = 3, WIDTH = 4, SOURCE_SIZE = 5, END = 6;
    }

    /** Each thread copies one element, if its row is chosen. */
    static void selectFloats(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int maskAt = ints[row + SelectRow.MASK];
        int sourceAt = ints[row + SelectRow.SOURCE];
        int outAt = ints[row + SelectRow.OUT];
        int n = ints[row + SelectRow.N];
        int width = ints[row + SelectRow.WIDTH];
        int sourceSize = ints[row + SelectRow.SOURCE_SIZE];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            if (ints[maskAt + i / width] != 0) {
                f[outAt + i] = f[sourceAt + i % sourceSize];
            }
        }
    }

    /** Each thread copies one element, if its row is chosen. */
    static void selectInts(int[] ints, int at) {
        int row = ints[CallTable.ROW] + at;
        int maskAt = ints[row + SelectRow.MASK];
        int sourceAt = ints[row + SelectRow.SOURCE];
        int outAt = ints[row + SelectRow.OUT];
        int n = ints[row + SelectRow.N];
        int width = ints[row + SelectRow.WIDTH];
        int sourceSize = ints[row + SelectRow.SOURCE_SIZE];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            if (ints[maskAt + i / width] != 0) {
                ints[outAt + i] = ints[sourceAt + i % sourceSize];
            }
        }
    }

    /** Columns of rowBroadcast. */
    private static final class BroadcastRow {
        static final int VALUES = 0, X = 1, N = 2, WIDTH = 3, END = 4;
    }

    /** x = scale * (x + values). Each thread sets one element. */
    static void rowBroadcast(int[] ints, int at, float scale, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int valuesAt = ints[row + BroadcastRow.VALUES];
        int xAt = ints[row + BroadcastRow.X];
        int n = ints[row + BroadcastRow.N];
        int width = ints[row + BroadcastRow.WIDTH];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            float value = Rounding.of(f[valuesAt + i % width], rounds);
            f[xAt + i] = scale * Rounding.of(f[xAt + i] + value, rounds);
        }
    }

    /** Columns of rowBroadcastBackward. */
    private static final class BroadcastBackwardRow {
        static final int DX = 0, D_ROW = 1, WIDTH = 2, ROWS = 3, END = 4;
    }

    /** dRow += scale * the sum of the rows. Each thread sums one column. */
    static void rowBroadcastBackward(int[] ints, int at, float scale, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int dxAt = ints[row + BroadcastBackwardRow.DX];
        int dRowAt = ints[row + BroadcastBackwardRow.D_ROW];
        int width = ints[row + BroadcastBackwardRow.WIDTH];
        int rows = ints[row + BroadcastBackwardRow.ROWS];
        for (@Parallel int i = 0; i < width; i++) {
            CallTable.count(ints, i);
            float sum = 0;
            for (int r = 0; r < rows; r++) {
                sum += f[dxAt + r * width + i];
            }
            f[dRowAt + i] += Rounding.of(scale * sum, rounds);
        }
    }

    /** out = a + b; it may be one of them. */
    static Launch sum(Tensor a, Tensor b, Tensor out) {
        int n = out.size();
        return Launch.of("add", AddRow.END)
                .operand(AddRow.A, a)
                .operand(AddRow.B, b)
                .operand(AddRow.OUT, out)
                .size(AddRow.N, n)
                .on(Threads.of(n), caller -> caller.loop(CopyKernels::add));
    }

    static Recipe add(Add op, int rounds) {
        var terms = op.terms();
        int n = op.out().size();
        return Recipe.of(
                terms.size() == 2
                        ? sum(terms.get(0), terms.get(1), op.out())
                        : Launch.of("add", Add3Row.END)
                                .operand(Add3Row.A, terms.get(0))
                                .operand(Add3Row.B, terms.get(1))
                                .operand(Add3Row.C, terms.get(2))
                                .operand(Add3Row.OUT, op.out())
                                .size(Add3Row.N, n)
                                .on(Threads.of(n), caller -> caller.loop(CopyKernels::add3, rounds)));
    }

    static Recipe fill(Fill op) {
        int n = op.out().size();
        return Recipe.of(Launch.of("fill", FillRow.END)
                .operand(FillRow.OUT, op.out())
                .size(FillRow.N, n)
                .on(Threads.of(n), caller -> caller.loop(CopyKernels::fill, op.value())));
    }

    static Recipe copyColumns(CopyColumns op, int rounds) {
        if (op.width() == 0) {
            return Recipe.of();
        }
        int n = op.from().dim(0) * op.width();
        return Recipe.of(Launch.of("copyColumns", ColumnsRow.END)
                .operand(ColumnsRow.FROM, op.from())
                .operand(ColumnsRow.TO, op.to())
                .size(ColumnsRow.N, n)
                .size(ColumnsRow.WIDTH, op.width())
                .size(ColumnsRow.FROM_START, op.fromStart())
                .size(ColumnsRow.FROM_WIDTH, op.from().dim(1))
                .size(ColumnsRow.TO_START, op.toStart())
                .size(ColumnsRow.TO_WIDTH, op.to().dim(1))
                .on(Threads.of(n), caller ->
                        caller.loop(CopyKernels::copyColumns, op.scale(), op.accumulate() ? 1 : 0, rounds)));
    }

    /** Whether one tensor becomes another as it is, which {@link #copyVectors(CopyColumns)} is for. */
    static boolean isWhole(CopyColumns op) {
        return op.width() > 0 && op.width() == op.from().dim(1) && op.width() == op.to().dim(1) && op.scale() == 1
                && !op.accumulate();
    }

    static Recipe copyVectors(CopyColumns op) {
        int n = Math.ceilDiv(op.from().size(), Lanes.COUNT);
        return Recipe.of(Launch.of("copy", VectorsRow.END)
                .operand(VectorsRow.FROM, op.from())
                .operand(VectorsRow.TO, op.to())
                .size(VectorsRow.N, n)
                .size(VectorsRow.SIZE, op.from().size())
                .on(Threads.shares(n), caller -> caller.loop(CopyKernels::copyVectors)));
    }

    static Recipe scaleRows(ScaleRows op) {
        int n = op.x().size();
        return Recipe.of(Launch.of("scaleRows", ScaleRow.END)
                .operand(ScaleRow.FACTORS, op.factors())
                .operand(ScaleRow.X, op.x())
                .size(ScaleRow.N, n)
                .size(ScaleRow.WIDTH, op.x().dim(1))
                .on(Threads.of(n), caller -> caller.loop(CopyKernels::scaleRows)));
    }

    static Recipe selectRows(SelectRows op) {
        int n = op.out().size();
        boolean floats = op.out().buffer().type() == ElementType.F32;
        return Recipe.of(Launch.of("selectRows", SelectRow.END)
                .operand(SelectRow.MASK, op.mask())
                .operand(SelectRow.SOURCE, op.source())
                .operand(SelectRow.OUT, op.out())
                .size(SelectRow.N, n)
                .size(SelectRow.WIDTH, n / op.out().dim(0))
                .size(SelectRow.SOURCE_SIZE, op.source().size())
                .on(Threads.of(n), caller -> {
                    if (floats) {
                        caller.loop(CopyKernels::selectFloats);
                    } else {
                        caller.loopOverInts(CopyKernels::selectInts);
                    }
                }));
    }

    static Recipe rowBroadcast(RowBroadcast.Forward op, int rounds) {
        int n = op.x().size();
        return Recipe.of(Launch.of("rowBroadcast", BroadcastRow.END)
                .operand(BroadcastRow.VALUES, op.row())
                .operand(BroadcastRow.X, op.x())
                .size(BroadcastRow.N, n)
                .size(BroadcastRow.WIDTH, op.x().dim(1))
                .on(Threads.of(n), caller -> caller.loop(CopyKernels::rowBroadcast, op.scale(), rounds)));
    }

    static Recipe rowBroadcastBackward(RowBroadcast.Backward op, int rounds) {
        int width = op.dx().dim(1);
        return Recipe.of(Launch.of("rowBroadcast backward", BroadcastBackwardRow.END)
                .operand(BroadcastBackwardRow.DX, op.dx())
                .operand(BroadcastBackwardRow.D_ROW, op.dRow())
                .size(BroadcastBackwardRow.WIDTH, width)
                .size(BroadcastBackwardRow.ROWS, op.dx().dim(0))
                .on(Threads.of(width), caller -> caller.loop(CopyKernels::rowBroadcastBackward, op.scale(), rounds)));
    }
}
