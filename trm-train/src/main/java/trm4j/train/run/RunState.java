package trm4j.train.run;

import java.util.List;
import trm4j.model.Checkpoint;
import trm4j.train.data.TrainBatches;
import trm4j.train.metrics.RecentMeans;

/**
 * Where a run is, beside the trainer's own state.
 *
 * @param seed of all that is random
 * @param batches the place in the training set
 * @param metricsBytes length of {@code metrics.jsonl}
 * @param unwritten lines that should have been there and could not be written
 * @param seconds of training, evaluations left out
 * @param best the best evaluation; null before the first
 * @param device what computed
 * @param origin the model that the run began with; null if with new weights
 */
record RunState(
        long seed, TrainBatches.Position batches, long metricsBytes, String unwritten, double seconds,
        RecentMeans recent, Best best, String device, Origin origin) {

    RunState {
        if (batches == null || batches.pass() < 0 || batches.batch() < 0 || metricsBytes < 0 || unwritten == null
                || recent == null || device == null) {
            throw new IllegalArgumentException("it has no place in the data or in the metrics, or no device");
        }
    }

    /**
     * A model that a run began with.
     *
     * @param model its file
     * @param step training steps that it had taken
     * @param guessed settings that were guessed when it was imported, and that the run has too
     */
    record Origin(String model, long step, List<String> guessed) {

        Origin {
            if (model == null || step < 0 || guessed == null || !Checkpoint.areSettings(guessed)) {
                throw new IllegalArgumentException("it does not say which model it began with");
            }
            guessed = List.copyOf(guessed);
        }
    }

    /** Returns the settings of the architecture that were guessed. */
    List<String> guessed() {
        return origin == null ? List.of() : origin.guessed;
    }

    /** An evaluation of the checkpoint at a step: the share of test puzzles that came out exact. */
    record Best(long step, double exact) {

        /** Returns the better of two; the later if they are as good, or without labels to tell. */
        static Best of(Best earlier, long step, double exact) {
            double known = Double.isNaN(exact) ? 0 : exact;
            return earlier == null || known >= earlier.exact ? new Best(step, known) : earlier;
        }
    }
}
