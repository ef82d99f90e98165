package trm4j.train.data.maze;

import java.nio.file.Path;
import trm4j.train.DatasetException;
import trm4j.train.data.csv.CsvFiles;

/** Says where the mazes of a dataset come from. */
public sealed interface MazeSource {

    /** The other images of a maze, turned and mirrored. */
    int MOST_IMAGES = 7;

    /** How many turned and mirrored images each training maze's group has beside it, from 0 to {@link #MOST_IMAGES}. */
    int augment();

    /** Settles all that is random. */
    long seed();

    /**
     * Mazes made anew, with a single shortest path each. No two are symmetric to each other.
     *
     * @param train the number of training mazes; a split without mazes is not written
     * @param test the number of test mazes
     * @param minPath the fewest steps of the shortest path
     * @param maxPath the most
     */
    record Generated(MazeRules rules, int train, int test, int minPath, int maxPath, int augment, long seed)
            implements MazeSource {

        public Generated {
            requireImages(augment);
            if (train < 0 || test < 0 || (long) train + test == 0) {
                throw new DatasetException("Expected at least one maze to make, found " + train + " for training and "
                        + test + " for testing; ask for more.");
            }
            // A line that does not touch itself fills no more than about two thirds of a square.
            int longest = 2 * rules.cells() / 3;
            if (minPath < 1 || maxPath < minPath || maxPath > longest) {
                throw new DatasetException("Expected a range of path lengths from 1 to %d for %dx%d mazes, found %d-%d."
                        .formatted(longest, rules.size(), rules.size(), minPath, maxPath));
            }
        }
    }

    /** Mazes of CSV files; an answer that is not there is worked out. */
    record Csv(CsvFiles files, int augment, long seed) implements MazeSource {

        public Csv {
            requireImages(augment);
        }
    }

    /** Mazes of a dataset as the authors' scripts make it, without ratings. */
    record Npy(Path dir, int augment) implements MazeSource {

        public Npy {
            requireImages(augment);
        }

        @Override
        public long seed() {
            return 0;
        }
    }

    private static void requireImages(int augment) {
        if (augment < 0 || augment > MOST_IMAGES) {
            throw new DatasetException("Expected 0 to " + MOST_IMAGES + " turned and mirrored images of a maze, found "
                    + augment + "; ask for fewer.");
        }
    }
}
