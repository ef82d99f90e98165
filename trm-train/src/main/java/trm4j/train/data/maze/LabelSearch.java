package trm4j.train.data.maze;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Looks for the rule by which a set's labels were chosen among the shortest paths of its mazes. */
final class LabelSearch {

    private final MazeRules rules;
    private final int[] agreeing = new int[PathRule.ALL.size()];
    private final List<Double> paths = new ArrayList<>();
    private int labelled;

    LabelSearch(MazeRules rules) {
        this.rules = rules;
    }

    /** Takes a maze into account. */
    void add(MazePuzzle maze) {
        var shortest = new ShortestPaths(rules, maze.question().cells());
        paths.add(shortest.count());
        if (maze.answer() == null) {
            return;
        }
        labelled++;
        for (int i = 0; i < agreeing.length; i++) {
            agreeing[i] += Arrays.equals(maze.answer().cells(), shortest.marked(PathRule.ALL.get(i))) ? 1 : 0;
        }
    }

    /** What was found in the mazes so far. */
    MazeLabels found() {
        var counts = paths.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int best = 0;
        for (int i = 1; i < agreeing.length; i++) {
            best = agreeing[i] > agreeing[best] ? i : best;
        }
        int most = agreeing[best];
        return new MazeLabels(
                labelled, PathRule.ALL.get(best), most, (int) Arrays.stream(agreeing).filter(n -> n == most).count(),
                counts.length, (int) Arrays.stream(counts).filter(count -> count > 1).count(),
                counts.length == 0 ? 0 : counts[0], counts.length == 0 ? 0 : counts[(counts.length - 1) / 2],
                counts.length == 0 ? 0 : counts[counts.length - 1]);
    }
}
