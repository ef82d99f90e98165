package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.Embedding;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Rows of a table, chosen by number. */
final class EmbeddingKernels {

    private EmbeddingKernels() {}

    /** Each thread sets one element of one cell. */
    static void gather(int[] ints, int at, float scale, float[] f) {
        int row = ints[Calls.ROW] + at;
        int idsAt = ints[row];
        int tableAt = ints[row + 1];
        int outAt = ints[row + 2];
        int n = ints[row + 3];
        int count = ints[row + 4];
        int width = ints[row + 5];
        int cell = ints[row + 6];
        int start = ints[row + 7];
        int outWidth = ints[row + 8];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int which = i / cell;
            int c = i - which * cell;
            int b = which / count;
            float value = 0;
            if (c < width) {
                value = scale * f[tableAt + ints[idsAt + which] * width + c];
            }
            f[outAt + b * outWidth + start + (which - b * count) * cell + c] = value;
        }
    }

    /** Each thread adds to one element of the table all that belongs to it, in the order of the ids. */
    static void scatterAdd(int[] ints, int at, float scale, float[] f) {
        int row = ints[Calls.ROW] + at;
        int idsAt = ints[row];
        int dOutAt = ints[row + 1];
        int dTableAt = ints[row + 2];
        int n = ints[row + 3];
        int batch = ints[row + 4];
        int count = ints[row + 5];
        int width = ints[row + 6];
        int cell = ints[row + 7];
        int start = ints[row + 8];
        int outWidth = ints[row + 9];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int id = i / width;
            int c = i - id * width;
            float sum = 0;
            for (int b = 0; b < batch; b++) {
                int from = dOutAt + b * outWidth + start + c;
                for (int j = 0; j < count; j++) {
                    if (ints[idsAt + b * count + j] == id) {
                        sum += f[from + j * cell];
                    }
                }
            }
            f[dTableAt + i] += scale * sum;
        }
    }

    static Launch gather(Embedding.Gather op) {
        int count = op.ids().dim(1);
        int[] sizes = {
            op.ids().size() * op.cell(), count, op.table().dim(1), op.cell(), op.start(), op.out().dim(1)
        };
        return Launch.elementwise("gather", List.of(op.ids(), op.table(), op.out()), sizes, (graph, id, on) ->
                graph.task(
                        id, EmbeddingKernels::gather, on.ints(), on.at(), op.scale(), on.floats()));
    }

    static Launch scatterAdd(Embedding.ScatterAdd op) {
        int[] sizes = {
            op.dTable().size(), op.ids().dim(0), op.ids().dim(1), op.dTable().dim(1), op.cell(), op.start(),
            op.dOut().dim(1)
        };
        return Launch.elementwise("scatterAdd", List.of(op.ids(), op.dOut(), op.dTable()), sizes, (graph, id, on) ->
                graph.task(
                        id, EmbeddingKernels::scatterAdd, on.ints(), on.at(), op.scale(), on.floats()));
    }
}
