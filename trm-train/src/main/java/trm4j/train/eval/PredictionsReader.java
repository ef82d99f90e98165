package trm4j.train.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import trm4j.train.EvaluationException;

/**
 * Reads the predictions of an evaluation again and again, each time only what is new, and adds them up. What needs more
 * than predictions is left out: the votes of ARC tasks, and which puzzles have several right answers.
 */
public final class PredictionsReader {

    private final Path file;
    private final EvaluationSums sums;
    private long end;
    /** Tells the file from one that has taken its place. */
    private Object key;

    /**
     * Prepares to read the predictions in an evaluation's folder.
     *
     * @throws trm4j.train.EvaluationException if there is no evaluation, or its settings are damaged
     */
    public PredictionsReader(EvaluationRecord record) {
        file = EvaluationRecord.predictions(record.path());
        var settings = EvaluationSettings.of(record.path());
        var tries = settings.tries();
        sums = new EvaluationSums(
                settings.steps(), settings.halting(), ranges(record, settings.limit()), Optional.empty(), Double.NaN,
                tries.isPlain() ? Optional.empty() : Optional.of(new RolloutSums(tries.rollouts())));
    }

    /** Levels of difficulty, where the puzzles are still there to tell. */
    private static RatingRanges ranges(EvaluationRecord record, int limit) {
        var ratings = record.puzzles().flatMap(dataset -> {
            try (dataset) {
                return dataset.ratings().map(all -> IntStream.of(all)
                        .limit(limit == 0 ? Long.MAX_VALUE : limit).toArray());
            }
        });
        return RatingRanges.of(ratings.orElse(new int[0]));
    }

    /** Tells whether what was read is no longer in the file where it was, so that a new reader is to begin. */
    public boolean isStale() {
        try {
            return Files.size(file) < end || end > 0 && !Objects.equals(key, key());
        } catch (IOException e) {
            return true;
        }
    }

    private Object key() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /**
     * Reads all lines that are new and whole; the last may still be being written.
     *
     * @param sink hears of each
     * @throws trm4j.train.EvaluationException if they cannot be read, or are something else
     */
    public void read(Consumer<Prediction> sink) {
        try {
            key = key();
        } catch (IOException e) {
            throw new EvaluationException(file + " cannot be read (" + e + ").", e);
        }
        end = PredictionsFile.read(file, end, prediction -> {
            sums.add(prediction);
            sink.accept(prediction);
        });
    }

    /** Returns how many were read. */
    public int puzzles() {
        return sums.puzzles();
    }

    /** Returns what those that were read come to; nothing where there are none. */
    public Optional<Evaluation> figures() {
        return sums.puzzles() == 0 ? Optional.empty() : Optional.of(sums.evaluation(Double.NaN));
    }
}
