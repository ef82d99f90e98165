package trm4j.model;

/**
 * What a model made of a puzzle.
 *
 * @param tokens the answer after the last supervision step [L]
 * @param haltLogits the halt logit after each step, at least one
 * @param changes by how much each step changed an element of z_H, as a root mean square; an element itself has one of 1
 * @param haltedAt the first step, counted from 1, after which the model would halt by its rule ({@link
 *     trm4j.model.config.TrmConfig#halts}), whether it was let or not; 0 if after none
 * @param right the positions that were as labelled, after each step
 * @param labelled how many positions have labels
 * @param loss cross-entropy after the last step, averaged over the labelled positions
 */
public record Solution(
        int[] tokens, float[] haltLogits, float[] changes, int haltedAt, int[] right, int labelled, float loss) {

    /** Returns the supervision steps taken. */
    public int steps() {
        return haltLogits.length;
    }

    /** Returns how sure the model is that the answer is right, from 0 to 1. */
    public double haltProbability() {
        return HaltLogit.probability(haltLogits[steps() - 1]);
    }
}
