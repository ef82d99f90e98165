package trm4j.train.ablation;

import java.util.List;
import java.util.Optional;
import trm4j.model.config.TrmConfig;

/**
 * What a variant came to with one seed.
 *
 * @param variant its key
 * @param exact the share of test puzzles with every position right
 * @param cells the share of right positions
 * @param steps supervision steps until it would halt, on average; of a variant that tries a puzzle several times, those
 *     of all tries
 * @param depth layers that a supervision step goes through: T (n + 1) times those of a net
 * @param forwardPasses supervision steps computed for one training step: 2 with the continue loss
 * @param parameters numbers that are trained
 * @param seconds of training, evaluations left out
 * @param samplesPerSecond puzzles trained on in a second; 0 where a row of an earlier version does not say it
 * @param course what it came to at each evaluation on the way, the last included
 */
public record AblationRow(
        String variant, long seed, double exact, double cells, double steps, int depth, int forwardPasses,
        long parameters, double seconds, double samplesPerSecond, List<Point> course) {

    /**
     * An evaluation on the way.
     *
     * @param step of the training
     * @param exact the share of test puzzles with every position right
     * @param flops multiplications and additions of the matrix products of all training steps up to there
     */
    public record Point(long step, double exact, double flops) {}

    public AblationRow {
        course = course == null ? List.of() : List.copyOf(course);
        if (variant == null) {
            throw new IllegalArgumentException("expected a variant, found none");
        }
    }

    /** Returns the first evaluation at which a share of the test puzzles was exact. */
    public Optional<Point> reached(double share) {
        return course.stream().filter(point -> point.exact >= share).findFirst();
    }

    static int depth(TrmConfig arch) {
        return arch.hCycles() * (arch.lCycles() + 1) * arch.lLayers();
    }

    static int forwardPasses(TrmConfig arch) {
        return arch.noActContinue() ? 1 : 2;
    }
}
