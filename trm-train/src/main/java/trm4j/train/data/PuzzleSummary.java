package trm4j.train.data;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a dataset of square puzzles came to hold.
 *
 * @param size rows of a puzzle, and columns
 * @param remarks sentences on what else was found in them
 */
public record PuzzleSummary(int size, Map<Split, Count> splits, List<String> remarks) {

    /** Returns the same, and something else to tell. */
    public PuzzleSummary with(List<String> more) {
        return new PuzzleSummary(size, splits, Stream.concat(remarks.stream(), more.stream()).toList());
    }

    /** A summary with nothing else to tell. */
    public PuzzleSummary(int size, Map<Split, Count> splits) {
        this(size, splits, List.of());
    }

    /**
     * The numbers of a split.
     *
     * @param puzzles the groups: puzzles without their augmentations
     * @param examples puzzles and augmentations
     * @param leftOut rows of a file that were no proper puzzle
     * @param belowRating rows of a file whose rating was too low
     */
    public record Count(int puzzles, int examples, int leftOut, int belowRating) {}
}
