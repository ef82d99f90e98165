package trm4j.train.data.maze;

import java.util.Arrays;
import java.util.stream.Stream;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.train.data.Dihedral;
import trm4j.train.data.Grid;
import trm4j.train.data.GroupWriter;

/**
 * A maze and its answer, as {@link MazeRules} has them.
 *
 * @param answer a shortest path; null where it is not known yet
 * @param rating how hard it is; the steps of the shortest path unless a file says otherwise
 */
record MazePuzzle(Grid question, Grid answer, int rating) {

    static MazePuzzle of(int size, byte[] question, byte[] answer, int rating) {
        return new MazePuzzle(
                new Grid(size, size, question), answer == null ? null : new Grid(size, size, answer), rating);
    }

    /** The same maze with the answer that a rule gives. */
    MazePuzzle solved(MazeRules rules, PathRule rule) {
        return of(rules.size(), question.cells(), new ShortestPaths(rules, question.cells()).marked(rule), rating);
    }

    /** It and its seven images, their answers turned and mirrored as they are; its own answer is known. */
    Stream<MazePuzzle> images() {
        return Arrays.stream(Dihedral.values())
                .map(symmetry -> new MazePuzzle(symmetry.apply(question), symmetry.apply(answer), rating));
    }

    /** What symmetric mazes have in common. */
    String form() {
        return Arrays.stream(Dihedral.values())
                .map(symmetry -> MazeRules.format(symmetry.apply(question).cells()))
                .min(String::compareTo).orElseThrow();
    }

    /** The question alone, which is what tells mazes apart. */
    Example example() {
        var labels = new int[question.cells().length];
        Arrays.fill(labels, Batch.NO_LABEL);
        return new Example(MazeRules.tokens(question.cells()), labels, 0);
    }

    GroupWriter.Member labelled() {
        return new GroupWriter.Member(MazeRules.tokens(question.cells()), MazeRules.tokens(answer.cells()), rating);
    }
}
