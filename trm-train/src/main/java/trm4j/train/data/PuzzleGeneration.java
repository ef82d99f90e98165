package trm4j.train.data;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import trm4j.train.DatasetException;

/**
 * Makes puzzles at random, none of one split symmetric to one of the other.
 *
 * @param <P> the puzzles
 */
public final class PuzzleGeneration<P> {

    private static final int MOST_FRUITLESS_TRIES = 10_000;
    private static final int TRIES_AT_ONCE = 64;

    /**
     * Says what is made.
     *
     * @param name what they are called, several of them, as asked for
     * @param remedy what to do if there are too few
     * @param attempt tries to make one
     * @param form what those that are symmetric to a puzzle have in common
     */
    public record Kind<P>(
            String name, String remedy, Function<SplittableRandom, Optional<P>> attempt, Function<P, String> form) {}

    /** A puzzle and its form. */
    public record Made<P>(P puzzle, String form) {}

    private final Kind<P> kind;
    private final long seed;
    private final SplittableRandom random;
    private final DataProgress progress;

    public PuzzleGeneration(Kind<P> kind, long seed, SplittableRandom random, DataProgress progress) {
        this.kind = kind;
        this.seed = seed;
        this.random = random;
        this.progress = progress;
    }

    /**
     * Fills a split.
     *
     * @param key no two puzzles of the split have the same
     */
    public PuzzleSummary.Count fill(GroupWriter<P> split, Split name, int count, Function<Made<P>, String> key)
            throws IOException {
        var keys = new HashSet<String>();
        int fruitless = 0;
        while (split.puzzles() < count) {
            // The tries have their own random numbers, so how many threads there are does not matter.
            var tries = Stream.generate(random::split).limit(TRIES_AT_ONCE).toList().parallelStream()
                    .map(each -> kind.attempt().apply(each).map(made -> new Made<>(made, kind.form().apply(made))))
                    .toList();
            for (var made : tries) {
                if (split.puzzles() == count) {
                    break;
                }
                if (made.filter(it -> splitOf(it) == name).filter(it -> keys.add(key.apply(it))).isPresent()) {
                    split.add(made.get().puzzle());
                    fruitless = 0;
                } else if (++fruitless == MOST_FRUITLESS_TRIES) {
                    throw exhausted(name, split.puzzles(), count);
                }
            }
            progress.at(name.puzzles(), split.puzzles(), count);
        }
        return split.count(0, 0);
    }

    /**
     * The split that a puzzle and those symmetric to it may be used for. A coin decides, so that where there are
     * few, neither split uses up the hard ones.
     */
    private Split splitOf(Made<P> made) {
        return new SplittableRandom(seed + made.form().hashCode()).nextBoolean() ? Split.TRAIN : Split.TEST;
    }

    private DatasetException exhausted(Split split, int made, int wanted) {
        return new DatasetException("Only %d of %d %s puzzles could be made: %d tries in a row gave no new %s; %s."
                .formatted(made, wanted, split, MOST_FRUITLESS_TRIES, kind.name(), kind.remedy()));
    }
}
