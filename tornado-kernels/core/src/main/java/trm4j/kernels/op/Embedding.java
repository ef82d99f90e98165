package trm4j.kernels.op;

import java.util.List;
import trm4j.kernels.Tensor;

/** Rows of a table, chosen by number. */
public sealed interface Embedding extends Operation {

    /**
     * out[b, start + j*cell + c] = scale * table[ids[b, j], c] for c below the table's width, and 0 for the
     * rest of the cell.
     *
     * @param ids [batch, n], each a row of the table
     * @param table [rows, width]
     * @param out [batch, any], of which n cells from start on are set
     * @param cell elements of one cell, at least width
     */
    record Gather(Tensor ids, Tensor table, Tensor out, int start, int cell, float scale) implements Embedding {

        public Gather {
            Operation.require(fits(ids, table, out, start, cell), "gather", ids, table, out, start, cell);
        }

        @Override
        public List<Tensor> reads() {
            return List.of(ids, table);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(out);
        }
    }

    /** dTable[ids[b, j], c] += scale * dOut[b, start + j*cell + c], in the order of b and j. */
    record ScatterAdd(Tensor ids, Tensor dOut, Tensor dTable, int start, int cell, float scale)
            implements Embedding {

        public ScatterAdd {
            Operation.require(fits(ids, dTable, dOut, start, cell), "scatterAdd", ids, dOut, dTable, start, cell);
        }

        @Override
        public List<Tensor> reads() {
            return List.of(ids, dOut, dTable);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(dTable);
        }
    }

    private static boolean fits(Tensor ids, Tensor table, Tensor out, int start, int cell) {
        return ids.rank() == 2 && table.rank() == 2 && out.rank() == 2 && ids.dim(0) == out.dim(0)
                && cell >= table.dim(1) && start >= 0 && start + ids.dim(1) * cell <= out.dim(1);
    }
}
