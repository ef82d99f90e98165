package trm4j.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import trm4j.model.Checkpoint;
import trm4j.train.data.TrainBatches;
import trm4j.train.eval.Measure;
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
 * @param device what computed, and in what precision where that is not float32
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

    /**
     * An evaluation of the checkpoint at a step.
     *
     * @param exact the share of test puzzles that came out exact
     * @param measure what tells the best, as {@link Measure#title} has it; null where an earlier version wrote this
     * @param values by the measure, the more important first
     */
    record Best(long step, double exact, String measure, List<Double> values) {

        /**
         * Returns the better of two; the later if they are as good, or without labels to tell. Two of different
         * measures are told apart by what both have, exactness.
         *
         * @param evaluation the later one, as {@code metrics.jsonl} has it
         */
        static Best of(Best earlier, long step, JsonNode evaluation) {
            var measure = Measure.of(evaluation);
            var later = new Best(
                    step, evaluation.path("exact_accuracy").asDouble(), measure.title(), measure.values(evaluation));
            return earlier == null || later.compareTo(earlier) >= 0 ? later : earlier;
        }

        /** Says how good it is, for people. */
        String line() {
            return String.format(
                    Locale.ROOT, "%s %.1f%%", measure == null ? Measure.EXACT.title() : measure,
                    100 * (values == null ? exact : values.getFirst()));
        }

        private int compareTo(Best other) {
            return measure.equals(other.measure) && other.values != null && other.values.size() == values.size()
                    ? Arrays.compare(values.toArray(Double[]::new), other.values.toArray(Double[]::new))
                    : Double.compare(exact, other.exact);
        }
    }
}
