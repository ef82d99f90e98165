package trm4j.train.ablation;

import trm4j.model.config.TrmConfig;

/**
 * What a variant came to with one seed.
 *
 * @param variant its key
 * @param exact the share of test puzzles with every position right
 * @param cells the share of right positions
 * @param steps supervision steps until it would halt, on average
 * @param depth layers that a supervision step goes through: T (n + 1) times those of a net
 * @param forwardPasses supervision steps computed for one training step: 2 with the continue loss
 * @param parameters numbers that are trained
 * @param seconds of training, evaluations left out
 */
public record AblationRow(
        String variant, long seed, double exact, double cells, double steps, int depth, int forwardPasses,
        long parameters, double seconds) {

    public AblationRow {
        if (variant == null) {
            throw new IllegalArgumentException("expected a variant, found none");
        }
    }

    static int depth(TrmConfig arch) {
        return arch.hCycles() * (arch.lCycles() + 1) * arch.lLayers();
    }

    static int forwardPasses(TrmConfig arch) {
        return arch.noActContinue() ? 1 : 2;
    }
}
