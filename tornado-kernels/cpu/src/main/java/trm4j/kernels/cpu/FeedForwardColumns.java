package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.MR;
import static trm4j.kernels.cpu.Gemm.NR;

/**
 * A {@link FeedForward} of independent columns, for each of a batch: all threads pack both weights, then each part
 * takes some columns from one end to the other. A tile of gated products lies packed for the second product as it
 * comes. Sums are those of {@link MatMulBatchKernel}.
 */
final class FeedForwardColumns implements Kernel {

    /** Panels of columns in a part: with their gated products and the weights, about the second-level cache. */
    private static final int PANELS = 4;

    private final Team team;
    private final Gemm[] gemms;
    private final GatedTiles[] tiles;
    private final float[] weights;
    private final float[][] own;
    private final boolean keepsGateUp;
    private final boolean keepsGated;
    private final Matrix up;
    private final Matrix down;
    private final Matrix x;
    private final View gateUp;
    private final View gated;
    private final Matrix out;
    private final int batch;
    private final int columns;
    private final int height;
    private final int inner;
    private final int outHeight;
    private final int innerPanels;
    private final int outPanels;
    private final int columnPanels;
    private final int columnParts;
    private final Team.Parts packPart = this::packPart;
    private final Team.Parts columnsPart = this::columnsPart;
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
    FeedForwardColumns(
            FeedForward op, boolean keepsGateUp, boolean keepsGated, Memory memory, Team team, Scratch scratch) {
        this.team = team;
        this.keepsGateUp = keepsGateUp;
        this.keepsGated = keepsGated;
        gemms = scratch.gemms;
        tiles = scratch.tiles;
        weights = scratch.packed;
        own = scratch.packedColumns;
        up = Matrix.of(op.project().a(), op.project().transposeA(), memory);
        x = Matrix.of(op.project().b(), op.project().transposeB(), memory);
        down = Matrix.of(op.down().a(), op.down().transposeA(), memory);
        gateUp = memory.view(op.gate().gateUp());
        gated = memory.view(op.gate().out());
        out = Matrix.of(op.down().c(), false, memory);
        batch = op.project().batch();
        columns = op.project().n();
        height = op.project().k();
        inner = op.inner();
        outHeight = op.down().m();
        innerPanels = Math.ceilDiv(inner, MR);
        outPanels = Math.ceilDiv(outHeight, MR);
        columnPanels = Math.ceilDiv(columns, NR);
        columnParts = Math.ceilDiv(columnPanels, PANELS);
    }

    /** Tells whether there are columns enough for some threads. */
    static boolean fits(FeedForward op, int threads) {
        return !op.byRows() && op.project().batch() * Math.ceilDiv(op.project().n(), PANELS * NR) >= 2 * threads;
    }

    /** Returns the space for both weights and, for each worker, for columns and their gated products. */
    static Scratch.Size scratch(FeedForward op) {
        int packed = Math.addExact(
                2 * Gemm.packedRows(op.inner(), op.project().k()), Gemm.packedRows(op.down().m(), op.inner()));
        int columns = Math.min(op.project().n(), PANELS * NR);
        return Scratch.Size.packed(packed, Gemm.packedSize(columns, op.project().k() + op.inner()));
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
        team.run(batch * columnParts, columnsPart);
    }

    /** Packs a panel of gates, of ups, or of the second weights. */
    private void packPart(int part, int worker) {
        var rows = gemms[worker].rows;
        int half = part / innerPanels;
        if (half < 2) {
            int panel = part - half * innerPanels;
            rows.pack(
                    up.array(), false, upAt + half * inner * up.row(), up.row(), up.column(), inner, height, panel,
                    panel + 1, weights, part * rows.width * height);
        } else {
            int panel = part - 2 * innerPanels;
            rows.pack(
                    down.array(), false, downAt, down.row(), down.column(), outHeight, inner, panel, panel + 1, weights,
                    downPanel(panel));
        }
    }

    private int downPanel(int panel) {
        return (2 * innerPanels * height + panel * inner) * Panels.width(MR);
    }

    private void columnsPart(int part, int worker) {
        int puzzle = part / columnParts;
        int number = part % columnParts;
        int first = Team.start(number, columnParts, columnPanels) * NR;
        int count = Math.min(columns, Team.start(number + 1, columnParts, columnPanels) * NR) - first;
        var packed = own[worker];
        var panels = gemms[worker].columns;
        panels.pack(
                x.array(), false, xAt + puzzle * x.batch() + first * x.column(), x.column(), x.row(), count, height, 0,
                panels.count(count), packed, 0);
        for (int i = 0; i < innerPanels; i++) {
            for (int j = 0; j < count; j += NR) {
                gate(puzzle, first, count, i, j, worker);
            }
        }
        var tile = tiles[worker];
        for (int i = 0; i < outPanels; i++) {
            for (int j = 0; j < count; j += NR) {
                tile.sum(inner, weights, downPanel(i), packed, gatedPanel(count, j), tile.sums);
                GatedTiles.put(
                        tile.sums, 0, Math.min(MR, outHeight - i * MR), Math.min(NR, count - j), out.view().floats(),
                        outAt + puzzle * out.batch() + i * MR * out.row() + first + j, out.row());
            }
        }
    }

    /** Where the packed gated products of columns from j on lie in a worker's space, behind the columns themselves. */
    private int gatedPanel(int count, int j) {
        return Gemm.packedSize(count, height) + Gemm.packedSize(j, inner);
    }

    /** Gates, ups and gated products of panel i of rows and of a panel of columns from j on. */
    private void gate(int puzzle, int first, int count, int i, int j, int worker) {
        var tile = tiles[worker];
        var packed = own[worker];
        int rows = Math.min(MR, inner - i * MR);
        int width = Math.min(NR, count - j);
        int panel = i * Panels.width(MR) * height;
        int b = Gemm.packedSize(j, height);
        tile.sum(height, weights, panel, packed, b, tile.gates);
        tile.sum(height, weights, innerPanels * Panels.width(MR) * height + panel, packed, b, tile.ups);
        int at = gatedPanel(count, j) + i * MR * NR;
        tile.multiply(rows, packed, at);
        int row = i * MR;
        if (keepsGateUp) {
            int place = gateUpAt + (2 * puzzle * inner + row) * columns + first + j;
            GatedTiles.put(tile.gates, 0, rows, width, gateUp.floats(), place, columns);
            GatedTiles.put(tile.ups, 0, rows, width, gateUp.floats(), place + inner * columns, columns);
        }
        if (keepsGated) {
            int place = gatedAt + (puzzle * inner + row) * columns + first + j;
            GatedTiles.put(packed, at, rows, width, gated.floats(), place, columns);
        }
    }
}
