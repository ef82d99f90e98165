package trm4j.train.data;

import java.io.IOException;
import java.util.Iterator;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A split that is being filled with puzzles: each becomes a group, of itself and its augmentations.
 *
 * @param <P> the puzzles
 */
public final class PuzzleSplit<P> {

    private final SplitWriter writer;
    private final Function<P, Stream<LabelledPuzzle>> group;
    private int puzzles;

    /**
     * A split without puzzles.
     *
     * @param group what a puzzle's group consists of
     */
    public PuzzleSplit(SplitWriter writer, Function<P, Stream<LabelledPuzzle>> group) {
        this.writer = writer;
        this.group = group;
    }

    public void add(P puzzle) throws IOException {
        for (Iterator<LabelledPuzzle> members = group.apply(puzzle).iterator(); members.hasNext(); ) {
            var member = members.next();
            writer.example(member.inputs(), member.labels(), member.rating());
            writer.endPuzzle(0);
        }
        writer.endGroup();
        puzzles++;
    }

    /** The puzzles so far, without their augmentations. */
    public int puzzles() {
        return puzzles;
    }

    public PuzzleSummary.Count count(int leftOut, int belowRating) {
        return new PuzzleSummary.Count(puzzles, writer.examples(), leftOut, belowRating);
    }
}
