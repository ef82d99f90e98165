package trm4j.model;

/**
 * What one of the rollouts of a puzzle came to.
 *
 * @param steps supervision steps that it took
 * @param haltedAt the first step, from 1, after which the model would halt by its rule; 0 if after none
 * @param haltLogit after its last step
 * @param change the root mean square change of a logit in a step, over the last three steps; infinite after a single
 *     step, NaN if that was not asked for
 * @param right how many positions are as labelled after its last step
 * @param accepted whether the puzzle's rules accept its answer; false where there are none
 * @param sameAs the number of the first rollout that gave the same answer, its own if it is the first
 */
public record Rollout(
        int steps, int haltedAt, float haltLogit, double change, int right, boolean accepted, int sameAs) {

    /** Returns how sure the model is that the answer is right, from 0 to 1. */
    public double haltProbability() {
        return HaltLogit.probability(haltLogit);
    }
}
