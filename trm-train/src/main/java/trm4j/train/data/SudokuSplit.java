package trm4j.train.data;

import java.io.IOException;
import java.util.SplittableRandom;

/** A split that is being filled with Sudokus: each becomes a group, of itself and its augmentations. */
final class SudokuSplit {

    private final SplitWriter writer;
    private final SudokuRules rules;
    private final int augment;
    private final SplittableRandom random;
    private int puzzles;

    /** Begins a split, in which each puzzle comes with a rating if {@code rated}. */
    SudokuSplit(
            DatasetWriter dataset, Split split, SudokuRules rules, boolean rated, SudokuSource source,
            SplittableRandom random) throws IOException {
        this.writer = dataset.split(split, rules.info(), rated);
        this.rules = rules;
        this.augment = split == Split.TRAIN ? source.augment() : 0;
        this.random = random;
    }

    void add(SudokuPuzzle puzzle) throws IOException {
        write(puzzle);
        for (int i = 0; i < augment; i++) {
            write(SudokuSymmetry.random(rules, random).apply(puzzle));
        }
        writer.endGroup();
        puzzles++;
    }

    private void write(SudokuPuzzle puzzle) throws IOException {
        writer.example(SudokuRules.tokens(puzzle.clues()), SudokuRules.tokens(puzzle.solution()), puzzle.rating());
        writer.endPuzzle(0);
    }

    /** The puzzles so far, without their augmentations. */
    int puzzles() {
        return puzzles;
    }

    SudokuSummary.Count count(int leftOut, int belowRating) {
        return new SudokuSummary.Count(puzzles, writer.examples(), leftOut, belowRating);
    }
}
