package trm4j.train.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import trm4j.train.Training;
import trm4j.train.eval.Evaluation;

/** Shows how a run goes. */
final class TrainProgress implements Training.Listener, AutoCloseable {

    /** The few sequences that halt in a step say little: they are averaged with those of the steps before. */
    private static final double MEMORY = 0.95;
    /** Seconds of starting that a user would wonder about. */
    private static final double NOTICED = 1;

    private final Progress progress;
    private double exact;
    private double steps;
    private boolean halted;

    TrainProgress(long totalSteps, PrintWriter out) {
        progress = new Progress("train", totalSteps, out);
    }

    @Override
    public void started(double seconds) {
        if (seconds >= NOTICED) {
            progress.note(String.format(Locale.ROOT, "Compiled in %.1f s; the first step compiles some more", seconds));
        }
    }

    @Override
    public void step(Training.Progress step) {
        step.mean(step.metrics().exact()).ifPresent(value -> exact = smooth(exact, value));
        step.mean(step.metrics().steps()).ifPresent(value -> steps = smooth(steps, value));
        halted |= step.metrics().count() > 0;
        progress.at(step.step(), () -> String.format(
                Locale.ROOT, "loss %.4f exact %.1f%% steps %.1f, %.1f samples/s", step.loss(), 100 * exact,
                steps, step.samplesPerSecond()));
    }

    private double smooth(double before, double value) {
        return halted ? MEMORY * before + (1 - MEMORY) * value : value;
    }

    @Override
    public void evaluated(long step, Evaluation evaluation) {
        progress.note("test after step " + step + ": " + evaluation.line());
    }

    @Override
    public void saved(Path checkpoint) {
        progress.note("saved " + checkpoint);
    }

    @Override
    public void close() {
        progress.close();
    }
}
