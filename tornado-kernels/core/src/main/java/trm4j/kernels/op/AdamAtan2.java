package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/**
 * Adam-atan2 ("Scaling exponents across parameterizations and optimizers", arXiv 2407.05872) with
 * decoupled weight decay, and the exponential moving average of the weights, in one pass:
 * m = beta1 m + (1-beta1) g; v = beta2 v + (1-beta2) g^2; w = w (1 - lr decay) - lr / (1-beta1^t) *
 * atan2(m, sqrt(v) / sqrt(1-beta2^t)); ema = emaRate ema + (1-emaRate) w.
 *
 * @param weights [n], as are gradients, m, v and ema
 * @param rates 3 numbers that change from step to step: lr, lr / (1-beta1^t), 1 / sqrt(1-beta2^t)
 * @param decay the weight decay
 */
public record AdamAtan2(
        Tensor weights,
        Tensor gradients,
        Tensor m,
        Tensor v,
        Tensor ema,
        Tensor rates,
        float beta1,
        float beta2,
        float decay,
        float emaRate)
        implements Operation {

    public AdamAtan2 {
        var n = weights.size();
        Operation.require(
                rates.size() == 3 && List.of(gradients, m, v, ema).stream().allMatch(t -> t.size() == n),
                "adamAtan2", weights, gradients, m, v, ema, rates);
    }

    @Override
    public String name() {
        return "adamAtan2";
    }

    @Override
    public String size() {
        return weights.shape().label();
    }

    @Override
    public List<Tensor> reads() {
        return List.of(weights, gradients, m, v, ema, rates);
    }

    @Override
    public List<Tensor> writes() {
        return List.of(weights, m, v, ema);
    }

    @Override
    public AdamAtan2 map(UnaryOperator<Tensor> to) {
        return new AdamAtan2(
                to.apply(weights), to.apply(gradients), to.apply(m), to.apply(v), to.apply(ema), to.apply(rates),
                beta1, beta2, decay, emaRate);
    }

    @Override
    public Values values(Tensor operand) {
        return operand.equals(v) || operand.equals(rates) ? Values.POSITIVE : Operation.super.values(operand);
    }
}
