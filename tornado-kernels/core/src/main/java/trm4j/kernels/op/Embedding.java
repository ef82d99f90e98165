package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
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
        public String name() {
            return "gather";
        }

        @Override
        public String size() {
            return ids.shape().label() + " of " + table.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(ids, table);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(out);
        }

        @Override
        public Gather map(UnaryOperator<Tensor> to) {
            return new Gather(to.apply(ids), to.apply(table), to.apply(out), start, cell, scale);
        }

        /** Returns the bytes with those rows of the table only that are asked for. */
        @Override
        public long bytes() {
            long rows = ids.size();
            return ids.bytes() + table.bytes(rows * table.dim(1)) + out.bytes(rows * cell);
        }

        @Override
        public Values values(Tensor operand) {
            return operand.equals(ids) ? Values.below(table.dim(0)) : Embedding.super.values(operand);
        }
    }

    /** dTable[ids[b, j], c] += scale * dOut[b, start + j*cell + c], in the order of b and j. */
    record ScatterAdd(Tensor ids, Tensor dOut, Tensor dTable, int start, int cell, float scale)
            implements Embedding {

        public ScatterAdd {
            Operation.require(fits(ids, dTable, dOut, start, cell), "scatterAdd", ids, dOut, dTable, start, cell);
        }

        @Override
        public String name() {
            return "scatterAdd";
        }

        @Override
        public String size() {
            return ids.shape().label() + " of " + dTable.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(ids, dOut, dTable);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(dTable);
        }

        @Override
        public ScatterAdd map(UnaryOperator<Tensor> to) {
            return new ScatterAdd(to.apply(ids), to.apply(dOut), to.apply(dTable), start, cell, scale);
        }

        /** Returns the bytes with those rows of the table only that are added to. */
        @Override
        public long bytes() {
            long added = (long) ids.size() * dTable.dim(1);
            return ids.bytes() + dOut.bytes(added) + 2 * dTable.bytes(added);
        }

        @Override
        public Values values(Tensor operand) {
            return operand.equals(ids) ? Values.below(dTable.dim(0)) : Embedding.super.values(operand);
        }
    }

    private static boolean fits(Tensor ids, Tensor table, Tensor out, int start, int cell) {
        return ids.rank() == 2 && table.rank() == 2 && out.rank() == 2 && ids.dim(0) == out.dim(0)
                && cell >= table.dim(1) && start >= 0 && start + ids.dim(1) * cell <= out.dim(1);
    }
}
