package trm4j.train.eval;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Levels of difficulty with about as many puzzles each.
 *
 * @param lowest the lowest rating of each level, ascending
 * @param highest the highest rating of all
 */
record RatingLevels(int[] lowest, int highest) {

    private static final int LEVELS = 5;

    /** Levels for puzzles with these ratings; those below 0 are no ratings. */
    static RatingLevels of(int[] ratings) {
        var rated = Arrays.stream(ratings).filter(rating -> rating >= 0).sorted().toArray();
        if (rated.length == 0) {
            return new RatingLevels(new int[0], 0);
        }
        var lowest = IntStream.range(0, LEVELS).map(i -> rated[(int) ((long) i * rated.length / LEVELS)]).distinct();
        return new RatingLevels(lowest.toArray(), rated[rated.length - 1]);
    }

    int count() {
        return lowest.length;
    }

    /** The level that a rating belongs to. */
    int of(int rating) {
        int found = Arrays.binarySearch(lowest, rating);
        return found >= 0 ? found : Math.max(0, -found - 2);
    }

    int highest(int level) {
        return level == count() - 1 ? highest : lowest[level + 1] - 1;
    }
}
