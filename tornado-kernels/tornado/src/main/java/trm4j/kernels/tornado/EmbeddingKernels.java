package trm4j.kernels.tornado;

import trm4j.kernels.op.Embedding;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Rows of a table, chosen by number. */
final class EmbeddingKernels {

    private EmbeddingKernels() {}

    /** Columns of gather. */
    private static final class GatherRow {
        static final int IDS = 0, TABLE = 1, OUT = 2, N = 3, COUNT = 4, WIDTH = 5, CELL = 6, START = 7, OUT_WIDTH = 8,
                END = 9;
    }

    /** Each thread sets one element of one cell. */
    static void gather(int[] ints, int at, float scale, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int idsAt = ints[row + GatherRow.IDS];
        int tableAt = ints[row + GatherRow.TABLE];
        int outAt = ints[row + GatherRow.OUT];
        int n = ints[row + GatherRow.N];
        int count = ints[row + GatherRow.COUNT];
        int width = ints[row + GatherRow.WIDTH];
        int cell = ints[row + GatherRow.CELL];
        int start = ints[row + GatherRow.START];
        int outWidth = ints[row + GatherRow.OUT_WIDTH];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int which = i / cell;
            int c = i - which * cell;
            int b = which / count;
            float value = 0;
            if (c < width) {
                value = scale * Rounding.of(f[tableAt + ints[idsAt + which] * width + c], rounds);
            }
            f[outAt + b * outWidth + start + (which - b * count) * cell + c] = value;
        }
    }

    /** Columns of scatterAdd. */
    private static final class ScatterRow {
        static final int IDS = 0, D_OUT = 1, D_TABLE = 2, N = 3, BATCH = 4, COUNT = 5, WIDTH = 6, CELL = 7, START = 8,
                OUT_WIDTH = 9, END = 10;
    }

    /** Each thread adds to one element of the table all that belongs to it, in the order of the ids. */
    static void scatterAdd(int[] ints, int at, float scale, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int idsAt = ints[row + ScatterRow.IDS];
        int dOutAt = ints[row + ScatterRow.D_OUT];
        int dTableAt = ints[row + ScatterRow.D_TABLE];
        int n = ints[row + ScatterRow.N];
        int batch = ints[row + ScatterRow.BATCH];
        int count = ints[row + ScatterRow.COUNT];
        int width = ints[row + ScatterRow.WIDTH];
        int cell = ints[row + ScatterRow.CELL];
        int start = ints[row + ScatterRow.START];
        int outWidth = ints[row + ScatterRow.OUT_WIDTH];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int id = i / width;
            int c = i - id * width;
            float sum = 0;
            for (int b = 0; b < batch; b++) {
                int from = dOutAt + b * outWidth + start + c;
                for (int j = 0; j < count; j++) {
                    if (ints[idsAt + b * count + j] == id) {
                        float gradient = f[from + j * cell];
                        if (rounds != Rounding.NONE) {
                            gradient = Rounding.of(scale * gradient, rounds);
                        }
                        sum += gradient;
                    }
                }
            }
            if (rounds == Rounding.NONE) {
                sum = scale * sum;
            }
            f[dTableAt + i] += sum;
        }
    }

    static Recipe gather(Embedding.Gather op, int rounds) {
        int n = op.ids().size() * op.cell();
        return Recipe.of(Launch.of("gather", GatherRow.END)
                .operand(GatherRow.IDS, op.ids())
                .operand(GatherRow.TABLE, op.table())
                .operand(GatherRow.OUT, op.out())
                .size(GatherRow.N, n)
                .size(GatherRow.COUNT, op.ids().dim(1))
                .size(GatherRow.WIDTH, op.table().dim(1))
                .size(GatherRow.CELL, op.cell())
                .size(GatherRow.START, op.start())
                .size(GatherRow.OUT_WIDTH, op.out().dim(1))
                .on(Threads.of(n), caller -> caller.loop(EmbeddingKernels::gather, op.scale(), rounds)));
    }

    static Recipe scatterAdd(Embedding.ScatterAdd op, int rounds) {
        int n = op.dTable().size();
        return Recipe.of(Launch.of("scatterAdd", ScatterRow.END)
                .operand(ScatterRow.IDS, op.ids())
                .operand(ScatterRow.D_OUT, op.dOut())
                .operand(ScatterRow.D_TABLE, op.dTable())
                .size(ScatterRow.N, n)
                .size(ScatterRow.BATCH, op.ids().dim(0))
                .size(ScatterRow.COUNT, op.ids().dim(1))
                .size(ScatterRow.WIDTH, op.dTable().dim(1))
                .size(ScatterRow.CELL, op.cell())
                .size(ScatterRow.START, op.start())
                .size(ScatterRow.OUT_WIDTH, op.dOut().dim(1))
                .on(Threads.of(n), caller -> caller.loop(EmbeddingKernels::scatterAdd, op.scale(), rounds)));
    }
}
