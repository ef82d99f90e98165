package trm4j.model;

import java.util.Map;
import java.util.TreeMap;

/**
 * Sums of one training step. All but the losses are over the sequences that halted in it and have labels;
 * the losses are over the whole batch.
 *
 * @param count sequences that halted
 * @param accuracy the shares of their positions that are right
 * @param exact those with every position right
 * @param haltRight those whose halt logit agrees with that
 * @param steps the supervision steps they took
 * @param lmLoss cross-entropy, averaged over each sequence's positions
 * @param haltLoss binary cross-entropy of the halt logits
 * @param continueLoss that of the continue logits, 0 where it is left out
 * @param gradientNorm of all dense weights' gradients, those of loss / batch size
 * @param weightNorm of all dense weights, before the step changes them
 */
public record StepMetrics(
        double count,
        double accuracy,
        double exact,
        double haltRight,
        double steps,
        double lmLoss,
        double haltLoss,
        double continueLoss,
        double gradientNorm,
        double weightNorm) {

    /**
     * Makes metrics from what a device summed up.
     *
     * @param sums as {@link trm4j.kernels.op.Halting.Metrics} has them
     * @param squares sums of squares: one half of the gradients, the other of the weights
     */
    static StepMetrics of(float[] sums, float[] squares) {
        int half = squares.length / 2;
        return new StepMetrics(
                sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7], norm(squares, 0, half),
                norm(squares, half, squares.length));
    }

    private static double norm(float[] squares, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += squares[i];
        }
        return Math.sqrt(sum);
    }

    /** Returns those that the reference has, by its names, in their order. */
    Map<String, Double> byName() {
        return new TreeMap<>(Map.of(
                "count", count, "accuracy", accuracy, "exact_accuracy", exact, "q_halt_accuracy", haltRight, "steps",
                steps, "lm_loss", lmLoss, "q_halt_loss", haltLoss));
    }

    /** Returns the loss that is trained on, summed over the batch. */
    public double loss() {
        return lmLoss + 0.5 * (haltLoss + continueLoss);
    }
}
