package trm4j.train.data.maze;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Makes mazes: walls at random, a start and a goal, further walls across the shortest path until it is as long as it is
 * to be. If there is to be one such path, more walls come in the way of every other that is as short; else mazes are
 * taken that have several.
 *
 * @param minPath the fewest steps of the path
 * @param maxPath the most
 * @param paths how many there are
 */
record MazeGenerator(MazeRules rules, int minPath, int maxPath, MazeSource.Paths paths) {

    /** The share of walls to begin with: fewer than where many cells are cut off from each other. */
    private static final double FEWEST_WALLS = 0.20;
    private static final double MOST_WALLS = 0.38;

    /** A random maze; none if its path happens to resist. */
    Optional<MazePuzzle> attempt(SplittableRandom random) {
        double walls = random.nextDouble(FEWEST_WALLS, MOST_WALLS);
        var maze = new byte[rules.cells()];
        for (int cell = 0; cell < maze.length; cell++) {
            maze[cell] = random.nextDouble() < walls ? MazeRules.WALL : MazeRules.FREE;
        }
        int start = random.nextInt(maze.length);
        maze[start] = MazeRules.START;
        int aim = random.nextInt(minPath, maxPath + 1);
        var distances = rules.distances(maze, start);
        var goals = IntStream.range(0, maze.length)
                .filter(cell -> distances[cell] > 0 && distances[cell] <= aim).toArray();
        if (goals.length == 0) {
            return Optional.empty();
        }
        int goal = goals[random.nextInt(goals.length)];
        maze[goal] = MazeRules.GOAL;
        int steps = lengthen(maze, start, goal, aim, random);
        if (steps < minPath) {
            return Optional.empty();
        }
        if (paths == MazeSource.Paths.UNIQUE) {
            leaveOnePath(maze, start, goal, random);
        } else if (!new ShortestPaths(rules, maze).areSeveral()) {
            return Optional.empty();
        }
        return Optional.of(MazePuzzle.of(rules.size(), maze, path(maze), steps));
    }

    private byte[] path(byte[] maze) {
        return new ShortestPaths(rules, maze).marked(PathRule.MAZE_HARD);
    }

    /** Closes cells on the shortest path until it has as many steps, or a few less; returns how many it has. */
    private int lengthen(byte[] maze, int start, int goal, int aim, SplittableRandom random) {
        int steps = rules.distances(maze, goal)[start];
        for (int tries = 2 * aim; tries > 0 && steps < aim; tries--) {
            var path = path(maze);
            var cells = IntStream.range(0, path.length).filter(cell -> path[cell] == MazeRules.PATH).toArray();
            if (cells.length == 0) {
                break;
            }
            int closed = cells[random.nextInt(cells.length)];
            maze[closed] = MazeRules.WALL;
            int now = rules.distances(maze, goal)[start];
            if (now < 0 || now > aim) {
                maze[closed] = MazeRules.FREE;
            } else {
                steps = now;
            }
        }
        return steps;
    }

    /** Puts walls, as few as it happens to take, on shortest paths that leave the one that is marked. */
    private void leaveOnePath(byte[] maze, int start, int goal, SplittableRandom random) {
        var kept = path(maze);
        while (true) {
            var fromStart = rules.distances(maze, start);
            var fromGoal = rules.distances(maze, goal);
            var others = IntStream.range(0, maze.length)
                    .filter(cell -> kept[cell] == MazeRules.FREE && fromStart[cell] >= 0
                            && fromStart[cell] + fromGoal[cell] == fromStart[goal])
                    .toArray();
            if (others.length == 0) {
                return;
            }
            int closed = others[random.nextInt(others.length)];
            maze[closed] = MazeRules.WALL;
            kept[closed] = MazeRules.WALL;
        }
    }
}
