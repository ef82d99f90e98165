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
    private static final Progress.Rate PUZZLES = new Progress.Rate("puzzles", 1);

    private final long totalSteps;
    private final Progress.Rate rate;
    private final Screen screen;
    private final Waiting compiling;
    private Progress training;
    private Progress evaluating;

    /**
     * A run that is about to start.
     *
     * @param device what computes
     */
    TrainProgress(Training training, String device, PrintWriter out) {
        totalSteps = training.totalSteps();
        rate = new Progress.Rate("samples", training.config().train().batchSize());
        screen = Screen.of(out, out);
        compiling = new Waiting(Waiting.PATIENCE, () -> screen.line("Compiling for device " + device + " ..."));
    }

    @Override
    public void started(long step, double seconds) {
        compiling.close();
        if (step > 0) {
            screen.line("Goes on after step " + step);
        }
        if (seconds >= NOTICED) {
            screen.line(
                    String.format(Locale.ROOT, "Compiled in %.1f s; the first step compiles some more", seconds));
        }
        training = new Progress("train", totalSteps, step, rate, screen);
    }

    @Override
    public void step(StepProgress step) {
        training.at(step.step(), step.seconds(), () -> String.format(
                Locale.ROOT, "loss %.4f exact %.1f%% steps %.1f", step.loss(), 100 * step.recent().exact(),
                step.recent().steps()));
    }

    /** A first signal was heard. */
    void stops() {
        screen.line("Stops after this step; a second time, at once");
    }

    @Override
    public void notice(String sentence) {
        screen.line(sentence);
    }

    @Override
    public void evaluating(int done, int puzzles) {
        if (done == 0) {
            endEvaluation();
            evaluating = new Progress("test", puzzles, PUZZLES, screen);
        } else if (evaluating != null && done < puzzles) {
            evaluating.at(done, () -> "");
        }
    }

    private void endEvaluation() {
        if (evaluating != null) {
            evaluating.vanish();
            evaluating = null;
        }
    }

    @Override
    public void evaluated(long step, Evaluation evaluation) {
        endEvaluation();
        training.again();
        var measured = evaluation.measured();
        screen.line("test after step " + step + ": " + evaluation.line()
                + (measured.isEmpty() ? "" : "; " + measured));
    }

    @Override
    public void saved(Path model) {
        screen.line("saved " + model);
    }

    @Override
    public void close() {
        compiling.close();
        endEvaluation();
        if (training != null) {
            training.close();
        }
    }
}
