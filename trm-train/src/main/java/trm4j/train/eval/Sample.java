package trm4j.train.eval;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import trm4j.train.data.PuzzleDataset;

/**
 * Some of a data set's puzzles. Where those of a group vote together, as an ARC task and its copies do, a group is in
 * it as a whole or not at all.
 *
 * @param examples which puzzles
 * @param remark a sentence on how many groups they are, where not all are in it and groups count
 */
record Sample(int[] examples, Optional<String> remark) {

    /**
     * Takes a data set's first puzzles.
     *
     * @param limit how many at most, of groups at least one; 0 for all
     * @param whole whether groups are taken as wholes
     */
    static Sample first(PuzzleDataset dataset, int limit, boolean whole) {
        if (!isCut(dataset, limit)) {
            return all(dataset);
        }
        if (!whole) {
            return new Sample(IntStream.range(0, limit).toArray(), Optional.empty());
        }
        int groups = 1;
        while (firstExample(dataset, groups + 1) <= limit) {
            groups++;
        }
        return of(dataset, "the first ", IntStream.range(0, groups).toArray());
    }

    /** Takes puzzles from all over a data set; else as {@link #first}. */
    static Sample allOver(PuzzleDataset dataset, int limit, boolean whole) {
        if (!isCut(dataset, limit)) {
            return all(dataset);
        }
        if (!whole) {
            return new Sample(spread(limit, dataset.examples()), Optional.empty());
        }
        int count = Math.max(1, (int) ((long) limit * dataset.groups() / dataset.examples()));
        while (count > 1 && examples(dataset, spread(count, dataset.groups())).count() > limit) {
            count--;
        }
        return of(dataset, "", spread(count, dataset.groups()));
    }

    private static boolean isCut(PuzzleDataset dataset, int limit) {
        return limit > 0 && limit < dataset.examples();
    }

    private static Sample all(PuzzleDataset dataset) {
        return new Sample(IntStream.range(0, dataset.examples()).toArray(), Optional.empty());
    }

    private static Sample of(PuzzleDataset dataset, String which, int[] groups) {
        int[] examples = examples(dataset, groups).toArray();
        return new Sample(examples, Optional.of(String.format(
                Locale.ROOT, "Takes %s%,d of %,d tasks with all of their copies: %,d of %,d puzzles.", which,
                groups.length, dataset.groups(), examples.length, dataset.examples())));
    }

    private static int[] spread(int count, int of) {
        return IntStream.range(0, count).map(i -> (int) ((long) i * of / count)).toArray();
    }

    private static IntStream examples(PuzzleDataset dataset, int[] groups) {
        return Arrays.stream(groups).flatMap(group ->
                IntStream.range(firstExample(dataset, group), firstExample(dataset, group + 1)));
    }

    private static int firstExample(PuzzleDataset dataset, int group) {
        return dataset.firstExample(dataset.firstPuzzle(group));
    }
}
