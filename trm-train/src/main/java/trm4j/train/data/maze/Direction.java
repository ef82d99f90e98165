package trm4j.train.data.maze;

import java.util.Locale;

/** Where one steps from a cell, in the order of Maze-Hard's labels. */
enum Direction {
    DOWN, LEFT, RIGHT, UP;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
