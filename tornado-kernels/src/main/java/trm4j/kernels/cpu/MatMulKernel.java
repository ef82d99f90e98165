package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.KC;
import static trm4j.kernels.cpu.Gemm.MC;
import static trm4j.kernels.cpu.Gemm.NR;

import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;

/**
 * Matrix products. One large product: all threads pack a block of B together, then each takes blocks of
 * C. A batch of small ones: each thread takes whole products. An element of C is summed in blocks of KC
 * either way, so the bits do not depend on the choice.
 */
final class MatMulKernel implements Kernel {

    private final MatMul op;
    private final Team team;
    private final Gemm[] gemms;
    private final float[][] packed;
    private final Operand a;
    private final Operand b;
    private final Operand c;
    private final int m;
    private final int n;
    private final int k;
    private final boolean sumBatch;
    private final Team.Parts product = this::product;
    private final Team.Parts packPart = this::packPart;
    private final Team.Parts blockPart = this::blockPart;

    private final int panels;
    private final int panelsPerPart;
    private final int rowsPerPart;
    private final int rowParts;
    private final int columnParts;

    // One run's places, set before the team starts.
    private int aAt;
    private int bAt;
    private int cAt;
    private int block;
    private boolean add;

    /** A matrix or a batch of them: element (i, j) of matrix number x is at x*batch + i*row + j*column. */
    private record Operand(View view, int batch, int row, int column) {

        static Operand of(Tensor t, boolean transposed, Memory memory) {
            int columns = t.dim(-1);
            return new Operand(
                    memory.view(t), t.rank() == 3 ? t.dim(1) * columns : 0, transposed ? 1 : columns,
                    transposed ? columns : 1);
        }

        float[] array() {
            return view.floats();
        }
    }

    /** @param packed for each worker, space for a block of B; the first is shared for large products */
    MatMulKernel(MatMul op, Memory memory, Team team, Gemm[] gemms, float[][] packed) {
        this.op = op;
        this.team = team;
        this.gemms = gemms;
        this.packed = packed;
        a = Operand.of(op.a(), op.transposeA(), memory);
        b = Operand.of(op.b(), op.transposeB(), memory);
        c = Operand.of(op.c(), false, memory);
        m = op.m();
        n = op.n();
        k = op.k();
        sumBatch = op.batch() > 1 && op.c().rank() == 2;

        panels = Math.ceilDiv(n, NR);
        panelsPerPart = Math.ceilDiv(panels, 4 * team.size());
        rowsPerPart = Math.min(MC, Math.ceilDiv(Math.ceilDiv(m, team.size()), Gemm.MR) * Gemm.MR);
        rowParts = Math.ceilDiv(m, rowsPerPart);
        columnParts = Math.min(panels, Math.ceilDiv(2 * team.size(), rowParts));
    }

    /** Floats of packed B that this product needs, at most. */
    static int packedSize(MatMul op) {
        return Gemm.packedSize(op.n(), op.batch() == 1 ? Math.min(op.k(), KC) : op.k());
    }

    @Override
    public void run(int[] values) {
        aAt = a.view.at(values);
        bAt = b.view.at(values);
        cAt = c.view.at(values);
        if (!sumBatch && op.batch() >= team.size() && op.batch() > 1) {
            team.run(op.batch(), product);
            return;
        }
        for (int x = 0; x < op.batch(); x++) {
            for (block = 0; block < k; block += KC) {
                add = op.accumulate() || block > 0 || sumBatch && x > 0;
                team.run(Math.ceilDiv(panels, panelsPerPart), packPart);
                team.run(rowParts * columnParts, blockPart);
            }
            aAt += a.batch;
            bAt += b.batch;
            cAt += c.batch;
        }
    }

    private void packPart(int part, int worker) {
        Gemm.packB(
                b.array(), bAt + block * b.row, b.row, b.column, Math.min(KC, k - block), n, part * panelsPerPart,
                Math.min(panels, (part + 1) * panelsPerPart), packed[0], 0);
    }

    private void blockPart(int part, int worker) {
        int depth = Math.min(KC, k - block);
        int i = part % rowParts * rowsPerPart;
        int first = (int) ((long) (part / rowParts) * panels / columnParts);
        int last = (int) ((long) (part / rowParts + 1) * panels / columnParts);
        int j = first * NR;
        gemms[worker].multiply(
                Math.min(rowsPerPart, m - i), Math.min(n, last * NR) - j, depth, a.array(),
                aAt + i * a.row + block * a.column, a.row, a.column, packed[0], j * depth, c.array(),
                cAt + i * c.row + j, c.row, add);
    }

    private void product(int x, int worker) {
        Gemm.packAll(b.array(), bAt + x * b.batch, b.row, b.column, k, n, packed[worker]);
        gemms[worker].multiplyAll(
                m, n, k, a.array(), aAt + x * a.batch, a.row, a.column, packed[worker], c.array(),
                cAt + x * c.batch, c.row, op.accumulate());
    }
}
