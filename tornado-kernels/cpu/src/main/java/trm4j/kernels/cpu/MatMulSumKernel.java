package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.KC;
import static trm4j.kernels.cpu.Gemm.MR;
import static trm4j.kernels.cpu.Gemm.NR;

import trm4j.kernels.op.MatMul;

/**
 * The sum of a batch of products of lines by lines, one side of which has few: the gradient of weights that all columns
 * of a batch go through. A part takes some of the many lines over a chunk of the batch, and packs the few of that chunk,
 * which costs less than packing the many. Chunks' sums are put aside and added up in their order; what is in a chunk
 * depends on the batch alone, so that bits do not depend on the number of threads.
 *
 * <p>The many are rows of a {@link LineTile}, so that they need no transposing; what is left of the few beside full
 * tiles, if it is next to nothing, makes dot products. Where the few fill tiles much better as rows, they are: the many
 * are packed then, some columns at a time.
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
    /** How much better the few have to fill tiles as rows, since the many must be packed then. */
    private static final double BETTER = 1.2;

    private final MatMul op;
    private final Team team;
    private final Gemm[] gemms;
    private final float[][] packedColumns;
    private final float[][] lines;
    private final boolean rounds;
    private final Spaces spaces;
    private final Matrix many;
    private final Matrix few;
    private final boolean fewAreRows;
    private final ChunkSums sums;
    private final int m;
    private final int n;
    private final int k;
    /** Of the few as columns, those in tiles; those behind are dot products. */
    private final int tiled;
    /** Of the many, what a tile takes. */
    private final int width;
    private final int panels;
    private final int panelParts;
    private final int chunk;
    private final int chunks;
    private final int putParts;
    private final Team.Parts manyPart = this::manyPart;
    private final Team.Parts putPart = this::putPart;
    private int manyAt;
    private int fewAt;
    private int cAt;

    MatMulSumKernel(MatMul op, Memory memory, Team team, Scratch scratch) {
        this.op = op;
        this.team = team;
        gemms = scratch.gemms;
        packedColumns = scratch.packedColumns;
        lines = scratch.lines;
        rounds = MatMulKernel.rounds(op);
        spaces = scratch.spaces;
        var a = Matrix.of(op.a(), op.transposeA(), memory);
        var b = Matrix.of(op.b(), op.transposeB(), memory).transpose();
        boolean fewFirst = op.m() < op.n();
        many = fewFirst ? b : a;
        few = fewFirst ? a : b;
        m = Math.max(op.m(), op.n());
        n = Math.min(op.m(), op.n());
        k = op.k();
        tiled = tiled(n);
        fewAreRows = areRows(n);
        width = fewAreRows ? NR : MR;
        panels = Math.ceilDiv(m, width);
        chunk = chunk(op);
        chunks = Math.ceilDiv(op.batch(), chunk);
        // Where there are few chunks, each thread packs the few lines once.
        int least = chunks < team.size() ? team.size() : FOR_EACH * team.size();
        panelParts = Math.min(panels, Math.ceilDiv(least, chunks));
        int height = fewAreRows ? n : m;
        sums = new ChunkSums(
                scratch.sums, chunks, height, m * n / height, Matrix.of(op.c(), false, memory), fewFirst != fewAreRows,
                op.accumulate(), rounds);
        putParts = Math.min(height, FOR_EACH * team.size());
    }

    /** Tells whether an operation is such a sum. */
    static boolean fits(MatMul op) {
        return op.a().rank() == 3 && op.c().rank() == 2 && !op.transposeA() && op.transposeB()
                && Math.min(op.m(), op.n()) <= FEW;
    }

    private static int tiled(int n) {
        return n % NR <= MOST_DOTS ? n - n % NR : n;
    }

    private static boolean areRows(int n) {
        return filled(n, MR) > BETTER * filled(tiled(n), NR);
    }

    /** Returns what lines fill of tiles; all, if there are none. */
    private static double filled(int n, int lines) {
        return n == 0 ? 1 : (double) n / (Math.ceilDiv(n, lines) * lines);
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
        int packed = areRows(n)
                ? Gemm.packedRows(n, depth) + Gemm.packedSize(NR, depth)
                : Gemm.packedSize(n, depth) + MOST_DOTS * LineTile.STRIDE;
        return Scratch.Size.packed(0, packed)
                .with(MatMulKernel.rounds(op)
                        ? Scratch.Size.rounded(sums, 0, Math.max(op.m(), op.n()))
                        : Scratch.Size.sums(sums));
    }

    @Override
    public void run(int[] values) {
        manyAt = many.view().at(values);
        fewAt = few.view().at(values);
        cAt = sums.c().view().at(values);
        team.run(chunks * panelParts, manyPart);
        team.run(putParts, putPart);
    }

    private void manyPart(int part, int worker) {
        int first = Team.start(part % panelParts, panelParts, panels) * width;
        int end = Math.min(m, Team.start(part % panelParts + 1, panelParts, panels) * width);
        int number = part / panelParts;
        for (int x = number * chunk; x < Math.min(op.batch(), (number + 1) * chunk); x++) {
            for (int p = 0; p < k; p += KC) {
                boolean add = x > number * chunk || p > 0;
                if (fewAreRows) {
                    multiplyRows(x, p, first, end, sums.at(number), add, worker);
                } else {
                    multiplyLines(x, p, first, end, sums.at(number), add, worker);
                }
            }
        }
    }

    /** The few by [first, end) of the many, in product x and a block of its sums, set or added to those at {@code to}. */
    private void multiplyRows(int x, int p, int first, int end, int to, boolean add, int worker) {
        var gemm = gemms[worker];
        var packed = packedColumns[worker];
        int depth = Math.min(KC, k - p);
        gemm.rows.pack(
                few.array(), rounds, fewAt + x * few.batch() + p * few.column(), few.row(), few.column(), n, depth, 0,
                gemm.rows.count(n), packed, 0);
        int columns = Gemm.packedRows(n, depth);
        int from = manyAt + x * many.batch() + p * many.column();
        for (int j = first; j < end; j += NR) {
            int count = Math.min(NR, end - j);
            gemm.columns.pack(
                    many.array(), rounds, from + j * many.row(), many.row(), many.column(), count, depth, 0, 1, packed,
                    columns);
            gemm.multiplyPacked(n, count, depth, packed, 0, packed, columns, sums.sums(), to + j, m, add);
        }
    }

    /** The same with the many as rows, which are not packed. */
    private void multiplyLines(int x, int p, int first, int end, int to, boolean add, int worker) {
        var gemm = gemms[worker];
        var packed = packedColumns[worker];
        var rows = lines[worker];
        int depth = Math.min(KC, k - p);
        int from = fewAt + x * few.batch() + p * few.column();
        gemm.columns.pack(
                few.array(), rounds, from, few.row(), few.column(), tiled, depth, 0, gemm.columns.count(tiled), packed, 0);
        int dots = Gemm.packedSize(tiled, depth);
        Lines.copy(few.array(), rounds, from + tiled * few.row(), few.row(), n - tiled, depth, packed, dots);
        for (int i = first; i < end; i += MR) {
            int height = Math.min(MR, end - i);
            Lines.copy(
                    many.array(), rounds, manyAt + x * many.batch() + p * many.column() + i * many.row(), many.row(),
                    height, depth, rows, 0);
            int at = to + i * n;
            for (int j = 0; j < tiled; j += NR) {
                LineTile.multiply(depth, rows, 0, packed, j * depth, gemm.tile);
                gemm.put(height, Math.min(NR, tiled - j), sums.sums(), at + j, n, add);
            }
            for (int j = tiled; j < n; j++) {
                int other = dots + (j - tiled) * LineTile.STRIDE;
                Lines.multiply(height, depth, rows, packed, other, sums.sums(), at + j, n, add);
            }
        }
    }

    private void putPart(int part, int worker) {
        int height = sums.height();
        sums.put(
                Team.start(part, putParts, height), Team.start(part + 1, putParts, height), cAt,
                spaces.of(worker)[0]);
    }
}
