package trm4j.kernels.op;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import trm4j.kernels.Tensor;

/**
 * Cross-entropy of sequences with their labels, its gradient, the predictions (the first largest logit)
 * and how many of them are right, in one pass.
 *
 * <p>loss[b] = sum over labelled positions of -log p(label) / max(1, labelled[b]); p is softmax, or
 * stablemax: s(v) = v + 1 for v >= 0 and 1 / (1 - v) below, p = s / sum s, in double precision
 * ("Grokking at the edge of numerical stability", arXiv 2501.04697). With smoothing e, -log p(label) gives way to (1 -
 * e) times that and e times the mean of -log p of all classes (Szegedy et al., arXiv 1512.00567, section 7).
 *
 * @param logits [batch, L, classes]
 * @param labels [batch, L], I32; below 0 where there is none
 * @param smoothing from 0, which is none, to below 1
 * @param dLogits like logits: gradScale times the gradient of the sum of loss; none to leave it out
 * @param predictions [batch, L], I32
 * @param loss [batch]
 * @param right [batch], I32: labelled positions predicted right
 * @param labelled [batch], I32: labelled positions
 * @param exact [batch]: 1 where all labelled positions are right, else 0
 */
public record CrossEntropy(
        Kind kind,
        Tensor logits,
        Tensor labels,
        float gradScale,
        float smoothing,
        Optional<Tensor> dLogits,
        Tensor predictions,
        Tensor loss,
        Tensor right,
        Tensor labelled,
        Tensor exact)
        implements Operation {

    /** How logits become probabilities. */
    public enum Kind {
        SOFTMAX,
        STABLEMAX
    }

    public CrossEntropy {
        var batch = logits.dim(0);
        Operation.require(
                smoothing >= 0 && smoothing < 1 && logits.rank() == 3 && labels.size() == batch * logits.dim(1)
                        && predictions.size() == labels.size()
                        && dLogits.stream().allMatch(d -> d.size() == logits.size())
                        && Stream.of(loss, right, labelled, exact).allMatch(t -> t.size() == batch),
                "crossEntropy", logits, labels, predictions, loss, right, labelled, exact);
    }

    @Override
    public String name() {
        return kind.name().toLowerCase(Locale.ROOT) + (dLogits.isPresent() ? "" : " loss only");
    }

    @Override
    public String size() {
        return logits.shape().label();
    }

    @Override
    public List<Tensor> reads() {
        return List.of(logits, labels);
    }

    @Override
    public List<Tensor> writes() {
        return Stream.concat(dLogits.stream(), Stream.of(predictions, loss, right, labelled, exact)).toList();
    }

    @Override
    public CrossEntropy map(UnaryOperator<Tensor> to) {
        return new CrossEntropy(
                kind, to.apply(logits), to.apply(labels), gradScale, smoothing, dLogits.map(to),
                to.apply(predictions), to.apply(loss), to.apply(right), to.apply(labelled), to.apply(exact));
    }

    @Override
    public Values values(Tensor operand) {
        return operand.equals(labels) ? Values.below(logits.dim(2)) : Operation.super.values(operand);
    }
}
