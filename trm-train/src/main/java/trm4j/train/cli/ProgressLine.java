package trm4j.train.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import trm4j.train.Evaluation;
import trm4j.train.Training;

/** How a run goes: a progress bar on a terminal, now and then a line elsewhere. */
final class ProgressLine implements Training.Listener, AutoCloseable {

    private static final double SECONDS_BETWEEN_LINES = 10;
    private static final double MEMORY = 0.95;

    private final long total;
    private final PrintWriter out;
    private final ProgressBar bar;
    private double nextLine;
    private double exact;
    private double steps;
    private boolean halted;

    ProgressLine(long total, PrintWriter out) {
        this.total = total;
        this.out = out;
        var console = System.console();
        bar = console == null || !console.isTerminal()
                ? null
                : new ProgressBarBuilder()
                        .setTaskName("train")
                        .setInitialMax(total)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(500)
                        .setConsumer(new ConsoleProgressBarConsumer(System.err))
                        .build();
    }

    @Override
    public void step(Training.Progress progress) {
        progress.mean(progress.metrics().exact()).ifPresent(value -> exact = smooth(exact, value));
        progress.mean(progress.metrics().steps()).ifPresent(value -> steps = smooth(steps, value));
        halted |= progress.metrics().count() > 0;
        if (bar != null) {
            bar.stepTo(progress.step());
            bar.setExtraMessage(state(progress));
        } else if (progress.seconds() >= nextLine || progress.step() == total) {
            nextLine = progress.seconds() + SECONDS_BETWEEN_LINES;
            var left = Duration.ofSeconds(Math.round(progress.seconds() / progress.step() * (total - progress.step())));
            out.printf(Locale.ROOT, "step %d/%d %s, %s left%n", progress.step(), total, state(progress), text(left));
            out.flush();
        }
    }

    /** The few sequences that halt in a step say little: they are averaged with those of the steps before. */
    private double smooth(double before, double value) {
        return halted ? MEMORY * before + (1 - MEMORY) * value : value;
    }

    private String state(Training.Progress progress) {
        return String.format(
                Locale.ROOT, "loss %.4f, exact %.1f%%, mean steps %.1f, %.1f samples/s", progress.loss(), 100 * exact,
                steps, progress.samplesPerSecond());
    }

    private static String text(Duration time) {
        return String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    @Override
    public void evaluated(long step, Evaluation evaluation) {
        out.println("test after step " + step + ": " + evaluation.line());
        out.flush();
    }

    @Override
    public void saved(Path checkpoint) {
        out.println("saved " + checkpoint);
        out.flush();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
