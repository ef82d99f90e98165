package trm4j.kernels.op;

import java.util.List;
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
        public List<Tensor> reads() {
            return List.of(x, residual);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(y, scale);
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
        public List<Tensor> reads() {
            return List.of(dy, y, scale);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(dSum);
        }
    }
}
