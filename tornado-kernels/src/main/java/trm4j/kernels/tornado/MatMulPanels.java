package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * Matrix products for processors. A thread computes four rows of c by two vectors, over all of k, in registers: no
 * work-groups, no local memory, since a processor runs the threads of a group one after the other and keeps what
 * they hold between two barriers in memory. Before that, b is copied to panels of these columns, which lie
 * together in a cache.
 */
final class MatMulPanels {

    /** Threads of a work-group: one core runs them one after the other, with the same columns of b in its cache. */
    private static final int GROUP = 32;

    /** Rows of a thread; more than in {@link Lanes#product}, as a kernel may be larger than what it calls. */
    private static final int TALL = 4;

    private MatMulPanels() {}

    /** Each thread computes 4 rows and 32 columns of one c; 32 of them take the same columns, the next 32 the next. */
    static void panels(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int n = ints[row + 3];
        int m = ints[row + 4];
        int k = ints[row + 5];
        int aRow = ints[row + 6];
        int aColumn = ints[row + 7];
        int aNext = ints[row + 8];
        int bNext = ints[row + 9];
        int products = ints[row + 10];
        int cRow = ints[row + 11];
        int across = ints[row + 12];
        int tiles = ints[row + 13];
        int keep = ints[row + 14];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int output = i / tiles;
            int tile = i - output * tiles;
            int block = tile / (across * GROUP);
            int group = tile / GROUP - block * across;
            int r0 = (block * GROUP + tile % GROUP) * TALL;
            if (r0 < m) {
                int r1 = Math.min(r0 + 1, m - 1);
                int r2 = Math.min(r0 + 2, m - 1);
                int r3 = Math.min(r0 + 3, m - 1);
                int c = ints[row + 2] + output * m * cRow + group * Lanes.WIDE;
                Float16 c00 = Lanes.all(0f);
                Float16 c01 = Lanes.all(0f);
                Float16 c10 = Lanes.all(0f);
                Float16 c11 = Lanes.all(0f);
                Float16 c20 = Lanes.all(0f);
                Float16 c21 = Lanes.all(0f);
                Float16 c30 = Lanes.all(0f);
                Float16 c31 = Lanes.all(0f);
                for (int product = 0; product < products; product++) {
                    int a = ints[row] + (output * products + product) * aNext;
                    int b = ints[row + 1] + (output * products + product) * bNext + group * k * Lanes.WIDE;
                    int a0 = a + r0 * aRow;
                    int a1 = a + r1 * aRow;
                    int a2 = a + r2 * aRow;
                    int a3 = a + r3 * aRow;
                    for (int q = 0; q < k; q++) {
                        Float16 b0 = Lanes.load(f, b + q * Lanes.WIDE);
                        Float16 b1 = Lanes.load(f, b + q * Lanes.WIDE + Lanes.COUNT);
                        Float16 value0 = Lanes.all(f[a0 + q * aColumn]);
                        c00 = Float16.add(c00, Float16.mult(value0, b0));
                        c01 = Float16.add(c01, Float16.mult(value0, b1));
                        Float16 value1 = Lanes.all(f[a1 + q * aColumn]);
                        c10 = Float16.add(c10, Float16.mult(value1, b0));
                        c11 = Float16.add(c11, Float16.mult(value1, b1));
                        Float16 value2 = Lanes.all(f[a2 + q * aColumn]);
                        c20 = Float16.add(c20, Float16.mult(value2, b0));
                        c21 = Float16.add(c21, Float16.mult(value2, b1));
                        Float16 value3 = Lanes.all(f[a3 + q * aColumn]);
                        c30 = Float16.add(c30, Float16.mult(value3, b0));
                        c31 = Float16.add(c31, Float16.mult(value3, b1));
                    }
                }
                if (keep == 1) {
                    c00 = Float16.add(c00, Lanes.load(f, c + r0 * cRow));
                    c01 = Float16.add(c01, Lanes.load(f, c + r0 * cRow + Lanes.COUNT));
                    c10 = Float16.add(c10, Lanes.load(f, c + r1 * cRow));
                    c11 = Float16.add(c11, Lanes.load(f, c + r1 * cRow + Lanes.COUNT));
                    c20 = Float16.add(c20, Lanes.load(f, c + r2 * cRow));
                    c21 = Float16.add(c21, Lanes.load(f, c + r2 * cRow + Lanes.COUNT));
                    c30 = Float16.add(c30, Lanes.load(f, c + r3 * cRow));
                    c31 = Float16.add(c31, Lanes.load(f, c + r3 * cRow + Lanes.COUNT));
                }
                Lanes.store(f, c + r0 * cRow, c00);
                Lanes.store(f, c + r0 * cRow + Lanes.COUNT, c01);
                Lanes.store(f, c + r1 * cRow, c10);
                Lanes.store(f, c + r1 * cRow + Lanes.COUNT, c11);
                Lanes.store(f, c + r2 * cRow, c20);
                Lanes.store(f, c + r2 * cRow + Lanes.COUNT, c21);
                Lanes.store(f, c + r3 * cRow, c30);
                Lanes.store(f, c + r3 * cRow + Lanes.COUNT, c31);
            }
        }
    }

    /** b in panels of 32 columns, zeros beyond the last. Each thread copies 16 elements of a row. */
    static void pack(int[] ints, int at, float[] f) {
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

    private static int padded(int columns) {
        return Math.ceilDiv(columns, Lanes.WIDE) * Lanes.WIDE;
    }

    private static boolean isPadded(MatMul op) {
        return op.n() % Lanes.WIDE != 0;
    }

    private static int outputs(MatMul op) {
        return op.c().rank() == 3 ? op.batch() : 1;
    }

    private static int packed(MatMul op) {
        int bs = op.b().rank() == 3 ? op.batch() : 1;
        return Math.multiplyExact(bs * op.k(), padded(op.n()));
    }

    private static int untrimmed(MatMul op) {
        return isPadded(op) ? Math.multiplyExact(outputs(op) * op.m(), padded(op.n())) : 0;
    }

    /** Elements of scratch space that a product needs. */
    static int scratch(MatMul op) {
        return Math.addExact(packed(op), untrimmed(op));
    }

    static List<Launch> of(MatMul op, IntFunction<Tensor> scratch) {
        int wide = padded(op.n());
        int packed = packed(op);
        var b = scratch.apply(packed);
        var c = op.c();
        var launches = new ArrayList<Launch>();
        int[] sizesOfB = {
            packed / Lanes.COUNT, wide / Lanes.WIDE, op.k(), op.n(), op.transposeB() ? 1 : op.n(),
            op.transposeB() ? op.k() : 1
        };
        launches.add(Launch.elementwise("matmul pack", List.of(op.b(), b), sizesOfB, (graph, id, on) ->
                graph.task(id, MatMulPanels::pack, on.ints(), on.at(), on.floats())));
        if (isPadded(op)) {
            c = scratch.apply(scratch(op)).part(packed, untrimmed(op));
        }
        int across = wide / Lanes.WIDE;
        int tiles = Math.ceilDiv(op.m(), TALL * GROUP) * GROUP * across;
        int[] sizes = {
            outputs(op) * tiles, op.m(), op.k(),
            op.transposeA() ? 1 : op.k(), op.transposeA() ? op.m() : 1, op.a().rank() == 3 ? op.m() * op.k() : 0,
            op.b().rank() == 3 ? op.k() * wide : 0, op.batch() / outputs(op),
            wide, across, tiles, op.accumulate() && !isPadded(op) ? 1 : 0
        };
        var threads = new Threads(Math.ceilDiv(sizes[0], GROUP), 1, 1, GROUP, 1);
        launches.add(new Launch("matmul", threads, List.of(op.a(), b, c), sizes, (graph, id, on) ->
                graph.task(id, MatMulPanels::panels, on.ints(), on.at(), on.floats())));
        if (isPadded(op)) {
            int[] sizesOfC = {op.c().size(), op.n(), wide, op.accumulate() ? 1 : 0};
            launches.add(Launch.elementwise("matmul trim", List.of(c, op.c()), sizesOfC, (graph, id, on) ->
                    graph.task(id, MatMulPanels::trim, on.ints(), on.at(), on.floats())));
        }
        return launches;
    }
}
