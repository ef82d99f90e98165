package trm4j.train.data;

import java.util.Map;

/** What a Sudoku dataset came to hold. */
public record SudokuSummary(SudokuRules rules, Map<Split, Count> splits) {

    /**
     * The numbers of a split.
     *
     * @param puzzles the groups: puzzles without their augmentations
     * @param examples puzzles and augmentations
     * @param leftOut rows of a CSV file that were no proper puzzle
     * @param belowRating rows of a CSV file whose rating was too low
     */
    public record Count(int puzzles, int examples, int leftOut, int belowRating) {}
}
