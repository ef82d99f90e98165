package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * Softmax attention of every position to every position, scale 1/sqrt(size). The T x T weights are never
 * kept: the backward pass computes them again from the log-sum-exp of each row. (FlashAttention, arXiv
 * 2205.14135.)
 */
public sealed interface Attention extends Operation {

    /**
     * out = softmax(q k^T / sqrt(size)) v, head by head.
     *
     * @param qkv [batch, T, 3, heads, size]: all query heads, then keys, then values
     * @param out [batch, T, heads, size]
     * @param logSumExp [batch, heads, T], kept for the backward pass
     */
    record Forward(Tensor qkv, Tensor out, Tensor logSumExp) implements Attention {

        public Forward {
            Operation.require(fits(qkv, out, logSumExp), "attention", qkv, out, logSumExp);
        }

        @Override
        public String name() {
            return "attention";
        }

        @Override
        public String size() {
            return qkv.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(qkv);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(out, logSumExp);
        }

        @Override
        public Forward map(UnaryOperator<Tensor> to) {
            return new Forward(to.apply(qkv), to.apply(out), to.apply(logSumExp));
        }

        /** Returns those of two products: scores, and sums of values. */
        @Override
        public long flops() {
            return 2 * product(qkv);
        }
    }

    /** dQkv from dOut. */
    record Backward(Tensor qkv, Tensor out, Tensor logSumExp, Tensor dOut, Tensor dQkv) implements Attention {

        public Backward {
            Operation.require(
                    fits(qkv, out, logSumExp) && dOut.size() == out.size() && dQkv.size() == qkv.size(),
                    "attention backward", qkv, out, logSumExp, dOut, dQkv);
        }

        @Override
        public String name() {
            return "attention backward";
        }

        @Override
        public String size() {
            return qkv.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(qkv, out, logSumExp, dOut);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(dQkv);
        }

        @Override
        public Backward map(UnaryOperator<Tensor> to) {
            return new Backward(to.apply(qkv), to.apply(out), to.apply(logSumExp), to.apply(dOut), to.apply(dQkv));
        }

        /** Returns those of five products: scores again, gradients with respect to values, weights, queries, keys. */
        @Override
        public long flops() {
            return 5 * product(qkv);
        }
    }

    /** Returns the FLOPs of one product for all heads, 2 T T size each. */
    private static long product(Tensor qkv) {
        return 2L * qkv.dim(0) * qkv.dim(1) * qkv.dim(1) * qkv.dim(3) * qkv.dim(4);
    }

    private static boolean fits(Tensor qkv, Tensor out, Tensor logSumExp) {
        return qkv.rank() == 5 && qkv.dim(2) == 3 && 3 * out.size() == qkv.size()
                && logSumExp.size() == qkv.dim(0) * qkv.dim(1) * qkv.dim(3);
    }
}
