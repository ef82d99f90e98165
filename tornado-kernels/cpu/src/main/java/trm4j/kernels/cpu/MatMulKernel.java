package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.KC;
import static trm4j.kernels.cpu.Gemm.MR;
import static trm4j.kernels.cpu.Gemm.NR;

import trm4j.kernels.ElementType;
import trm4j.kernels.op.MatMul;

/**
 * Matrix products, one after the other: all threads pack a block of B together, then each takes blocks of C. An
 * element of C is summed in blocks of KC, so that its bits do not depend on who computes it.
 */
final class MatMulKernel implements Kernel {

    /** The most rows of A that are packed by all threads together: more make parts enough, which pack their own. */
    private static final int MOST_ROWS = 8 * Gemm.PANELS * MR;

    private final MatMul op;
    private final Team team;
    private final Gemm[] gemms;
    private final float[] packed;
    /** Where sums are made that are rounded once they are whole; C itself where they are not. */
    private final float[] sums;
    private final float[][] ownSums;
    private final Spaces spaces;
    /** Whether an operand is of bfloat16: both are rounded to it then, and so are the products. */
    private final boolean rounds;
    /** Whether a part of C is summed up from one end to the other, with all of B packed. */
    private final boolean whole;
    /** Whether all of A is packed too, since several parts take the same rows. */
    private final boolean packsRows;
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final int m;
    private final int n;
    private final int k;
    private final Team.Parts packPart = this::packPart;
    private final Team.Parts packAllPart = this::packAllPart;
    private final Team.Parts blockPart = this::blockPart;
    private final Team.Parts wholePart = this::wholePart;
    private final Team.Parts roundPart = this::roundPart;

    private final int rowPanels;
    private final int rowParts;
    private final int columnPanels;
    private final int columnParts;
    private final int packParts;
    /** Those of a block of sums where all is packed, panels of A behind those of B. */
    private final int packAllParts;
    /** Where packed rows of A start, behind all of B. */
    private final int rowsAt;

    // One block's places, set before the team starts.
    private int aAt;
    private int bAt;
    private int cAt;
    private int block;
    private boolean add;

    MatMulKernel(MatMul op, Memory memory, Team team, Scratch scratch) {
        this.op = op;
        this.team = team;
        gemms = scratch.gemms;
        packed = scratch.packed;
        sums = scratch.sums;
        ownSums = scratch.ownSums;
        spaces = scratch.spaces;
        rounds = rounds(op);
        whole = whole(op);
        a = Matrix.of(op.a(), op.transposeA(), memory);
        b = Matrix.of(op.b(), op.transposeB(), memory);
        c = Matrix.of(op.c(), false, memory);
        m = op.m();
        n = op.n();
        k = op.k();
        rowPanels = Math.ceilDiv(m, MR);
        columnPanels = Math.ceilDiv(n, NR);
        packParts = Math.min(columnPanels, 4 * team.size());
        // As many rows as fit the cache, but as many parts for each thread as for the others, and several, so that none
        // waits long.
        int blocks = Math.ceilDiv(rowPanels, Gemm.PANELS);
        rowParts = Math.min(rowPanels, Math.ceilDiv(blocks, team.size()) * team.size());
        columnParts = Math.min(columnPanels, Math.ceilDiv(4 * team.size(), rowParts));
        packsRows = whole && columnParts > 1 && m <= MOST_ROWS;
        packAllParts = packParts + (packsRows ? rowPanels : 0);
        rowsAt = Gemm.packedSize(n, k);
    }

    /** Returns the space for a block of B; for sums that are to be rounded, and all of B then. */
    static Scratch.Size scratch(MatMul op) {
        if (whole(op)) {
            int rows = op.m() <= MOST_ROWS ? Gemm.packedRows(op.m(), op.k()) : 0;
            var all = Scratch.Size.packed(Math.addExact(Gemm.packedSize(op.n(), op.k()), rows), 0);
            int sums = Math.min(op.m(), Gemm.PANELS * MR) * op.n();
            return rounds(op) ? all.with(Scratch.Size.rounded(0, sums, op.n())) : all;
        }
        var packed = Scratch.Size.packed(Gemm.packedSize(op.n(), Math.min(op.k(), KC)), 0);
        return rounds(op) ? packed.with(Scratch.Size.rounded(op.m() * op.n(), 0, op.n())) : packed;
    }

    /** Tells whether an operand is of bfloat16, or C is. */
    static boolean rounds(MatMul op) {
        return Spaces.rounds(op);
    }

    /** Tells whether B is better packed whole, and C summed up part by part in the cache. */
    private static boolean whole(MatMul op) {
        return !sums(op) && (rounds(op) ? op.c().type() == ElementType.BF16 : op.k() > KC);
    }

    /** Tells whether C is the sum of a batch of products. */
    private static boolean sums(MatMul op) {
        return op.batch() > 1 && op.c().rank() == 2;
    }

    @Override
    public void run(int[] values) {
        aAt = a.view().at(values);
        bAt = b.view().at(values);
        cAt = c.view().at(values);
        boolean addsUp = sums(op);
        for (int x = 0; x < op.batch(); x++) {
            if (whole) {
                team.run(Math.ceilDiv(k, KC) * packAllParts, packAllPart);
                team.run(rowParts * columnParts, wholePart);
            } else {
                runBlocks(op.accumulate() && !rounds || addsUp && x > 0);
                if (rounds && (!addsUp || x == op.batch() - 1)) {
                    team.run(rowParts, roundPart);
                }
            }
            aAt += a.batch();
            bAt += b.batch();
            cAt += c.batch();
        }
    }

    private void runBlocks(boolean adds) {
        for (block = 0; block < k; block += KC) {
            add = adds || block > 0;
            team.run(packParts, packPart);
            team.run(rowParts * columnParts, blockPart);
        }
    }

    /** Returns the first row of one of the parts that rows are shared out in, or m behind the last. */
    private int row(int rowPart) {
        return Math.min(m, Team.start(rowPart, rowParts, rowPanels) * MR);
    }

    /** The same of columns. */
    private int column(int columnPart) {
        return Math.min(n, Team.start(columnPart, columnParts, columnPanels) * NR);
    }

    private void packPart(int part, int worker) {
        packColumns(block, part, 0, worker);
    }

    /** Packs some columns of a block of B, or a panel of rows of A in a block of sums. */
    private void packAllPart(int part, int worker) {
        int from = part / packAllParts * KC;
        int number = part % packAllParts;
        if (number < packParts) {
            packColumns(from, number, Gemm.packedSize(n, from), worker);
        } else {
            int panel = number - packParts;
            gemms[worker].packRows(a, rounds, aAt, m, k, from, panel, panel + 1, packed, rowsAt);
        }
    }

    private void packColumns(int from, int part, int to, int worker) {
        int depth = Math.min(KC, k - from);
        int first = Team.start(part, packParts, columnPanels);
        gemms[worker].columns.pack(
                b.array(), rounds, bAt + from * b.row(), b.column(), b.row(), n, depth, first,
                Team.start(part + 1, packParts, columnPanels), packed, to + first * NR * depth);
    }

    private void blockPart(int part, int worker) {
        int depth = Math.min(KC, k - block);
        int i = row(part / columnParts);
        int iEnd = row(part / columnParts + 1);
        int j = column(part % columnParts);
        int jEnd = column(part % columnParts + 1);
        gemms[worker].multiply(
                iEnd - i, jEnd - j, depth, a.array(), rounds, aAt + i * a.row() + block * a.column(), a.row(),
                a.column(), packed, j * depth, rounds ? sums : c.view().floats(),
                rounds ? i * n + j : cAt + i * c.row() + j, rounds ? n : c.row(), add);
    }

    /** Sums up a part of C; aside, if it is to be rounded into its place. */
    private void wholePart(int part, int worker) {
        int i = row(part / columnParts);
        int iEnd = row(part / columnParts + 1);
        int j = column(part % columnParts);
        int width = column(part % columnParts + 1) - j;
        var to = rounds ? ownSums[worker] : c.view().floats();
        for (int p = 0; p < k; p += KC) {
            int depth = Math.min(KC, k - p);
            int columns = Gemm.packedSize(n, p) + j * depth;
            int place = rounds ? 0 : cAt + i * c.row() + j;
            int row = rounds ? width : c.row();
            boolean adds = p > 0 || !rounds && op.accumulate();
            if (packsRows) {
                int rows = rowsAt + Gemm.packedRows(m, p) + Gemm.packedRows(i, depth);
                gemms[worker].multiplyPacked(iEnd - i, width, depth, packed, rows, packed, columns, to, place, row, adds);
            } else {
                gemms[worker].multiply(
                        iEnd - i, width, depth, a.array(), rounds, aAt + i * a.row() + p * a.column(), a.row(),
                        a.column(), packed, columns, to, place, row, adds);
            }
        }
        for (int row = i; rounds && row < iEnd; row++) {
            RoundedSums.put(
                    to, (row - i) * width, c.view(), cAt + row * c.row() + j, width, op.accumulate(),
                    spaces.of(worker)[0]);
        }
    }

    /** Rounds rows of the sums into their places. */
    private void roundPart(int part, int worker) {
        for (int i = row(part); i < row(part + 1); i++) {
            RoundedSums.put(sums, i * n, c.view(), cAt + i * c.row(), n, op.accumulate(), spaces.of(worker)[0]);
        }
    }
}
