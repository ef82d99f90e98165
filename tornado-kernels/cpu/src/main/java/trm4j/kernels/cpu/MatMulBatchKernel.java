package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.KC;
import static trm4j.kernels.cpu.Gemm.MR;
import static trm4j.kernels.cpu.Gemm.NR;

import trm4j.kernels.op.MatMul;

/**
 * One matrix by each of a batch: all threads pack the one, once for all products; then each part takes some columns
 * of one product. Sums are those of {@link MatMulKernel}.
 */
final class MatMulBatchKernel implements Kernel {

    /** Panels of B in a part, with sums of length KC: as much as a block of A, so that both fit the second-level cache. */
    private static final int PANELS = 4;

    private final MatMul op;
    private final Team team;
    private final Gemm[] gemms;
    private final float[] packedA;
    private final float[][] packedB;
    private final float[][] sums;
    private final Spaces spaces;
    /** Whether an operand is of bfloat16: both are rounded to it then, and so are the products. */
    private final boolean rounds;
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final int m;
    private final int n;
    private final int k;
    private final Team.Parts packPart = this::packPart;
    private final Team.Parts columnsPart = this::columnsPart;
    private final int rowPanels;
    private final int packParts;
    private final int columnParts;
    private int aAt;
    private int bAt;
    private int cAt;

    MatMulBatchKernel(MatMul op, Memory memory, Team team, Scratch scratch) {
        this.op = op;
        this.team = team;
        gemms = scratch.gemms;
        packedA = scratch.packed;
        packedB = scratch.packedColumns;
        sums = scratch.ownSums;
        spaces = scratch.spaces;
        rounds = MatMulKernel.rounds(op);
        a = Matrix.of(op.a(), op.transposeA(), memory);
        b = Matrix.of(op.b(), op.transposeB(), memory);
        c = Matrix.of(op.c(), false, memory);
        m = op.m();
        n = op.n();
        k = op.k();
        rowPanels = Math.ceilDiv(m, MR);
        packParts = Math.min(rowPanels, 4 * team.size());
        columnParts = Math.ceilDiv(n, columns(op) * NR);
    }

    /** Tells whether products are of one matrix by each of a batch. */
    static boolean fits(MatMul op) {
        return op.a().rank() == 2 && op.b().rank() == 3 && op.c().rank() == 3;
    }

    /** Returns the panels of B in a part: of shorter sums, more. */
    private static int columns(MatMul op) {
        return Math.clamp(PANELS * KC / Math.min(KC, op.k()), 1, Math.ceilDiv(op.n(), NR));
    }

    /** Returns the space for all of A and, for each worker, for columns of B. */
    static Scratch.Size scratch(MatMul op) {
        int width = columns(op) * NR;
        return Scratch.Size.packed(Gemm.packedRows(op.m(), op.k()), width * Math.min(op.k(), KC))
                .with(MatMulKernel.rounds(op) ? Scratch.Size.rounded(0, op.m() * width, width) : Scratch.Size.NONE);
    }

    @Override
    public void run(int[] values) {
        aAt = a.view().at(values);
        bAt = b.view().at(values);
        cAt = c.view().at(values);
        team.run(packParts, packPart);
        team.run(op.batch() * columnParts, columnsPart);
    }

    private void packPart(int part, int worker) {
        int first = Team.start(part, packParts, rowPanels);
        int last = Team.start(part + 1, packParts, rowPanels);
        for (int p = 0; p < k; p += KC) {
            gemms[worker].packRows(a, rounds, aAt, m, k, p, first, last, packedA, 0);
        }
    }

    private void columnsPart(int part, int worker) {
        int x = part / columnParts;
        int j = part % columnParts * columns(op) * NR;
        int width = Math.min(columns(op) * NR, n - j);
        var gemm = gemms[worker];
        var packed = packedB[worker];
        for (int p = 0; p < k; p += KC) {
            int depth = Math.min(KC, k - p);
            gemm.columns.pack(
                    b.array(), rounds, bAt + x * b.batch() + p * b.row() + j * b.column(), b.column(), b.row(), width,
                    depth, 0, gemm.columns.count(width), packed, 0);
            if (rounds) {
                gemm.multiplyPacked(
                        m, width, depth, packedA, Gemm.packedRows(m, p), packed, 0, sums[worker], 0, width, p > 0);
            } else {
                gemm.multiplyPacked(
                        m, width, depth, packedA, Gemm.packedRows(m, p), packed, 0, c.view().floats(),
                        cAt + x * c.batch() + j, c.row(), op.accumulate() || p > 0);
            }
        }
        for (int i = 0; rounds && i < m; i++) {
            RoundedSums.put(
                    sums[worker], i * width, c.view(), cAt + x * c.batch() + i * c.row() + j, width, op.accumulate(),
                    spaces.of(worker)[0]);
        }
    }
}
