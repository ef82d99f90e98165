package trm4j.train.data.maze;

import java.util.stream.IntStream;
import trm4j.train.DatasetException;

/** All shortest paths of a maze. */
final class ShortestPaths {

    private final MazeRules rules;
    private final byte[] question;
    private final int start;
    private final int goal;
    private final int[] toStart;
    private final int[] toGoal;

    /**
     * Finds them.
     *
     * @throws DatasetException if the question is no maze with a path from S to G
     */
    ShortestPaths(MazeRules rules, byte[] question) {
        rules.shortest(question);
        this.rules = rules;
        this.question = question;
        start = MazeRules.only(MazeRules.START, question);
        goal = MazeRules.only(MazeRules.GOAL, question);
        toStart = rules.distances(question, start);
        toGoal = rules.distances(question, goal);
    }

    /** The steps of each. */
    int steps() {
        return toGoal[start];
    }

    /** The cells that lie on one of them, S and G among them. */
    private IntStream cells() {
        return IntStream.range(0, question.length)
                .filter(cell -> toStart[cell] >= 0 && toStart[cell] + toGoal[cell] == steps());
    }

    /** Whether there is more than one. */
    boolean areSeveral() {
        return cells().count() > steps() + 1;
    }

    /** How many there are; a number too large for a double is infinite. */
    double count() {
        var ways = new double[question.length];
        ways[start] = 1;
        for (int cell : cells().boxed().sorted((a, b) -> toStart[a] - toStart[b]).toList()) {
            for (int beside : rules.beside(cell)) {
                if (beside >= 0 && toStart[beside] == toStart[cell] - 1) {
                    ways[cell] += ways[beside];
                }
            }
        }
        return ways[goal];
    }

    /** The maze with the free cells of one marked as path. */
    byte[] marked(PathRule rule) {
        var answer = question.clone();
        var left = rule.fromStart() ? toGoal : toStart;
        int cell = rule.fromStart() ? start : goal;
        while (left[cell] > 1) {
            cell = next(cell, left, rule);
            answer[cell] = MazeRules.PATH;
        }
        return answer;
    }

    private int next(int cell, int[] left, PathRule rule) {
        var beside = rules.beside(cell);
        for (var direction : rule.order()) {
            int next = beside[direction.ordinal()];
            if (next >= 0 && left[next] == left[cell] - 1) {
                return next;
            }
        }
        throw new IllegalStateException("no way on from cell " + cell);
    }
}
