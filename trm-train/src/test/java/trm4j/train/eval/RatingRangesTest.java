package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatingRangesTest {

    /** Ratings, each so many times: r, n, r, n ... */
    private static RatingRanges levels(int... counts) {
        return RatingRanges.of(IntStream.range(0, counts.length / 2).boxed()
                .flatMapToInt(i -> IntStream.generate(() -> counts[2 * i]).limit(counts[2 * i + 1]))
                .toArray());
    }

    @Test
    void fewRatingsHaveALevelEach() {
        var levels = levels(7, 1, 0, 1000, 2, 14, -1, 5);
        assertArrayEquals(new int[] {0, 2, 7}, levels.lowest());
        assertArrayEquals(new int[] {0, 2, 7}, levels.highest());
        assertEquals(1, levels.of(2));
        assertEquals(0, levels(-1, 3).count());
    }

    @Test
    void manyRatingsShareLevelsOfAboutAsManyPuzzles() {
        var even = RatingRanges.of(IntStream.rangeClosed(1, 100).toArray());
        assertArrayEquals(new int[] {1, 21, 41, 61, 81}, even.lowest());
        assertArrayEquals(new int[] {20, 40, 60, 80, 100}, even.highest());
        assertEquals(2, even.of(60));
    }

    /** One rating has most puzzles: the others share the other levels. */
    @Test
    void aRatingOfManyPuzzlesLeavesLevelsToTheOthers() {
        var lowest = levels(0, 800, 1, 25, 2, 25, 3, 25, 4, 25, 6, 25, 7, 25, 8, 25, 9, 25);
        assertArrayEquals(new int[] {0, 1, 3, 6, 8}, lowest.lowest());
        assertArrayEquals(new int[] {0, 2, 4, 7, 9}, lowest.highest());
        var middle = levels(1, 10, 2, 10, 3, 10, 4, 800, 5, 10, 6, 10, 7, 10, 8, 10, 9, 10, 10, 10);
        assertArrayEquals(new int[] {1, 4, 5, 7, 9}, middle.lowest());
    }
}
