package trm4j.train.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Divides puzzles by rating into levels of difficulty: one for each rating if there are few, else a few ranges of
 * ratings with about as many puzzles each as equal ratings, which stay together, allow.
 *
 * @param lowest the lowest rating of each range, ascending
 * @param highest the highest rating of each
 */
record RatingRanges(int[] lowest, int[] highest) {

    /** So many ratings have a range each. */
    private static final int FEW = 8;
    private static final int RANGES = 5;

    /** Ranges for puzzles with these ratings; those below 0 are no ratings. */
    static RatingRanges of(int[] ratings) {
        var counts = new TreeMap<Integer, Integer>();
        Arrays.stream(ratings).filter(rating -> rating >= 0).forEach(rating -> counts.merge(rating, 1, Integer::sum));
        var lowest = counts.size() <= FEW ? new ArrayList<>(counts.keySet()) : shared(counts);
        var highest = new ArrayList<Integer>();
        for (int i = 0; i < lowest.size(); i++) {
            highest.add(i + 1 < lowest.size() ? counts.lowerKey(lowest.get(i + 1)) : counts.lastKey());
        }
        return new RatingRanges(array(lowest), array(highest));
    }

    /** A range ends where it comes closest to its share of the puzzles that those before have left. */
    private static List<Integer> shared(SortedMap<Integer, Integer> counts) {
        var lowest = new ArrayList<>(List.of(counts.firstKey()));
        int left = counts.values().stream().mapToInt(Integer::intValue).sum();
        int taken = 0;
        for (var rating : counts.entrySet()) {
            int count = rating.getValue();
            double share = (double) left / (RANGES - lowest.size() + 1);
            if (taken > 0 && lowest.size() < RANGES && taken + count - share > share - taken) {
                lowest.add(rating.getKey());
                left -= taken;
                taken = 0;
            }
            taken += count;
        }
        return lowest;
    }

    private static int[] array(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    int count() {
        return lowest.length;
    }

    /** The range that a rating belongs to. */
    int of(int rating) {
        int found = Arrays.binarySearch(lowest, rating);
        return found >= 0 ? found : Math.max(0, -found - 2);
    }
}
