package trm4j.kernels.op;

import java.util.List;
import trm4j.kernels.Tensor;

/** One row added to many: a bias, or learned positions. */
public sealed interface RowBroadcast extends Operation {

    /**
     * x = scale * (x + row), row by row.
     *
     * @param row [n]
     * @param x [rows, n]
     */
    record Forward(Tensor row, float scale, Tensor x) implements RowBroadcast {

        public Forward {
            Operation.require(x.rank() == 2 && row.size() == x.dim(1), "rowBroadcast", row, x);
        }

        @Override
        public List<Tensor> reads() {
            return List.of(row, x);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(x);
        }
    }

    /** dRow += scale * the sum of the rows of dx. */
    record Backward(Tensor dx, float scale, Tensor dRow) implements RowBroadcast {

        public Backward {
            Operation.require(dx.rank() == 2 && dRow.size() == dx.dim(1), "rowBroadcast backward", dx, dRow);
        }

        @Override
        public List<Tensor> reads() {
            return List.of(dx, dRow);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(dRow);
        }
    }
}
