package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/**
 * Sums of products a b^T over a batch, for processors: the gradients of weights that all columns of a batch go
 * through. Both operands have the numbers of a sum next to each other, so that vectors run along the sum, and nothing
 * is copied first. A thread keeps its vectors in registers over some of the batch, as much as a cache holds of it.
 */
final class MatMulDots {

    /** Rows and columns of c of a thread. */
    private static final int SIDE = 4;
    /**
     * Elements of the operand with the shorter side, as many as a core's cache keeps while it goes through the longer.
     */
    private static final int CACHED = 1 << 17;

    // The columns of a row.
    private static final int A = 0, B = 1, C = 2, N = 3, ROWS = 4, COLUMNS = 5, K = 6, PRODUCTS = 7, KEEP = 8,
            SHARE = 9, END = 10;

    private MatMulDots() {}

    /** Whether an operation is such a sum, of whole vectors. */
    static boolean fits(MatMul op) {
        return op.c().rank() == 2 && op.batch() > 1 && !op.transposeA() && op.transposeB()
                && op.k() % Lanes.COUNT == 0;
    }

    /**
     * Each thread computes a part of the sums for 4 rows, or 4 columns, of c, whichever are more: those of some
     * products of the batch.
     */
    static void dots(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + N];
        int rows = ints[row + ROWS];
        int columns = ints[row + COLUMNS];
        int k = ints[row + K];
        int products = ints[row + PRODUCTS];
        int keep = ints[row + KEEP];
        int c = ints[row + C];
        int share = ints[row + SHARE];
        int across = (Math.max(rows, columns) + SIDE - 1) / SIDE;
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int part = i / across;
            int far = (i - part * across) * SIDE;
            int until = Math.min((part + 1) * share, products);
            int to = c + part * rows * columns;
            for (int near = 0; near < Math.min(rows, columns); near += SIDE) {
                int r0 = rows <= columns ? near : far;
                int j0 = rows <= columns ? far : near;
                int r1 = Math.min(r0 + 1, rows - 1);
                int r2 = Math.min(r0 + 2, rows - 1);
                int r3 = Math.min(r0 + 3, rows - 1);
                int j1 = Math.min(j0 + 1, columns - 1);
                int j2 = Math.min(j0 + 2, columns - 1);
                int j3 = Math.min(j0 + 3, columns - 1);
                Float16 c00 = Lanes.all(0f);
                Float16 c01 = Lanes.all(0f);
                Float16 c02 = Lanes.all(0f);
                Float16 c03 = Lanes.all(0f);
                Float16 c10 = Lanes.all(0f);
                Float16 c11 = Lanes.all(0f);
                Float16 c12 = Lanes.all(0f);
                Float16 c13 = Lanes.all(0f);
                Float16 c20 = Lanes.all(0f);
                Float16 c21 = Lanes.all(0f);
                Float16 c22 = Lanes.all(0f);
                Float16 c23 = Lanes.all(0f);
                Float16 c30 = Lanes.all(0f);
                Float16 c31 = Lanes.all(0f);
                Float16 c32 = Lanes.all(0f);
                Float16 c33 = Lanes.all(0f);
                for (int product = part * share; product < until; product++) {
                    int a = ints[row + A] + product * rows * k;
                    int b = ints[row + B] + product * columns * k;
                    for (int q = 0; q < k; q += Lanes.COUNT) {
                        Float16 b0 = Lanes.load(f, b + j0 * k + q);
                        Float16 b1 = Lanes.load(f, b + j1 * k + q);
                        Float16 b2 = Lanes.load(f, b + j2 * k + q);
                        Float16 b3 = Lanes.load(f, b + j3 * k + q);
                        Float16 a0 = Lanes.load(f, a + r0 * k + q);
                        c00 = Float16.add(c00, Float16.mult(a0, b0));
                        c01 = Float16.add(c01, Float16.mult(a0, b1));
                        c02 = Float16.add(c02, Float16.mult(a0, b2));
                        c03 = Float16.add(c03, Float16.mult(a0, b3));
                        Float16 a1 = Lanes.load(f, a + r1 * k + q);
                        c10 = Float16.add(c10, Float16.mult(a1, b0));
                        c11 = Float16.add(c11, Float16.mult(a1, b1));
                        c12 = Float16.add(c12, Float16.mult(a1, b2));
                        c13 = Float16.add(c13, Float16.mult(a1, b3));
                        Float16 a2 = Lanes.load(f, a + r2 * k + q);
                        c20 = Float16.add(c20, Float16.mult(a2, b0));
                        c21 = Float16.add(c21, Float16.mult(a2, b1));
                        c22 = Float16.add(c22, Float16.mult(a2, b2));
                        c23 = Float16.add(c23, Float16.mult(a2, b3));
                        Float16 a3 = Lanes.load(f, a + r3 * k + q);
                        c30 = Float16.add(c30, Float16.mult(a3, b0));
                        c31 = Float16.add(c31, Float16.mult(a3, b1));
                        c32 = Float16.add(c32, Float16.mult(a3, b2));
                        c33 = Float16.add(c33, Float16.mult(a3, b3));
                    }
                }
                put(f, to, columns, r0, j0, rows, keep, c00);
                put(f, to, columns, r0, j0 + 1, rows, keep, c01);
                put(f, to, columns, r0, j0 + 2, rows, keep, c02);
                put(f, to, columns, r0, j0 + 3, rows, keep, c03);
                put(f, to, columns, r0 + 1, j0, rows, keep, c10);
                put(f, to, columns, r0 + 1, j0 + 1, rows, keep, c11);
                put(f, to, columns, r0 + 1, j0 + 2, rows, keep, c12);
                put(f, to, columns, r0 + 1, j0 + 3, rows, keep, c13);
                put(f, to, columns, r0 + 2, j0, rows, keep, c20);
                put(f, to, columns, r0 + 2, j0 + 1, rows, keep, c21);
                put(f, to, columns, r0 + 2, j0 + 2, rows, keep, c22);
                put(f, to, columns, r0 + 2, j0 + 3, rows, keep, c23);
                put(f, to, columns, r0 + 3, j0, rows, keep, c30);
                put(f, to, columns, r0 + 3, j0 + 1, rows, keep, c31);
                put(f, to, columns, r0 + 3, j0 + 2, rows, keep, c32);
                put(f, to, columns, r0 + 3, j0 + 3, rows, keep, c33);
            }
        }
    }

    /** Element (i, j) of c, where there is such a one. */
    private static void put(float[] f, int c, int columns, int i, int j, int rows, int keep, Float16 sums) {
        if (i < rows && j < columns) {
            float before = keep == 1 ? f[c + i * columns + j] : 0f;
            f[c + i * columns + j] = before + Lanes.total(sums);
        }
    }

    static Recipe of(MatMul op) {
        int share = Math.clamp(CACHED / (Math.min(op.m(), op.n()) * op.k()), 1, op.batch());
        int parts = Math.ceilDiv(op.batch(), share);
        if (parts == 1) {
            return Recipe.of(launch(op, op.c(), share, 1, op.accumulate()));
        }
        return Recipe.withScratch(Math.multiplyExact(parts, op.c().size()), sums -> List.of(
                launch(op, sums, share, parts, false), PartSums.of("matmul parts", sums, op.c(), op.accumulate())));
    }

    private static Launch launch(MatMul op, Tensor sums, int share, int parts, boolean add) {
        int n = parts * Math.ceilDiv(Math.max(op.m(), op.n()), SIDE);
        return Launch.of("matmul dots", END)
                .operand(A, op.a())
                .operand(B, op.b())
                .operand(C, sums)
                .size(N, n)
                .size(ROWS, op.m())
                .size(COLUMNS, op.n())
                .size(K, op.k())
                .size(PRODUCTS, op.batch())
                .size(KEEP, add ? 1 : 0)
                .size(SHARE, share)
                .on(Threads.alone(n), caller -> caller.loop(MatMulDots::dots));
    }
}
