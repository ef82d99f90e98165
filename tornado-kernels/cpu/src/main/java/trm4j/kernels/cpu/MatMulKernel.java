package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.KC;
import static trm4j.kernels.cpu.Gemm.MR;
import static trm4j.kernels.cpu.Gemm.NR;

import trm4j.kernels.op.MatMul;

/**
 * Matrix products, one after the other: all threads pack a block of B together, then each takes blocks of C. An
 * element of C is summed in blocks of KC, so that its bits do not depend on who computes it.
 */
final class MatMulKernel implements Kernel {

    private final MatMul op;
    private final Team team;
    private final Gemm[] gemms;
    private final float[] packed;
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final int m;
    private final int n;
    private final int k;
    private final Team.Parts packPart = this::packPart;
    private final Team.Parts blockPart = this::blockPart;

    private final int rowPanels;
    private final int rowParts;
    private final int columnPanels;
    private final int columnParts;
    private final int packParts;

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
        a = Matrix.of(op.a(), op.transposeA(), memory);
        b = Matrix.of(op.b(), op.transposeB(), memory);
        c = Matrix.of(op.c(), false, memory);
        m = op.m();
        n = op.n();
        k = op.k();
        rowPanels = Math.ceilDiv(m, MR);
        columnPanels = Math.ceilDiv(n, NR);
        packParts = Math.min(columnPanels, 4 * team.size());
        // As many rows as fit the cache, but as many parts for each thread as for the others.
        int blocks = Math.ceilDiv(rowPanels, Gemm.PANELS);
        rowParts = Math.min(rowPanels, Math.ceilDiv(blocks, team.size()) * team.size());
        columnParts = Math.min(columnPanels, Math.ceilDiv(2 * team.size(), rowParts));
    }

    /** Returns the space for a block of B. */
    static Scratch.Size scratch(MatMul op) {
        return new Scratch.Size(Gemm.packedSize(op.n(), Math.min(op.k(), KC)), 0, 0, 0);
    }

    @Override
    public void run(int[] values) {
        boolean sums = op.batch() > 1 && op.c().rank() == 2;
        aAt = a.view().at(values);
        bAt = b.view().at(values);
        cAt = c.view().at(values);
        for (int x = 0; x < op.batch(); x++) {
            for (block = 0; block < k; block += KC) {
                add = op.accumulate() || block > 0 || sums && x > 0;
                team.run(packParts, packPart);
                team.run(rowParts * columnParts, blockPart);
            }
            aAt += a.batch();
            bAt += b.batch();
            cAt += c.batch();
        }
    }

    /** Returns where part number {@code part} of {@code parts} starts, of {@code all}. */
    static int start(int part, int parts, int all) {
        return (int) ((long) part * all / parts);
    }

    private void packPart(int part, int worker) {
        int depth = Math.min(KC, k - block);
        int first = start(part, packParts, columnPanels);
        gemms[worker].columns.pack(
                b.array(), bAt + block * b.row(), b.column(), b.row(), n, depth, first,
                start(part + 1, packParts, columnPanels), packed, first * NR * depth);
    }

    private void blockPart(int part, int worker) {
        int depth = Math.min(KC, k - block);
        int i = start(part % rowParts, rowParts, rowPanels) * MR;
        int iEnd = Math.min(m, start(part % rowParts + 1, rowParts, rowPanels) * MR);
        int j = start(part / rowParts, columnParts, columnPanels) * NR;
        int jEnd = Math.min(n, start(part / rowParts + 1, columnParts, columnPanels) * NR);
        gemms[worker].multiply(
                iEnd - i, jEnd - j, depth, a.array(), aAt + i * a.row() + block * a.column(), a.row(), a.column(),
                packed, j * depth, c.array(), cAt + i * c.row() + j, c.row(), add);
    }
}
