package trm4j.train.data;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Where the Sudokus of a dataset come from. */
public sealed interface SudokuSource {

    /** How many symmetric images of each training puzzle its group has besides the puzzle itself. */
    int augment();

    /** Settles all that is random. */
    long seed();

    /**
     * Puzzles made anew. No test puzzle is symmetric to another, nor to a training puzzle.
     *
     * @param train the number of training puzzles; a split without puzzles is not written
     * @param test the number of test puzzles
     * @param minClues the fewest clues of a puzzle
     * @param maxClues the most
     */
    record Generated(SudokuRules rules, int train, int test, int minClues, int maxClues, int augment, long seed)
            implements SudokuSource {

        public Generated {
            if (train < 0 || test < 0 || (long) train + test == 0) {
                throw new DatasetException("Expected at least one puzzle to make, found " + train
                        + " for training and " + test + " for testing; ask for more.");
            }
            if (minClues < rules.fewestClues || maxClues < minClues || maxClues > rules.cells()) {
                throw new DatasetException("Expected a range of clues from %d to %d for %dx%d Sudokus, found %d-%d."
                        .formatted(rules.fewestClues, rules.cells(), rules.size(), rules.size(), minClues, maxClues));
            }
            checkAugment(augment);
        }
    }

    /**
     * Puzzles from CSV files with the columns {@code question}, and {@code answer} and {@code rating} if known.
     *
     * @param path a folder with {@code train.csv}, {@code test.csv} or both, or one file
     * @param split what a single file becomes, {@link Split#TEST} if empty
     * @param subsample how many training puzzles to take, at random; all if empty or if there are not more
     * @param minRating the least rating of a puzzle that is taken, 0 for all; unrated ones count as 0
     */
    record Csv(Path path, Optional<Split> split, OptionalInt subsample, int minRating, int augment, long seed)
            implements SudokuSource {

        public Csv {
            if (subsample.isPresent() && subsample.getAsInt() < 1) {
                throw new DatasetException(
                        "Expected to subsample at least 1 puzzle, found " + subsample.getAsInt() + ".");
            }
            if (minRating < 0) {
                throw new DatasetException("Expected a least rating of 0 or more, found " + minRating + ".");
            }
            checkAugment(augment);
        }
    }

    private static void checkAugment(int augment) {
        if (augment < 0) {
            throw new DatasetException("Expected 0 or more augmentations of each puzzle, found " + augment + ".");
        }
    }
}
