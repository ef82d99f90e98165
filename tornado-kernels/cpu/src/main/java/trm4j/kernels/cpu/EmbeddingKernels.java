package trm4j.kernels.cpu;

import java.util.Arrays;
import trm4j.kernels.op.Embedding;

/** Rows of a table, gathered and scattered. */
final class EmbeddingKernels {

    private static final int COLUMNS = 64;

    private EmbeddingKernels() {}

    /** Each part fills the cells of one row of out. */
    static Kernel gather(Embedding.Gather op, Memory memory, Team team, Spaces spaces) {
        var ids = memory.view(op.ids());
        var table = memory.view(op.table());
        var out = memory.view(op.out());
        int n = op.ids().dim(1);
        int width = op.table().dim(1);
        return new Parallel(team, op.ids().dim(0), (values, b, worker) -> {
            for (int j = 0; j < n; j++) {
                int from = table.at(values) + ids.ints()[ids.at(values) + b * n + j] * width;
                int to = out.at(values) + b * op.out().dim(1) + op.start() + j * op.cell();
                if (out.array() instanceof short[] numbers) {
                    var cell = spaces.of(worker)[0];
                    System.arraycopy(table.floats(), from, cell, 0, width);
                    Halves.round(cell, 0, width);
                    CopyKernels.scale(cell, 0, op.scale(), cell, 0, width);
                    Halves.narrow(cell, 0, numbers, to, width);
                    Arrays.fill(numbers, to + width, to + op.cell(), (short) 0);
                } else {
                    CopyKernels.scale(table.floats(), from, op.scale(), out.floats(), to, width);
                    Arrays.fill(out.floats(), to + width, to + op.cell(), 0f);
                }
            }
        });
    }

    /** Each part adds up some columns of the table, for all ids in order. */
    static Kernel scatterAdd(Embedding.ScatterAdd op, Memory memory, Team team, Spaces spaces) {
        var ids = memory.view(op.ids());
        var dOut = memory.view(op.dOut());
        var dTable = memory.view(op.dTable());
        int n = op.ids().dim(1);
        int width = op.dTable().dim(1);
        return new Parallel(team, Math.ceilDiv(width, COLUMNS), (values, part, worker) -> {
            int column = part * COLUMNS;
            int count = Math.min(COLUMNS, width - column);
            for (int i = 0; i < op.ids().size(); i++) {
                int from = dOut.at(values) + i / n * op.dOut().dim(1) + op.start() + i % n * op.cell() + column;
                int to = dTable.at(values) + ids.ints()[ids.at(values) + i] * width + column;
                if (dOut.rounds()) {
                    var gradient = dOut.read(from, count, spaces.of(worker)[0]);
                    CopyKernels.scale(gradient, 0, op.scale(), gradient, 0, count);
                    Halves.round(gradient, 0, count);
                    CopyKernels.add(gradient, 0, dTable.floats(), to, dTable.floats(), to, count);
                } else {
                    CopyKernels.addScaled(dOut.floats(), from, op.scale(), dTable.floats(), to, count);
                }
            }
        });
    }
}
