package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.MR;
import static trm4j.kernels.cpu.Gemm.NR;

/**
 * A {@link FeedForward} of independent rows: all threads pack both weights, then each part takes some rows from one end
 * to the other. Sums are those of {@link MatMulKernel}.
 */
final class FeedForwardRows implements Kernel {

    /** Panels of rows in a part: with their gated products, less than the second-level cache. */
    private static final int PANELS = Gemm.PANELS / 2;

    private final Team team;
    private final Gemm[] gemms;
    private final GatedTiles[] tiles;
    private final float[] weights;
    private final float[][] own;
    private final boolean keepsGateUp;
    private final boolean keepsGated;
    private final Matrix x;
    private final Matrix up;
    private final Matrix down;
    private final View gateUp;
    private final View gated;
    private final Matrix out;
    private final int rows;
    private final int width;
    private final int inner;
    private final int outWidth;
    private final int rowPanels;
    private final int innerPanels;
    private final int outPanels;
    private final int parts;
    private final Team.Parts packPart = this::packPart;
    private final Team.Parts rowsPart = this::rowsPart;
    private int xAt;
    private int upAt;
    private int downAt;
    private int gateUpAt;
    private int gatedAt;
    private int outAt;

    /**
     * Makes a kernel.
     *
     * @param keepsGateUp whether gates and ups are written, which nothing may read otherwise
     * @param keepsGated the same for the gated product
     */
    FeedForwardRows(
            FeedForward op, boolean keepsGateUp, boolean keepsGated, Memory memory, Team team, Scratch scratch) {
        this.team = team;
        this.keepsGateUp = keepsGateUp;
        this.keepsGated = keepsGated;
        gemms = scratch.gemms;
        tiles = scratch.tiles;
        weights = scratch.packed;
        own = scratch.packedColumns;
        x = Matrix.of(op.project().a(), op.project().transposeA(), memory);
        up = Matrix.of(op.project().b(), op.project().transposeB(), memory);
        down = Matrix.of(op.down().b(), op.down().transposeB(), memory);
        gateUp = memory.view(op.gate().gateUp());
        gated = memory.view(op.gate().out());
        out = Matrix.of(op.down().c(), false, memory);
        rows = op.project().m();
        width = op.project().k();
        inner = op.inner();
        outWidth = op.down().n();
        rowPanels = Math.ceilDiv(rows, MR);
        innerPanels = Math.ceilDiv(inner, NR);
        outPanels = Math.ceilDiv(outWidth, NR);
        int blocks = Math.ceilDiv(rowPanels, PANELS);
        parts = Math.min(rowPanels, Math.ceilDiv(blocks, team.size()) * team.size());
    }

    /** Tells whether there are rows enough for some threads. */
    static boolean fits(FeedForward op, int threads) {
        return op.byRows() && Math.ceilDiv(op.project().m(), MR) >= 2 * threads;
    }

    /** Returns the space for both weights and, for each worker, for rows and their gated products. */
    static Scratch.Size scratch(FeedForward op) {
        int packed = Math.addExact(
                2 * Gemm.packedSize(op.inner(), op.project().k()), Gemm.packedSize(op.down().n(), op.inner()));
        int rows = Math.min(op.project().m(), PANELS * MR);
        return Scratch.Size.packed(packed, Gemm.packedRows(rows, op.project().k() + op.inner()));
    }

    @Override
    public void run(int[] values) {
        xAt = x.view().at(values);
        upAt = up.view().at(values);
        downAt = down.view().at(values);
        gateUpAt = gateUp.at(values);
        gatedAt = gated.at(values);
        outAt = out.view().at(values);
        team.run(2 * innerPanels + outPanels, packPart);
        team.run(parts, rowsPart);
    }

    /** Packs a panel of gates, of ups, or of the second weights. */
    private void packPart(int part, int worker) {
        var columns = gemms[worker].columns;
        int half = part / innerPanels;
        if (half < 2) {
            int panel = part - half * innerPanels;
            columns.pack(
                    up.array(), false, upAt + half * inner * up.column(), up.column(), up.row(), inner, width, panel,
                    panel + 1, weights, part * NR * width);
        } else {
            int panel = part - 2 * innerPanels;
            columns.pack(
                    down.array(), false, downAt, down.column(), down.row(), outWidth, inner, panel, panel + 1, weights,
                    2 * innerPanels * NR * width + panel * NR * inner);
        }
    }

    private void rowsPart(int part, int worker) {
        int first = Team.start(part, parts, rowPanels) * MR;
        int count = Math.min(rows, Team.start(part + 1, parts, rowPanels) * MR) - first;
        var panels = gemms[worker].rows;
        panels.pack(
                x.array(), false, xAt + first * x.row(), x.row(), x.column(), count, width, 0, panels.count(count),
                own[worker], 0);
        for (int j = 0; j < innerPanels; j++) {
            for (int i = 0; i < count; i += MR) {
                gate(first, count, i, j, worker);
            }
        }
        for (int j = 0; j < outPanels; j++) {
            for (int i = 0; i < count; i += MR) {
                int b = 2 * innerPanels * NR * width + j * NR * inner;
                var tile = tiles[worker];
                tile.sum(inner, own[worker], gatedPanel(count, i), weights, b, tile.sums);
                GatedTiles.put(
                        tile.sums, 0, Math.min(MR, count - i), Math.min(NR, outWidth - j * NR), out.view().floats(),
                        outAt + (first + i) * out.row() + j * NR, out.row());
            }
        }
    }

    /** Where the packed gated products of rows from i on lie in a worker's space, behind those rows themselves. */
    private int gatedPanel(int count, int i) {
        return Gemm.packedRows(count, width) + Gemm.packedRows(i, inner);
    }

    /** Gates, ups and gated products of a panel of rows from i on and of panel j of columns. */
    private void gate(int first, int count, int i, int j, int worker) {
        var tile = tiles[worker];
        var packed = own[worker];
        int height = Math.min(MR, count - i);
        int columns = Math.min(NR, inner - j * NR);
        int a = Gemm.packedRows(i, width);
        tile.sum(width, packed, a, weights, j * NR * width, tile.gates);
        tile.sum(width, packed, a, weights, (innerPanels + j) * NR * width, tile.ups);
        tile.multiply(MR, tile.sums, 0);
        var panels = gemms[worker].rows;
        int to = gatedPanel(count, i) + j * NR * panels.width;
        if (columns == NR) {
            panels.packTile(tile.sums, height, packed, to);
        } else {
            panels.pack(tile.sums, false, 0, NR, 1, height, columns, 0, 1, packed, to);
        }
        int row = first + i;
        if (keepsGateUp) {
            int at = gateUpAt + 2 * row * inner + j * NR;
            GatedTiles.put(tile.gates, 0, height, columns, gateUp.floats(), at, 2 * inner);
            GatedTiles.put(tile.ups, 0, height, columns, gateUp.floats(), at + inner, 2 * inner);
        }
        if (keepsGated) {
            GatedTiles.put(tile.sums, 0, height, columns, gated.floats(), gatedAt + row * inner + j * NR, inner);
        }
    }
}
