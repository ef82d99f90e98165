package trm4j.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far something long has come: a progress bar on a terminal, now and then a line elsewhere. */
final class Progress implements AutoCloseable {

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private static final String ERASE_LINE = "\r\u001b[2K";

    private final String task;
    private final long total;
    private final long before;
    private final PrintWriter out;
    private final ProgressBar bar;
    private final long start = System.nanoTime();
    private Duration nextLine = Duration.ZERO;

    Progress(String task, long total, PrintWriter out) {
        this(task, total, 0, out);
    }

    /** Goes on from what was done before. */
    Progress(String task, long total, long before, PrintWriter out) {
        this.task = task;
        this.total = total;
        this.before = before;
        this.out = out;
        var console = System.console();
        bar = console == null || !console.isTerminal()
                ? null
                : new ProgressBarBuilder()
                        // Unnamed, it fits in 80 columns.
                        .setTaskName("")
                        .setInitialMax(total)
                        .startsFrom(before, Duration.ZERO)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(500)
                        .setConsumer(new TerminalLine(System.err))
                        .build();
    }

    /** So much is done, out of the total. */
    void at(long done, Supplier<String> state) {
        if (bar != null) {
            bar.stepTo(done);
            bar.setExtraMessage(state.get());
            return;
        }
        var passed = Duration.ofNanos(System.nanoTime() - start);
        if (passed.compareTo(nextLine) >= 0 || done == total) {
            nextLine = passed.plus(BETWEEN_LINES);
            var left = passed.multipliedBy(total - done).dividedBy(done - before);
            out.printf(
                    Locale.ROOT, "%s %d/%d %s, %d:%02d:%02d left%n", task, done, total, state.get(), left.toHours(),
                    left.toMinutesPart(), left.toSecondsPart());
            out.flush();
        }
    }

    /** A line that stays, above the bar. */
    void note(String line) {
        out.println(bar == null ? line : ERASE_LINE + line);
        out.flush();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
