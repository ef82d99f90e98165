package trm4j.kernels.tornado;

import java.util.ArrayList;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * Matrix products for processors. A thread computes eight rows of c by two vectors, over all of k, in registers, and
 * then the next eight: no work-groups, no local memory, since a processor runs the threads of a group one after the
 * other and keeps what they hold in memory meanwhile. Before that, b is copied to panels of these columns, which lie
 * together in a cache, and so is a to panels of its rows where they are stored as columns.
 */
final class MatMulPanels {

    /**
     * Rows of a thread, which takes one tile of them after the other, with the same columns of b in its core's cache.
     */
    private static final int BLOCK = 64;

    /** Rows of a tile; more than in {@link Lanes#product}, as a kernel may be larger than what it calls. */
    static final int TALL = 8;

    // The columns of a row.
    private static final int A = 0, B = 1, C = 2, N = 3, M = 4, K = 5, A_ROW = 6, A_ROWS = 7, A_COLUMN = 8,
            A_NEXT = 9, B_NEXT = 10, PRODUCTS = 11, C_ROW = 12, ACROSS = 13, BLOCKS = 14, KEEP = 15, END = 16;

    private MatMulPanels() {}

    /** Each thread computes 64 rows and 32 columns of one c; neighbours take the same rows. */
    static void panels(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + N];
        int m = ints[row + M];
        int k = ints[row + K];
        int aRow = ints[row + A_ROW];
        int aRows = ints[row + A_ROWS];
        int aColumn = ints[row + A_COLUMN];
        int aNext = ints[row + A_NEXT];
        int bNext = ints[row + B_NEXT];
        int products = ints[row + PRODUCTS];
        int cRow = ints[row + C_ROW];
        int across = ints[row + ACROSS];
        int blocks = ints[row + BLOCKS];
        int keep = ints[row + KEEP];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int block = i / across;
            int group = i - block * across;
            int output = block / blocks;
            int first = (block - output * blocks) * BLOCK;
            int end = Math.min(first + BLOCK, m);
            for (int r0 = first; r0 < end; r0 += TALL) {
                int r1 = Math.min(r0 + 1, m - 1);
                int r2 = Math.min(r0 + 2, m - 1);
                int r3 = Math.min(r0 + 3, m - 1);
                int r4 = Math.min(r0 + 4, m - 1);
                int r5 = Math.min(r0 + 5, m - 1);
                int r6 = Math.min(r0 + 6, m - 1);
                int r7 = Math.min(r0 + 7, m - 1);
                int c = ints[row + C] + output * m * cRow + group * Lanes.WIDE;
                Float16 c00 = Lanes.all(0f);
                Float16 c01 = Lanes.all(0f);
                Float16 c10 = Lanes.all(0f);
                Float16 c11 = Lanes.all(0f);
                Float16 c20 = Lanes.all(0f);
                Float16 c21 = Lanes.all(0f);
                Float16 c30 = Lanes.all(0f);
                Float16 c31 = Lanes.all(0f);
                Float16 c40 = Lanes.all(0f);
                Float16 c41 = Lanes.all(0f);
                Float16 c50 = Lanes.all(0f);
                Float16 c51 = Lanes.all(0f);
                Float16 c60 = Lanes.all(0f);
                Float16 c61 = Lanes.all(0f);
                Float16 c70 = Lanes.all(0f);
                Float16 c71 = Lanes.all(0f);
                for (int product = 0; product < products; product++) {
                    int a0 = ints[row + A] + (output * products + product) * aNext + r0 / TALL * aRows;
                    int b = ints[row + B] + (output * products + product) * bNext + group * k * Lanes.WIDE;
                    int a1 = a0 + (r1 - r0) * aRow;
                    int a2 = a0 + (r2 - r0) * aRow;
                    int a3 = a0 + (r3 - r0) * aRow;
                    int a4 = a0 + (r4 - r0) * aRow;
                    int a5 = a0 + (r5 - r0) * aRow;
                    int a6 = a0 + (r6 - r0) * aRow;
                    int a7 = a0 + (r7 - r0) * aRow;
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
                        Float16 value4 = Lanes.all(f[a4 + q * aColumn]);
                        c40 = Float16.add(c40, Float16.mult(value4, b0));
                        c41 = Float16.add(c41, Float16.mult(value4, b1));
                        Float16 value5 = Lanes.all(f[a5 + q * aColumn]);
                        c50 = Float16.add(c50, Float16.mult(value5, b0));
                        c51 = Float16.add(c51, Float16.mult(value5, b1));
                        Float16 value6 = Lanes.all(f[a6 + q * aColumn]);
                        c60 = Float16.add(c60, Float16.mult(value6, b0));
                        c61 = Float16.add(c61, Float16.mult(value6, b1));
                        Float16 value7 = Lanes.all(f[a7 + q * aColumn]);
                        c70 = Float16.add(c70, Float16.mult(value7, b0));
                        c71 = Float16.add(c71, Float16.mult(value7, b1));
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
                    c40 = Float16.add(c40, Lanes.load(f, c + r4 * cRow));
                    c41 = Float16.add(c41, Lanes.load(f, c + r4 * cRow + Lanes.COUNT));
                    c50 = Float16.add(c50, Lanes.load(f, c + r5 * cRow));
                    c51 = Float16.add(c51, Lanes.load(f, c + r5 * cRow + Lanes.COUNT));
                    c60 = Float16.add(c60, Lanes.load(f, c + r6 * cRow));
                    c61 = Float16.add(c61, Lanes.load(f, c + r6 * cRow + Lanes.COUNT));
                    c70 = Float16.add(c70, Lanes.load(f, c + r7 * cRow));
                    c71 = Float16.add(c71, Lanes.load(f, c + r7 * cRow + Lanes.COUNT));
                }
                Lanes.store(f, c + r0 * cRow, c00);
                Lanes.store(f, c + r0 * cRow + Lanes.COUNT, c01);
                Lanes.store(f, c + r1 * cRow, c10);
                Lanes.store(f, c + r1 * cRow + Lanes.COUNT, c11);
                Lanes.store(f, c + r2 * cRow, c20);
                Lanes.store(f, c + r2 * cRow + Lanes.COUNT, c21);
                Lanes.store(f, c + r3 * cRow, c30);
                Lanes.store(f, c + r3 * cRow + Lanes.COUNT, c31);
                Lanes.store(f, c + r4 * cRow, c40);
                Lanes.store(f, c + r4 * cRow + Lanes.COUNT, c41);
                Lanes.store(f, c + r5 * cRow, c50);
                Lanes.store(f, c + r5 * cRow + Lanes.COUNT, c51);
                Lanes.store(f, c + r6 * cRow, c60);
                Lanes.store(f, c + r6 * cRow + Lanes.COUNT, c61);
                Lanes.store(f, c + r7 * cRow, c70);
                Lanes.store(f, c + r7 * cRow + Lanes.COUNT, c71);
            }
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

    /** Elements of a in panels; 0 where its rows are read as they lie. */
    private static int packedA(MatMul op) {
        int as = op.a().rank() == 3 ? op.batch() : 1;
        return op.transposeA() ? Math.multiplyExact(as * op.k(), Math.ceilDiv(op.m(), Lanes.COUNT) * Lanes.COUNT) : 0;
    }

    private static int untrimmed(MatMul op) {
        return isPadded(op) ? Math.multiplyExact(outputs(op) * op.m(), padded(op.n())) : 0;
    }

    static Recipe of(MatMul op) {
        int packed = packed(op);
        int packedA = packedA(op);
        int untrimmed = untrimmed(op);
        int scratch = Math.addExact(Math.addExact(packed, packedA), untrimmed);
        return Recipe.withScratch(scratch, all -> {
            var launches = new ArrayList<Launch>();
            var b = all.part(0, packed);
            launches.add(PanelCopies.columns(op, b));
            var a = op.a();
            if (op.transposeA()) {
                a = all.part(packed, packedA);
                launches.add(PanelCopies.rows(op, a));
            }
            var c = isPadded(op) ? all.part(packed + packedA, untrimmed) : op.c();
            launches.add(product(op, a, b, c));
            if (isPadded(op)) {
                int wide = padded(op.n());
                launches.add(PanelCopies.trim(op, c.as(untrimmed / wide, wide)));
            }
            return launches;
        });
    }

    private static Launch product(MatMul op, Tensor a, Tensor b, Tensor c) {
        int wide = padded(op.n());
        int across = wide / Lanes.WIDE;
        int blocks = Math.ceilDiv(op.m(), BLOCK);
        int n = outputs(op) * blocks * across;
        return Launch.of("matmul", END)
                .operand(A, a)
                .operand(B, b)
                .operand(C, c)
                .size(N, n)
                .size(M, op.m())
                .size(K, op.k())
                .size(A_ROW, op.transposeA() ? 1 : op.k())
                .size(A_ROWS, TALL * op.k())
                .size(A_COLUMN, op.transposeA() ? TALL : 1)
                .size(A_NEXT, op.a().rank() == 3 ? a.size() / op.batch() : 0)
                .size(B_NEXT, op.b().rank() == 3 ? op.k() * wide : 0)
                .size(PRODUCTS, op.batch() / outputs(op))
                .size(C_ROW, wide)
                .size(ACROSS, across)
                .size(BLOCKS, blocks)
                .size(KEEP, op.accumulate() && !isPadded(op) ? 1 : 0)
                .on(Threads.alone(n), caller -> caller.loop(MatMulPanels::panels));
    }
}
