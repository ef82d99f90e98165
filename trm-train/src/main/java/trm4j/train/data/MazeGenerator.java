package trm4j.train.data;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Makes mazes with a single shortest path: walls at random, a start and a goal as far apart as asked for, and then
 * further walls in the way of every other path that is as short.
 *
 * @param minPath the fewest steps of the path
 * @param maxPath the most
 */
record MazeGenerator(MazeRules rules, int minPath, int maxPath) {

    /** The share of walls, between that of open fields and that where most cells are cut off from each other. */
    private static final double FEWEST_WALLS = 0.30;
    private static final double MOST_WALLS = 0.42;

    /** A random maze; none if it happens to have no path of that length. */
    Optional<MazePuzzle> attempt(SplittableRandom random) {
        double walls = random.nextDouble(FEWEST_WALLS, MOST_WALLS);
        var maze = new byte[rules.cells()];
        for (int cell = 0; cell < maze.length; cell++) {
            maze[cell] = random.nextDouble() < walls ? MazeRules.WALL : MazeRules.FREE;
        }
        int start = random.nextInt(maze.length);
        maze[start] = MazeRules.START;
        var distances = rules.distances(maze, start);
        var goals = IntStream.range(0, maze.length)
                .filter(cell -> distances[cell] >= minPath && distances[cell] <= maxPath).toArray();
        if (goals.length == 0) {
            return Optional.empty();
        }
        int goal = goals[random.nextInt(goals.length)];
        maze[goal] = MazeRules.GOAL;
        leaveOnePath(maze, start, goal, random);
        return Optional.of(MazePuzzle.of(rules.size(), maze, rules.solve(maze), distances[goal]));
    }

    /** Puts walls, as few as it happens to take, on shortest paths that leave the one that is marked. */
    private void leaveOnePath(byte[] maze, int start, int goal, SplittableRandom random) {
        var kept = rules.solve(maze);
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
