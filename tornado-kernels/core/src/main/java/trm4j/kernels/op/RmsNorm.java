package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * RMSNorm without weights of a residual sum, over the middle axis of [outer, n, inner]; with inner 1 that
 * is the last axis. (TRM paper, section 4.5; post-norm.)
 */
public sealed interface RmsNorm extends Operation {

    /**
     * s = x + residual; scale = 1 / sqrt(mean(s^2) + epsilon); y = s * scale.
     *
     * @param x [outer, n, inner]
     * @param residual like x
     * @param y like x; may be x or the residual
     * @param scale [outer, inner], kept for the backward pass
     */
    record Forward(Tensor x, Tensor residual, Tensor y, Tensor scale, float epsilon) implements RmsNorm {

        public Forward {
            Operation.require(
                    x.rank() == 3 && residual.shape().equals(x.shape()) && y.shape().equals(x.shape())
                            && scale.size() == x.dim(0) * x.dim(2),
                    "rmsNorm", x, residual, y, scale);
        }

        @Override
        public String name() {
            return "rmsNorm " + axis(x);
        }

        @Override
        public String size() {
            return x.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(x, residual);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(y, scale);
        }

        @Override
        public Forward map(UnaryOperator<Tensor> to) {
            return new Forward(to.apply(x), to.apply(residual), to.apply(y), to.apply(scale), epsilon);
        }
    }

    /**
     * dSum = scale * (dy - y * mean(dy * y)), the gradient of both x and the residual.
     *
     * @param dy [outer, n, inner]
     * @param dSum like dy; may be dy
     */
    record Backward(Tensor dy, Tensor y, Tensor scale, Tensor dSum) implements RmsNorm {

        public Backward {
            Operation.require(
                    dy.rank() == 3 && y.shape().equals(dy.shape()) && dSum.shape().equals(dy.shape())
                            && scale.size() == dy.dim(0) * dy.dim(2),
                    "rmsNorm backward", dy, y, scale, dSum);
        }

        @Override
        public String name() {
            return "rmsNorm " + axis(dy) + " backward";
        }

        @Override
        public String size() {
            return dy.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(dy, y, scale);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(dSum);
        }

        @Override
        public Backward map(UnaryOperator<Tensor> to) {
            return new Backward(to.apply(dy), to.apply(y), to.apply(scale), to.apply(dSum));
        }

        /** Returns scales near 1 only: in place and over and over, others would lead to 0 or infinity. */
        @Override
        public Values values(Tensor operand) {
            return operand.equals(scale) ? new Values(0.99, 1.01) : RmsNorm.super.values(operand);
        }
    }

    private static String axis(Tensor x) {
        return x.dim(2) == 1 ? "rows" : "columns";
    }
}
