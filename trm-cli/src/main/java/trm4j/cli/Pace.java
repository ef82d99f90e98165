package trm4j.cli;

import java.util.ArrayDeque;
import java.util.OptionalDouble;

/** How fast something goes now: by what was done of late, so that a slow start is soon forgotten. */
final class Pace {

    /** How far back it looks. */
    private static final double SECONDS = 30;
    /** It looks back as far as so many marks, though they are older. */
    private static final int FEWEST = 5;

    private record Mark(double seconds, long done) {}

    private final ArrayDeque<Mark> marks = new ArrayDeque<>();

    /**
     * So much is done.
     *
     * @param seconds the time that it took, from whatever time on
     */
    void mark(double seconds, long done) {
        marks.addLast(new Mark(seconds, done));
        while (marks.size() > FEWEST && marks.getFirst().seconds < seconds - SECONDS) {
            marks.removeFirst();
        }
    }

    /** Returns what is done in a second; nothing before there are two marks, or while nothing is done. */
    OptionalDouble perSecond() {
        if (marks.size() < 2) {
            return OptionalDouble.empty();
        }
        double seconds = marks.getLast().seconds - marks.getFirst().seconds;
        long done = marks.getLast().done - marks.getFirst().done;
        return seconds > 0 && done > 0 ? OptionalDouble.of(done / seconds) : OptionalDouble.empty();
    }
}
