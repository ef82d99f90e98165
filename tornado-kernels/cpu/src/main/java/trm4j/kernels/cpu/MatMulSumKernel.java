package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.KC;
import static trm4j.kernels.cpu.Gemm.MR;
import static trm4j.kernels.cpu.Gemm.NR;

import trm4j.kernels.op.MatMul;

/**
 * The sum of a batch of products of lines by lines, one side of which has few: the gradient of weights that all columns
 * of a batch go through. Each part takes some of the many lines, over the whole batch, so that no thread waits for
 * another; packing the few again costs less. The many are rows of a {@link LineTile}, so that they need no transposing;
 * where they are the columns of C, the transpose is summed up aside. What is left of the few beside full tiles, if it
 * is next to nothing, makes dot products.
 */
final class MatMulSumKernel implements Kernel {

    /** The most lines of the side that has few: as many as fit the second-level cache. */
    private static final int FEW = 256;
    /** The most columns that are dot products, each some thirtieth of a tile. */
    private static final int MOST_DOTS = 3;

    private final MatMul op;
    private final Team team;
    private final Gemm[] gemms;
    private final float[][] packedColumns;
    private final float[][] lines;
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
    /** Columns in tiles; those behind are dot products. */
    private final int tiled;
    private final int rowPanels;
    private final int parts;
    private final Team.Parts rowsPart = this::rowsPart;
    private int rowsAt;
    private int columnsAt;
    private int cAt;

    MatMulSumKernel(MatMul op, Memory memory, Team team, Scratch scratch) {
        this.op = op;
        this.team = team;
        gemms = scratch.gemms;
        packedColumns = scratch.packedColumns;
        lines = scratch.lines;
        sums = scratch.sums;
        rounds = MatMulKernel.rounds(op);
        spaces = scratch.spaces;
        var a = Matrix.of(op.a(), op.transposeA(), memory);
        var b = Matrix.of(op.b(), op.transposeB(), memory);
        c = Matrix.of(op.c(), false, memory);
        transposed = isTransposed(op);
        rows = transposed ? b.transpose() : a;
        columns = transposed ? a.transpose() : b;
        m = Math.max(op.m(), op.n());
        n = Math.min(op.m(), op.n());
        k = op.k();
        tiled = n % NR <= MOST_DOTS ? n - n % NR : n;
        rowPanels = Math.ceilDiv(m, MR);
        parts = Math.min(rowPanels, team.size());
    }

    /** Tells whether an operation is such a sum. */
    static boolean fits(MatMul op) {
        return op.a().rank() == 3 && op.c().rank() == 2 && !op.transposeA() && op.transposeB()
                && Math.min(op.m(), op.n()) <= FEW;
    }

    private static boolean isTransposed(MatMul op) {
        return op.m() < op.n();
    }

    /** Returns the space for the few lines, for each worker, and for the sums that are put aside. */
    static Scratch.Size scratch(MatMul op) {
        int n = Math.min(op.m(), op.n());
        int depth = Math.min(op.k(), KC);
        var packed = Scratch.Size.packed(0, Gemm.packedSize(n, depth) + MOST_DOTS * LineTile.STRIDE);
        return MatMulKernel.rounds(op)
                ? packed.with(Scratch.Size.rounded(op.m() * op.n(), 0, Math.max(op.m(), op.n())))
                : packed.with(Scratch.Size.sums(isTransposed(op) ? op.m() * op.n() : 0));
    }

    @Override
    public void run(int[] values) {
        rowsAt = rows.view().at(values);
        columnsAt = columns.view().at(values);
        cAt = c.view().at(values);
        team.run(parts, rowsPart);
    }

    private void rowsPart(int part, int worker) {
        int first = MatMulKernel.start(part, parts, rowPanels) * MR;
        int end = Math.min(m, MatMulKernel.start(part + 1, parts, rowPanels) * MR);
        boolean add = op.accumulate() && !transposed && !rounds;
        for (int x = 0; x < op.batch(); x++) {
            for (int p = 0; p < k; p += KC) {
                multiply(x, p, first, end, add, worker);
                add = true;
            }
        }
        if (transposed) {
            putTranspose(first, end);
        } else if (rounds) {
            for (int i = first; i < end; i++) {
                RoundedSums.put(
                        sums, i * n, c.view(), cAt + i * c.row(), n, op.accumulate(), spaces.of(worker)[0]);
            }
        }
    }

    /** Rows [first, end) of product x, for a block of its sums. */
    private void multiply(int x, int p, int first, int end, boolean add, int worker) {
        var gemm = gemms[worker];
        var few = packedColumns[worker];
        var many = lines[worker];
        int depth = Math.min(KC, k - p);
        int from = columnsAt + x * columns.batch() + p * columns.row();
        gemm.columns.pack(
                columns.array(), rounds, from, columns.column(), columns.row(), tiled, depth, 0,
                gemm.columns.count(tiled), few, 0);
        int dots = Gemm.packedSize(tiled, depth);
        Lines.copy(columns.array(), rounds, from + tiled * columns.column(), columns.column(), n - tiled, depth, few,
                dots);
        boolean aside = transposed || rounds;
        var to = aside ? sums : c.view().floats();
        int stride = aside ? n : c.row();
        for (int i = first; i < end; i += MR) {
            int height = Math.min(MR, end - i);
            Lines.copy(
                    rows.array(), rounds, rowsAt + x * rows.batch() + p * rows.column() + i * rows.row(), rows.row(),
                    height, depth, many, 0);
            int at = (aside ? 0 : cAt) + i * stride;
            for (int j = 0; j < tiled; j += NR) {
                LineTile.multiply(depth, many, 0, few, j * depth, gemm.tile);
                gemm.put(height, Math.min(NR, tiled - j), to, at + j, stride, add);
            }
            for (int j = tiled; j < n; j++) {
                int other = dots + (j - tiled) * LineTile.STRIDE;
                Lines.multiply(height, depth, many, few, other, to, at + j, stride, add);
            }
        }
    }

    private void putTranspose(int j, int end) {
        if (rounds) {
            Halves.round(sums, j * n, (end - j) * n);
        }
        var to = c.view();
        for (; j < end; j++) {
            for (int i = 0; i < n; i++) {
                int at = cAt + i * c.row() + j;
                to.set(at, op.accumulate() ? to.get(at) + sums[j * n + i] : sums[j * n + i]);
            }
        }
    }
}
