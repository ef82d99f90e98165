package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.Embedding;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Rows of a table, chosen by number. */
final class EmbeddingKernels {

    private EmbeddingKernels() {}

    /** Each thread sets one element of one cell. */
    static void gather(int[] calls, int at, float scale, int[] ids, float[] table, float[] out) {
        int row = calls[Calls.ROW] + at;
        int idsAt = calls[row];
        int tableAt = calls[row + 1];
        int outAt = calls[row + 2];
        int n = calls[row + 3];
        int count = calls[row + 4];
        int width = calls[row + 5];
        int cell = calls[row + 6];
        int start = calls[row + 7];
        int outWidth = calls[row + 8];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            int which = i / cell;
            int c = i - which * cell;
            int b = which / count;
            float value = 0;
            if (c < width) {
                value = scale * table[tableAt + ids[idsAt + which] * width + c];
            }
            out[outAt + b * outWidth + start + (which - b * count) * cell + c] = value;
        }
    }

    /** Each thread adds to one element of the table all that belongs to it, in the order of the ids. */
    static void scatterAdd(int[] calls, int at, float scale, int[] ids, float[] dOut, float[] dTable) {
        int row = calls[Calls.ROW] + at;
        int idsAt = calls[row];
        int dOutAt = calls[row + 1];
        int dTableAt = calls[row + 2];
        int n = calls[row + 3];
        int batch = calls[row + 4];
        int count = calls[row + 5];
        int width = calls[row + 6];
        int cell = calls[row + 7];
        int start = calls[row + 8];
        int outWidth = calls[row + 9];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            int id = i / width;
            int c = i - id * width;
            float sum = 0;
            for (int b = 0; b < batch; b++) {
                int from = dOutAt + b * outWidth + start + c;
                for (int j = 0; j < count; j++) {
                    if (ids[idsAt + b * count + j] == id) {
                        sum += dOut[from + j * cell];
                    }
                }
            }
            dTable[dTableAt + i] += scale * sum;
        }
    }

    static Launch gather(Embedding.Gather op) {
        int count = op.ids().dim(1);
        int[] sizes = {
            op.ids().size() * op.cell(), count, op.table().dim(1), op.cell(), op.start(), op.out().dim(1)
        };
        return Launch.elementwise("gather", List.of(op.ids(), op.table(), op.out()), sizes, (graph, id, on) ->
                graph.task(
                        id, EmbeddingKernels::gather, on.calls(), on.at(), op.scale(), on.ints(0), on.floats(1),
                        on.floats(2)));
    }

    static Launch scatterAdd(Embedding.ScatterAdd op) {
        int[] sizes = {
            op.dTable().size(), op.ids().dim(0), op.ids().dim(1), op.dTable().dim(1), op.cell(), op.start(),
            op.dOut().dim(1)
        };
        return Launch.elementwise("scatterAdd", List.of(op.ids(), op.dOut(), op.dTable()), sizes, (graph, id, on) ->
                graph.task(
                        id, EmbeddingKernels::scatterAdd, on.calls(), on.at(), op.scale(), on.ints(0), on.floats(1),
                        on.floats(2)));
    }
}
