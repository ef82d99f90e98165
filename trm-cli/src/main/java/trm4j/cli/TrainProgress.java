package trm4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import trm4j.train.eval.Evaluation;
import trm4j.train.metrics.StepProgress;
import trm4j.train.run.Training;

/** Shows how a run goes. */
final class TrainProgress implements Training.Listener, AutoCloseable {

    /** Seconds of starting that a user would wonder about. */
    private static final double NOTICED = 1;

    private final long totalSteps;
    private final PrintWriter out;
    private Progress progress;

    TrainProgress(long totalSteps, PrintWriter out) {
        this.totalSteps = totalSteps;
        this.out = out;
    }

    @Override
    public void started(long step, double seconds) {
        if (step > 0) {
            notice("Goes on after step " + step);
        }
        if (seconds >= NOTICED) {
            notice(String.format(Locale.ROOT, "Compiled in %.1f s; the first step compiles some more", seconds));
        }
        progress = new Progress("train", totalSteps, step, out);
    }

    @Override
    public void step(StepProgress step) {
        progress.at(step.step(), () -> String.format(
                Locale.ROOT, "loss %.4f exact %.1f%% steps %.1f, %.1f samples/s", step.loss(),
                100 * step.recent().exact(), step.recent().steps(), step.samplesPerSecond()));
    }

    /** A first signal was heard. */
    void stops() {
        notice("Stops after this step; a second time, at once");
    }

    @Override
    public void notice(String sentence) {
        if (progress == null) {
            out.println(sentence);
            out.flush();
        } else {
            progress.note(sentence);
        }
    }

    @Override
    public void evaluated(long step, Evaluation evaluation) {
        var measured = evaluation.measured();
        progress.note("test after step " + step + ": " + evaluation.line()
                + (measured.isEmpty() ? "" : "; " + measured));
    }

    @Override
    public void saved(Path model) {
        progress.note("saved " + model);
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
