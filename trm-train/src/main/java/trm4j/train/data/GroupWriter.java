package trm4j.train.data;

import java.io.IOException;
import java.util.Iterator;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Writes puzzles to a split: each becomes a group, of itself and its augmentations.
 *
 * @param <P> the puzzles
 */
public final class GroupWriter<P> {

    /**
     * A puzzle of a group as tokens.
     *
     * @param rating how hard it is, or {@link SplitWriter#UNRATED}
     */
    public record Member(int[] inputs, int[] labels, int rating) {}

    private final SplitWriter writer;
    private final Function<P, Stream<Member>> group;
    private int puzzles;

    /**
     * Begins with no puzzle.
     *
     * @param group what a puzzle's group consists of
     */
    public GroupWriter(SplitWriter writer, Function<P, Stream<Member>> group) {
        this.writer = writer;
        this.group = group;
    }

    /** Writes a puzzle's group. */
    public void add(P puzzle) throws IOException {
        for (Iterator<Member> members = group.apply(puzzle).iterator(); members.hasNext(); ) {
            var member = members.next();
            writer.example(member.inputs(), member.labels(), member.rating());
            writer.endPuzzle(0);
        }
        writer.endGroup();
        puzzles++;
    }

    /** Returns the number of puzzles so far, without their augmentations. */
    public int puzzles() {
        return puzzles;
    }

    /** Returns what the split came to hold, and how many rows of a file did not get into it. */
    public PuzzleSummary.Count count(int leftOut, int belowRating) {
        return new PuzzleSummary.Count(puzzles, writer.examples(), leftOut, belowRating);
    }
}
