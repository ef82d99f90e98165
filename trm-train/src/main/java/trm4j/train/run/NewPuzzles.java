package trm4j.train.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.Optional;
import trm4j.model.config.ConfigException;
import trm4j.train.DatasetException;
import trm4j.train.TrmCommand;
import trm4j.train.data.DataProgress;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.maze.MazeDataset;
import trm4j.train.data.maze.MazeImages;
import trm4j.train.data.maze.MazeRules;
import trm4j.train.data.maze.MazeSource;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.data.sudoku.SudokuSource;

/**
 * Puzzles to make.
 *
 * @param kind what they are
 * @param size cells in a row: 4, 6 or 9 for Sudokus, 5 or more for mazes; 0 to make none
 * @param train puzzles to train on
 * @param test puzzles to test on, none of which is symmetric to a training puzzle
 * @param minClues fewest digits given in a Sudoku
 * @param maxClues most digits given in a Sudoku
 * @param minPath fewest steps of the shortest path through a maze
 * @param maxPath most steps of it
 * @param paths shortest paths of a maze: unique for one; many for several, of which the label is the one that goes from
 *     S and takes at each cell the first of down, left, right, up that gets nearer to G
 * @param augment symmetric copies of each training puzzle; of a maze 7 at most
 * @param labels labels of a maze's symmetric copies: rule for those that the rule of paths gives, image for the maze's
 *     own label turned with it
 */
public record NewPuzzles(
        Kind kind, int size, int train, int test, int minClues, int maxClues, int minPath, int maxPath,
        MazeSource.Paths paths, int augment, MazeImages.Labels labels) {

    /** Makes none. */
    static final NewPuzzles NONE = new NewPuzzles(
            Kind.SUDOKU, 0, 1000, 1000, 0, 0, 0, 0, MazeSource.Paths.UNIQUE, 0, MazeImages.Labels.RULE);

    /** What puzzles can be made of. */
    public enum Kind {
        SUDOKU,
        MAZE;

        @JsonValue
        String key() {
            return ConfigException.word(this);
        }

        @JsonCreator
        static Kind of(String key) {
            return ConfigException.choice("puzzles.kind", values(), key);
        }
    }

    public NewPuzzles {
        notNegative("size", size);
        notNegative("train", train);
        notNegative("test", test);
        notNegative("min_clues", minClues);
        notNegative("max_clues", maxClues);
        notNegative("min_path", minPath);
        notNegative("max_path", maxPath);
        notNegative("augment", augment);
    }

    private static void notNegative(String key, int value) {
        ConfigException.require(value >= 0, "puzzles." + key, "a whole number of at least 0", value);
    }

    /**
     * Returns what the data set of such puzzles says of their sizes.
     *
     * @throws ConfigException if there are no puzzles of this size to make
     */
    public DatasetInfo info() {
        if (size == 0) {
            throw new ConfigException(
                    "puzzles.size says to make no puzzles, expected a data set with --data DIR; "
                            + TrmCommand.line("data") + " makes one.");
        }
        return switch (kind) {
            case SUDOKU -> sudokus().info();
            case MAZE -> mazes().info();
        };
    }

    /**
     * Makes them as a data set.
     *
     * @param to the data set's folder
     * @param seed of all that is random
     * @param progress hears how far it has come
     * @throws ConfigException if there are no such puzzles to make
     * @throws trm4j.train.DatasetException if they cannot be made as asked for, or cannot be written
     */
    void write(Path to, long seed, DataProgress progress) {
        switch (kind) {
            case SUDOKU -> SudokuDataset.write(
                    new SudokuSource.Generated(sudokus(), train, test, minClues, maxClues, augment, seed), to, false,
                    progress);
            case MAZE -> MazeDataset.write(
                    new MazeSource.Generated(
                            mazes(), train, test, minPath, maxPath, paths,
                            new MazeImages(augment, Optional.of(labels)), seed),
                    to, false, progress);
        }
    }

    private SudokuRules sudokus() {
        return SudokuRules.ofSize(size).orElseThrow(() ->
                new ConfigException("puzzles.size: expected 0, 4, 6 or 9, found " + size + "."));
    }

    private MazeRules mazes() {
        try {
            return new MazeRules(size);
        } catch (DatasetException e) {
            throw new ConfigException("puzzles.size: " + e.getMessage(), e);
        }
    }
}
