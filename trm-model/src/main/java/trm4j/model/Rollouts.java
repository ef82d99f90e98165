package trm4j.model;

/**
 * Says how often a puzzle is tried, and which try gives its answer. A rollout goes through all supervision steps by
 * itself; before each, noise from N(0, noise^2) is added to z_L, not to z_H (PTRM, arXiv 2605.19943). Which noise that
 * is depends on the seed, the puzzle's number, the rollout, the step and the element alone.
 *
 * @param count rollouts of a puzzle, at least 1
 * @param noise its standard deviation, at least 0
 * @param seed of the noise
 * @param selection which of them gives the answer
 * @param sure the halt probability of a rollout above which those with higher numbers are left, as they are once the
 *     rules accept one; 1 for never
 */
public record Rollouts(int count, double noise, long seed, Selection selection, double sure) {

    /** A single one, without noise. */
    public static final Rollouts ONE = new Rollouts(1, 0, 0, Selection.Q, 1);

    public Rollouts {
        if (count < 1 || !(noise >= 0) || noise > Float.MAX_VALUE || !(sure > 0 && sure <= 1)) {
            throw new IllegalArgumentException(count + " rollouts with noise " + noise + ", sure from " + sure);
        }
    }

    /** Tells whether a puzzle is solved as it would be without any of this. */
    public boolean isPlain() {
        return count == 1 && noise == 0;
    }

    /** Tells whether a rollout makes those with higher numbers needless. */
    boolean suffices(Rollout rollout) {
        return selection == Selection.RULES && rollout.accepted() || rollout.haltProbability() > sure;
    }

    /** Tells whether it pays to wait for a rollout before the next begins, where there is something else to do. */
    boolean waits() {
        return selection == Selection.RULES || sure < 1;
    }
}
