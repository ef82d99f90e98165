package trm4j.train.data;

import java.util.Map;

/**
 * What a dataset of square puzzles came to hold.
 *
 * @param size rows of a puzzle, and columns
 */
public record PuzzleSummary(int size, Map<Split, Count> splits) {

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
