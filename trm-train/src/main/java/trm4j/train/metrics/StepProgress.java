package trm4j.train.metrics;

import java.util.Optional;
import trm4j.model.StepMetrics;

/**
 * A training step that was taken.
 *
 * @param step counted from 1
 * @param batchSize puzzles in it
 * @param recent the accuracy of this step and those before
 * @param seconds since the run began, evaluations left out
 */
public record StepProgress(
        long step, long totalSteps, int batchSize, StepMetrics metrics, RecentMeans recent, double lr,
        double seconds) {

    /** Returns the loss of a puzzle, on average. */
    public double loss() {
        return metrics.loss() / batchSize;
    }

    /** Returns a mean over the sequences that halted in this step; nothing where none did. */
    public Optional<Double> mean(double sum) {
        return metrics.count() == 0 ? Optional.empty() : Optional.of(sum / metrics.count());
    }

    /** Returns the puzzles trained on in a second, over the whole run. */
    public double samplesPerSecond() {
        return step * batchSize / seconds;
    }
}
