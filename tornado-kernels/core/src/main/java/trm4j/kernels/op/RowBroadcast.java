package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
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
        public String name() {
            return "rowBroadcast";
        }

        @Override
        public String size() {
            return x.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(row, x);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(x);
        }

        @Override
        public Forward map(UnaryOperator<Tensor> to) {
            return new Forward(to.apply(row), scale, to.apply(x));
        }
    }

    /** dRow += scale * the sum of the rows of dx. */
    record Backward(Tensor dx, float scale, Tensor dRow) implements RowBroadcast {

        public Backward {
            Operation.require(dx.rank() == 2 && dRow.size() == dx.dim(1), "rowBroadcast backward", dx, dRow);
        }

        @Override
        public String name() {
            return "rowBroadcast backward";
        }

        @Override
        public String size() {
            return dx.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(dx, dRow);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(dRow);
        }

        @Override
        public Backward map(UnaryOperator<Tensor> to) {
            return new Backward(to.apply(dx), scale, to.apply(dRow));
        }
    }
}
