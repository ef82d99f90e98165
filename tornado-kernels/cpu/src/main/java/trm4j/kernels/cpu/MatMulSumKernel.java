package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.KC;
import static trm4j.kernels.cpu.Gemm.MR;
import static trm4j.kernels.cpu.Gemm.NR;

import trm4j.kernels.op.MatMul;

/**
 * The sum of a batch of products of lines by lines, one side of which has few: the gradient of weights that all columns
 * of a batch go through. A part takes some of the many lines over a chunk of the batch, and packs the few of that chunk,
 * which costs less than packing the many. Chunks' sums are put aside and added up in their order; what is in a chunk
 * depends on the batch alone, so that bits do not depend on the number of threads. The many are rows of a
 * {@link LineTile}, so that they need no transposing; where they are the columns of C, the transpose is summed up. What
 * is left of the few beside full tiles, if it is next to nothing, makes dot products.
 */
final class MatMulSumKernel implements Kernel {

    /** The most lines of the side that has few: as many as fit the second-level cache. */
    private static final int FEW = 256;
    /** The fewest products of a chunk, so that writing down its sum is next to nothing. */
    private static final int CHUNK = 8;
    /** The most chunks: their sums are all in memory. */
    private static final int MOST_CHUNKS = 128;
    /** Parts that each thread has where there are chunks enough, so that none waits long for another. */
    private static final int FOR_EACH = 4;
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
    private final int rowParts;
    private final int chunk;
    private final int chunks;
    private final Team.Parts rowsPart = this::rowsPart;
    private final Team.Parts putPart = this::putPart;
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
        chunk = chunk(op);
        chunks = Math.ceilDiv(op.batch(), chunk);
        // Where there are few chunks, each thread packs the few lines once.
        int least = chunks < team.size() ? team.size() : FOR_EACH * team.size();
        rowParts = Math.min(rowPanels, Math.ceilDiv(least, chunks));
    }

    /** Tells whether an operation is such a sum. */
    static boolean fits(MatMul op) {
        return op.a().rank() == 3 && op.c().rank() == 2 && !op.transposeA() && op.transposeB()
                && Math.min(op.m(), op.n()) <= FEW;
    }

    private static boolean isTransposed(MatMul op) {
        return op.m() < op.n();
    }

    /** Returns how many products are summed up at a time. */
    private static int chunk(MatMul op) {
        return Math.max(CHUNK, Math.ceilDiv(op.batch(), MOST_CHUNKS));
    }

    /** Returns the space for the few lines, for each worker, and for the chunks' sums. */
    static Scratch.Size scratch(MatMul op) {
        int n = Math.min(op.m(), op.n());
        int depth = Math.min(op.k(), KC);
        int sums = Math.multiplyExact(Math.ceilDiv(op.batch(), chunk(op)), op.m() * op.n());
        return Scratch.Size.packed(0, Gemm.packedSize(n, depth) + MOST_DOTS * LineTile.STRIDE)
                .with(MatMulKernel.rounds(op)
                        ? Scratch.Size.rounded(sums, 0, Math.max(op.m(), op.n()))
                        : Scratch.Size.sums(sums));
    }

    @Override
    public void run(int[] values) {
        rowsAt = rows.view().at(values);
        columnsAt = columns.view().at(values);
        cAt = c.view().at(values);
        team.run(chunks * rowParts, rowsPart);
        if (chunks > 1) {
            team.run(rowPanels, putPart);
        }
    }

    private void rowsPart(int part, int worker) {
        int first = MatMulKernel.start(part % rowParts, rowParts, rowPanels) * MR;
        int end = Math.min(m, MatMulKernel.start(part % rowParts + 1, rowParts, rowPanels) * MR);
        int from = part / rowParts;
        for (int x = from * chunk; x < Math.min(op.batch(), (from + 1) * chunk); x++) {
            for (int p = 0; p < k; p += KC) {
                multiply(x, p, first, end, from * m * n, x > from * chunk || p > 0, worker);
            }
        }
        if (chunks == 1) {
            put(first, end, worker);
        }
    }

    /** Rows [first, end) of product x, for a block of its sums, set or added to those at {@code to}. */
    private void multiply(int x, int p, int first, int end, int to, boolean add, int worker) {
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
        for (int i = first; i < end; i += MR) {
            int height = Math.min(MR, end - i);
            Lines.copy(
                    rows.array(), rounds, rowsAt + x * rows.batch() + p * rows.column() + i * rows.row(), rows.row(),
                    height, depth, many, 0);
            int at = to + i * n;
            for (int j = 0; j < tiled; j += NR) {
                LineTile.multiply(depth, many, 0, few, j * depth, gemm.tile);
                gemm.put(height, Math.min(NR, tiled - j), sums, at + j, n, add);
            }
            for (int j = tiled; j < n; j++) {
                int other = dots + (j - tiled) * LineTile.STRIDE;
                Lines.multiply(height, depth, many, few, other, sums, at + j, n, add);
            }
        }
    }

    private void putPart(int part, int worker) {
        put(part * MR, Math.min(m, (part + 1) * MR), worker);
    }

    /** Adds up the chunks' sums of some rows, and puts them into their places. */
    private void put(int first, int end, int worker) {
        int at = first * n;
        int count = (end - first) * n;
        for (int from = 1; from < chunks; from++) {
            CopyKernels.add(sums, at, sums, from * m * n + at, sums, at, count);
        }
        if (transposed) {
            putTranspose(first, end);
            return;
        }
        for (int i = first; i < end; i++) {
            int to = cAt + i * c.row();
            if (rounds) {
                RoundedSums.put(sums, i * n, c.view(), to, n, op.accumulate(), spaces.of(worker)[0]);
            } else if (op.accumulate()) {
                CopyKernels.add(c.view().floats(), to, sums, i * n, c.view().floats(), to, n);
            } else {
                System.arraycopy(sums, i * n, c.view().floats(), to, n);
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
