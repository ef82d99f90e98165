package trm4j.model;

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
 */
public record StepMetrics(
        double count,
        double accuracy,
        double exact,
        double haltRight,
        double steps,
        double lmLoss,
        double haltLoss,
        double continueLoss) {

    static StepMetrics of(float[] sums) {
        return new StepMetrics(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]);
    }

    /** The loss that is trained on, summed over the batch. */
    public double loss() {
        return lmLoss + 0.5 * (haltLoss + continueLoss);
    }
}
