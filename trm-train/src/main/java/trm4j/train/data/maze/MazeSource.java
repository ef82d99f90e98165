package trm4j.train.data.maze;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import trm4j.model.config.ConfigException;
import trm4j.train.DatasetException;
import trm4j.train.data.LeakPolicy;
import trm4j.train.data.csv.CsvFiles;

/** Says where the mazes of a dataset come from. */
public sealed interface MazeSource {

    /** The images that each training maze's group has beside it. */
    MazeImages images();

    /** Settles all that is random. */
    long seed();

    /** How many shortest paths mazes have that are made anew. */
    enum Paths {
        /** One. */
        UNIQUE,
        /** Several: the label is the one that goes from S and takes at each cell the first of down, left, right, up. */
        MANY;

        @Override
        @JsonValue
        public String toString() {
            return ConfigException.word(this);
        }

        @JsonCreator
        static Paths of(String word) {
            return ConfigException.choice("puzzles.paths", values(), word);
        }
    }

    /**
     * Mazes made anew. No two are symmetric to each other.
     *
     * @param train the number of training mazes; a split without mazes is not written
     * @param test the number of test mazes
     * @param minPath the fewest steps of the shortest path
     * @param maxPath the most
     * @param paths how many of them there are
     */
    record Generated(
            MazeRules rules, int train, int test, int minPath, int maxPath, Paths paths, MazeImages images, long seed)
            implements MazeSource {

        public Generated {
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
    record Csv(CsvFiles files, MazeImages images, long seed) implements MazeSource {}

    /**
     * Mazes of a dataset as the authors' scripts make it, without ratings.
     *
     * @param leaks what becomes of training mazes that are test mazes or symmetric to one
     */
    record Npy(Path dir, MazeImages images, LeakPolicy leaks) implements MazeSource {

        @Override
        public long seed() {
            return 0;
        }
    }
}
