package trm4j.kernels.cpu;

import java.util.Arrays;
import trm4j.kernels.op.Embedding;

/** Rows of a table, gathered and scattered. */
final class EmbeddingKernels {

    private static final int COLUMNS = 64;

    private EmbeddingKernels() {}

    /** Each part fills the cells of one row of out. */
    static Kernel gather(Embedding.Gather op, Memory memory, Team team) {
        var ids = memory.view(op.ids());
        var table = memory.view(op.table());
        var out = memory.view(op.out());
        int n = op.ids().dim(1);
        int width = op.table().dim(1);
        int row = op.out().dim(1);
        return values -> {
            int idsAt = ids.at(values);
            int tableAt = table.at(values);
            int outAt = out.at(values);
            team.run(op.ids().dim(0), (b, worker) -> {
                for (int j = 0; j < n; j++) {
                    int from = tableAt + ids.ints()[idsAt + b * n + j] * width;
                    int to = outAt + b * row + op.start() + j * op.cell();
                    scale(table.floats(), from, op.scale(), out.floats(), to, width);
                    Arrays.fill(out.floats(), to + width, to + op.cell(), 0f);
                }
            });
        };
    }

    /** Each part adds up some columns of the table, for all ids in order. */
    static Kernel scatterAdd(Embedding.ScatterAdd op, Memory memory, Team team) {
        var ids = memory.view(op.ids());
        var dOut = memory.view(op.dOut());
        var dTable = memory.view(op.dTable());
        int n = op.ids().dim(1);
        int width = op.dTable().dim(1);
        int row = op.dOut().dim(1);
        return values -> {
            int idsAt = ids.at(values);
            int dOutAt = dOut.at(values);
            int dTableAt = dTable.at(values);
            team.run(Math.ceilDiv(width, COLUMNS), (part, worker) -> {
                int column = part * COLUMNS;
                int count = Math.min(COLUMNS, width - column);
                for (int i = 0; i < op.ids().size(); i++) {
                    int from = dOutAt + i / n * row + op.start() + i % n * op.cell() + column;
                    int to = dTableAt + ids.ints()[idsAt + i] * width + column;
                    addScaled(dOut.floats(), from, op.scale(), dTable.floats(), to, count);
                }
            });
        };
    }

    static void scale(float[] from, int fromAt, float scale, float[] to, int toAt, int count) {
        for (int i = 0; i < count; i++) {
            to[toAt + i] = scale * from[fromAt + i];
        }
    }

    static void addScaled(float[] from, int fromAt, float scale, float[] to, int toAt, int count) {
        for (int i = 0; i < count; i++) {
            to[toAt + i] = Math.fma(scale, from[fromAt + i], to[toAt + i]);
        }
    }
}
