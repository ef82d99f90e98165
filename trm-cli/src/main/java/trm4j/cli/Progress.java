package trm4j.cli;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** How far something long has come: a line that is drawn again and again on a terminal, now and then a line elsewhere. */
final class Progress implements AutoCloseable {

    /** Before the first line, so that what takes no time says no more than what came of it. */
    private static final double SECONDS_TO_LINES = 4;
    private static final double SECONDS_BETWEEN_LINES = 10;
    private static final double SECONDS_BETWEEN_DRAWINGS = 0.2;
    private static final int SHORTEST_BAR = 8;
    private static final int LONGEST_BAR = 40;

    private final String task;
    private final long total;
    private final Rate rate;
    private final Screen screen;
    private final DoubleSupplier clock;
    private final Pace pace = new Pace();
    private final Waiting waiting;
    private double nextShown;
    private boolean anyLine;
    private String drawn = "";

    /**
     * What a speed is told in.
     *
     * @param unit in the plural, such as {@code puzzles}; empty where the task itself says it
     * @param each how many of it are in one of what is counted
     */
    record Rate(String unit, int each) {}

    /**
     * Begins with nothing done.
     *
     * @param total how much there is to do; 0 where that is not known
     */
    Progress(String task, long total, Rate rate, Screen screen) {
        this(task, total, 0, rate, screen);
    }

    /** Goes on from what was done before. */
    Progress(String task, long total, long before, Rate rate, Screen screen) {
        this(task, total, before, rate, screen, () -> System.nanoTime() * 1e-9);
    }

    /** Goes by a clock, of seconds. */
    Progress(String task, long total, long before, Rate rate, Screen screen, DoubleSupplier clock) {
        this.task = task;
        this.total = total;
        this.rate = rate;
        this.screen = screen;
        this.clock = clock;
        nextShown = clock.getAsDouble() + (screen.hasStatus() ? 0 : SECONDS_TO_LINES);
        var begun = text(before, "", false);
        if (screen.hasStatus()) {
            draw(withBar(before, begun));
            waiting = null;
        } else {
            waiting = new Waiting(Waiting.PATIENCE, () -> screen.line(begun));
        }
    }

    /** So much is done, out of the total. */
    void at(long done, Supplier<String> state) {
        at(done, clock.getAsDouble(), state);
    }

    /**
     * So much is done, out of the total.
     *
     * @param seconds what its speed is told by: the time that it took so far, without what came between
     */
    void at(long done, double seconds, Supplier<String> state) {
        if (waiting != null) {
            waiting.close();
        }
        pace.mark(seconds, done);
        double now = clock.getAsDouble();
        boolean ends = done == total;
        if (now < nextShown && !ends) {
            return;
        }
        nextShown = now + (screen.hasStatus() ? SECONDS_BETWEEN_DRAWINGS : SECONDS_BETWEEN_LINES);
        var words = state.get();
        if (screen.hasStatus()) {
            draw(onTerminal(done, words));
        } else if (!ends || anyLine || !words.isEmpty()) {
            screen.line(text(done, words, false));
            anyLine = true;
        }
    }

    private void draw(String status) {
        drawn = status;
        screen.status(status);
    }

    /** Draws again what something else was drawn over. */
    void again() {
        screen.status(drawn);
    }

    private String onTerminal(long done, String state) {
        var whole = text(done, state, false);
        return withBar(done, whole.length() <= screen.room() ? whole : text(done, state, true));
    }

    /** A bar in what room is left. */
    private String withBar(long done, String text) {
        int cells = Math.min(LONGEST_BAR, screen.room() - text.length() - " []".length());
        if (cells < SHORTEST_BAR || total == 0) {
            return text;
        }
        int full = (int) (cells * done / total);
        return text + " [" + "=".repeat(full) + " ".repeat(cells - full) + "]";
    }

    private String text(long done, String state, boolean isShort) {
        var text = new StringBuilder(task).append(' ').append(done);
        if (total > 0) {
            text.append('/').append(total);
        }
        if (!state.isEmpty()) {
            text.append(' ').append(state);
        }
        var perSecond = pace.perSecond();
        perSecond.ifPresent(speed -> text.append(String.format(
                Locale.ROOT, ", %.1f%s/s", speed * rate.each, isShort || rate.unit.isEmpty() ? "" : " " + rate.unit)));
        if (total > 0) {
            left(done, perSecond).ifPresent(left -> text.append(String.format(
                    Locale.ROOT, ", %d:%02d:%02d left", (long) left / 3600, (long) left / 60 % 60, (long) left % 60)));
        }
        return text.toString();
    }

    private OptionalDouble left(long done, OptionalDouble perSecond) {
        if (done == total) {
            return OptionalDouble.of(0);
        }
        return perSecond.isPresent()
                ? OptionalDouble.of((total - done) / perSecond.getAsDouble())
                : OptionalDouble.empty();
    }

    /** Leaves its last drawing there. */
    @Override
    public void close() {
        if (waiting != null) {
            waiting.close();
        }
        screen.keep();
    }

    /** Takes its last drawing away. */
    void vanish() {
        if (waiting != null) {
            waiting.close();
        }
        screen.status("");
    }
}
