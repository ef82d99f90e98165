package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.KC;
import static trm4j.kernels.cpu.Gemm.MR;
import static trm4j.kernels.cpu.Gemm.NR;

import trm4j.kernels.op.MatMul;

/**
 * The sum of a batch of products, one side of which is short: the gradient of weights that all columns of a batch go
 * through. Each part takes some of the long side, over the whole batch, so that no thread waits for another; packing
 * the short side again costs less. The short side makes the rows of tiles, which are fewer than their columns: where
 * it is the columns of C, the transpose is summed up aside. Sums are those of {@link MatMulKernel}, except that what C
 * held is then added last.
 */
final class MatMulSumKernel implements Kernel {

    private final MatMul op;
    private final Team team;
    private final Gemm[] gemms;
    private final float[][] packedColumns;
    private final float[] sums;
    private final boolean transposed;
    private final boolean rounds;
    private final Spaces spaces;
    private final Matrix rows;
    private final Matrix columns;
    private final Matrix c;
    private final int m;
    private final int n;
    private final int k;
    private final int columnPanels;
    private final int parts;
    private final Team.Parts columnsPart = this::columnsPart;
    private int rowsAt;
    private int columnsAt;
    private int cAt;

    MatMulSumKernel(MatMul op, Memory memory, Team team, Scratch scratch) {
        this.op = op;
        this.team = team;
        gemms = scratch.gemms;
        packedColumns = scratch.packedColumns;
        sums = scratch.sums;
        rounds = MatMulKernel.rounds(op);
        spaces = scratch.spaces;
        var a = Matrix.of(op.a(), op.transposeA(), memory);
        var b = Matrix.of(op.b(), op.transposeB(), memory);
        c = Matrix.of(op.c(), false, memory);
        transposed = isTransposed(op);
        rows = transposed ? b.transpose() : a;
        columns = transposed ? a.transpose() : b;
        m = Math.min(op.m(), op.n());
        n = Math.max(op.m(), op.n());
        k = op.k();
        columnPanels = Math.ceilDiv(n, NR);
        parts = Math.min(columnPanels, team.size());
    }

    /** Tells whether an operation is such a sum. */
    static boolean fits(MatMul op) {
        return op.a().rank() == 3 && op.c().rank() == 2 && Math.min(op.m(), op.n()) <= Gemm.PANELS * MR;
    }

    private static boolean isTransposed(MatMul op) {
        return op.n() < op.m();
    }

    /** Returns the space for a panel of columns, for each worker, and for the transpose of C. */
    static Scratch.Size scratch(MatMul op) {
        var packed = Scratch.Size.packed(0, NR * Math.min(op.k(), KC));
        return MatMulKernel.rounds(op)
                ? packed.with(Scratch.Size.rounded(op.m() * op.n(), 0, Math.max(op.m(), op.n())))
                : packed.with(Scratch.Size.sums(isTransposed(op) ? op.m() * op.n() : 0));
    }

    @Override
    public void run(int[] values) {
        rowsAt = rows.view().at(values);
        columnsAt = columns.view().at(values);
        cAt = c.view().at(values);
        team.run(parts, columnsPart);
    }

    private void columnsPart(int part, int worker) {
        int j = MatMulKernel.start(part, parts, columnPanels) * NR;
        int jEnd = Math.min(n, MatMulKernel.start(part + 1, parts, columnPanels) * NR);
        boolean add = op.accumulate() && !transposed && !rounds;
        for (int x = 0; x < op.batch(); x++) {
            for (int p = 0; p < k; p += KC) {
                multiply(x, p, j, jEnd, add, worker);
                add = true;
            }
        }
        if (transposed) {
            putTranspose(j, jEnd);
        } else if (rounds) {
            for (int i = 0; i < m; i++) {
                RoundedSums.put(
                        sums, i * n + j, c.view(), cAt + i * c.row() + j, jEnd - j, op.accumulate(),
                        spaces.of(worker)[0]);
            }
        }
    }

    /** Columns [j, jEnd) of product x, for a block of its sums. */
    private void multiply(int x, int p, int j, int jEnd, boolean add, int worker) {
        var gemm = gemms[worker];
        var packed = packedColumns[worker];
        int depth = Math.min(KC, k - p);
        gemm.packRows(
                rows.array(), rounds, rowsAt + x * rows.batch() + p * rows.column(), rows.row(), rows.column(), m,
                depth);
        for (; j < jEnd; j += NR) {
            int count = Math.min(NR, jEnd - j);
            int from = columnsAt + x * columns.batch() + p * columns.row() + j * columns.column();
            gemm.columns.pack(
                    columns.array(), rounds, from, columns.column(), columns.row(), count, depth, 0, 1, packed, 0);
            if (transposed || rounds) {
                gemm.multiplyRows(m, count, depth, packed, sums, j, n, add);
            } else {
                gemm.multiplyRows(m, count, depth, packed, c.view().floats(), cAt + j, c.row(), add);
            }
        }
    }

    private void putTranspose(int j, int jEnd) {
        if (rounds) {
            for (int i = 0; i < m; i++) {
                Halves.round(sums, i * n + j, jEnd - j);
            }
        }
        var to = c.view();
        for (; j < jEnd; j++) {
            int at = cAt + j * c.row();
            for (int i = 0; i < m; i++) {
                to.set(at + i, op.accumulate() ? to.get(at + i) + sums[i * n + j] : sums[i * n + j]);
            }
        }
    }
}
