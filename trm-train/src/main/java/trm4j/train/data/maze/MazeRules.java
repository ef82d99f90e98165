package trm4j.train.data.maze;

import java.util.Arrays;
import java.util.Optional;
import trm4j.train.DatasetException;
import trm4j.train.data.DatasetInfo;

/**
 * Mazes of one size n: n x n cells, among them one start and one goal. From a cell one steps to the four beside it that
 * are no walls.
 *
 * <p>A maze is one token per cell, row by row: 0 pads, and the characters {@code # SGo} (wall, free, start, goal, path)
 * are 1 to 5. Its answer is the maze with the free cells of a shortest path from start to goal turned into path.
 */
public record MazeRules(int size) {

    /** The kind of puzzles that data sets of mazes say they have. */
    public static final String KIND = "maze";

    static final byte WALL = 1;
    static final byte FREE = 2;
    static final byte START = 3;
    static final byte GOAL = 4;
    static final byte PATH = 5;

    static final int VOCABULARY = 6;

    private static final int LEAST_SIZE = 5;
    private static final int MOST_SIZE = 1000;
    private static final String CHARACTERS = "?# SGo";

    public MazeRules {
        if (size < LEAST_SIZE || size > MOST_SIZE) {
            throw new DatasetException("Expected mazes of " + LEAST_SIZE + "x" + LEAST_SIZE + " to " + MOST_SIZE + "x"
                    + MOST_SIZE + " cells, found " + size + "x" + size + ".");
        }
    }

    /** Returns the rules for mazes of so many cells; empty if that is no square, or of less than 5 x 5 cells. */
    public static Optional<MazeRules> ofCells(int cells) {
        int size = (int) Math.sqrt(cells);
        return size * size == cells && size >= LEAST_SIZE && size <= MOST_SIZE
                ? Optional.of(new MazeRules(size))
                : Optional.empty();
    }

    /** Returns the rules for mazes of so many tokens from a vocabulary of some size; empty if there are none. */
    public static Optional<MazeRules> of(int seqLen, int vocabSize) {
        return vocabSize == VOCABULARY ? ofCells(seqLen) : Optional.empty();
    }

    int cells() {
        return size * size;
    }

    /**
     * Reads one character per cell.
     *
     * @throws DatasetException if there are too many or too few characters, or others
     */
    byte[] parse(String text) {
        if (text.length() != cells()) {
            throw new DatasetException("A %dx%d maze has %d characters, one per cell, but this one has %d."
                    .formatted(size, size, cells(), text.length()));
        }
        var maze = new byte[cells()];
        for (int cell = 0; cell < maze.length; cell++) {
            maze[cell] = (byte) CHARACTERS.indexOf(text.charAt(cell));
            if (maze[cell] < WALL) {
                throw new DatasetException(
                        "A maze has the characters '# SGo', but this one has '%s' at character %d."
                                .formatted(text.charAt(cell), cell + 1));
            }
        }
        return maze;
    }

    /** Writes a maze as {@link #parse} reads it, with '?' for padding. */
    public static String format(byte[] maze) {
        var text = new StringBuilder(maze.length);
        for (byte cell : maze) {
            text.append(CHARACTERS.charAt(cell));
        }
        return text.toString();
    }

    /** Returns the maze that tokens from 0 to 5 stand for. */
    public static byte[] maze(int[] tokens) {
        var maze = new byte[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            maze[i] = (byte) tokens[i];
        }
        return maze;
    }

    static int[] tokens(byte[] maze) {
        var tokens = new int[maze.length];
        Arrays.setAll(tokens, i -> maze[i]);
        return tokens;
    }

    /**
     * Checks that a maze can be solved and is not yet.
     *
     * @return the steps of its shortest paths, at least 1
     * @throws DatasetException if it is no such maze
     */
    public int shortest(byte[] question) {
        int start = only(START, question);
        int goal = only(GOAL, question);
        for (byte cell : question) {
            if (cell == PATH || cell < WALL) {
                throw new DatasetException("The maze has a '" + CHARACTERS.charAt(cell) + "', expected only '# SG'.");
            }
        }
        int steps = distances(question, goal)[start];
        if (steps < 0) {
            throw new DatasetException("There is no path from S to G.");
        }
        return steps;
    }

    static int only(byte mark, byte[] maze) {
        int found = -1;
        for (int cell = 0; cell < maze.length; cell++) {
            if (maze[cell] == mark) {
                if (found >= 0) {
                    found = maze.length;
                    break;
                }
                found = cell;
            }
        }
        if (found < 0 || found == maze.length) {
            throw new DatasetException("The maze has " + (found < 0 ? "no '" : "more than one '")
                    + CHARACTERS.charAt(mark) + "', expected one.");
        }
        return found;
    }

    /**
     * Tells whether an answer marks a path through a maze: all cells are as they were but for free ones turned into
     * path, and those lead from start to goal in one line that does not touch itself.
     *
     * @param question a proper maze
     */
    public boolean isPath(byte[] question, byte[] answer) {
        var line = new byte[cells()];
        for (int cell = 0; cell < cells(); cell++) {
            if (answer[cell] != question[cell] && !(answer[cell] == PATH && question[cell] == FREE)) {
                return false;
            }
            line[cell] = answer[cell] == FREE ? WALL : answer[cell];
        }
        // The shortest way along the line takes all of it only if there are no short cuts, branches or other pieces.
        return distances(line, only(GOAL, line))[only(START, line)] == steps(answer);
    }

    /** Returns the steps of a marked path. */
    public static int steps(byte[] answer) {
        int marked = 0;
        for (byte cell : answer) {
            marked += cell == PATH ? 1 : 0;
        }
        return marked + 1;
    }

    /** The steps that it takes from each cell to one of them; -1 where there is no way. */
    int[] distances(byte[] maze, int to) {
        var distances = new int[cells()];
        Arrays.fill(distances, -1);
        var queue = new int[cells()];
        int queued = 0;
        queue[queued++] = to;
        distances[to] = 0;
        for (int next = 0; next < queued; next++) {
            int cell = queue[next];
            for (int beside : beside(cell)) {
                if (beside >= 0 && maze[beside] != WALL && distances[beside] < 0) {
                    distances[beside] = distances[cell] + 1;
                    queue[queued++] = beside;
                }
            }
        }
        return distances;
    }

    /** The cells beside one, in the order of {@link Direction}; -1 where the maze ends. */
    int[] beside(int cell) {
        int row = cell / size;
        int column = cell % size;
        return new int[] {
            row < size - 1 ? cell + size : -1,
            column > 0 ? cell - 1 : -1,
            column < size - 1 ? cell + 1 : -1,
            row > 0 ? cell - size : -1
        };
    }

    /** Returns what {@code dataset.json} says of such mazes, before they are counted. */
    public DatasetInfo info() {
        return DatasetInfo.uncounted(KIND, 0, VOCABULARY, cells());
    }
}
