package trm4j.train.data.sudoku;

import trm4j.train.DatasetException;
import trm4j.train.data.csv.CsvFiles;

/** Says where the Sudokus of a dataset come from. */
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

    /** Puzzles of CSV files. */
    record Csv(CsvFiles files, int augment, long seed) implements SudokuSource {

        public Csv {
            checkAugment(augment);
        }
    }

    private static void checkAugment(int augment) {
        if (augment < 0) {
            throw new DatasetException("Expected 0 or more augmentations of each puzzle, found " + augment + ".");
        }
    }
}
