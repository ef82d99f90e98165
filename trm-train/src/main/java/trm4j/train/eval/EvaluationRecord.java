package trm4j.train.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import trm4j.kernels.UserException;
import trm4j.model.file.InputFile;
import trm4j.train.EvaluationException;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;

/**
 * What an evaluation's folder tells. It is only read, so that the evaluation may go on meanwhile.
 *
 * @param path the folder
 * @param settings of what it is and how: {@code settings.json}
 * @param result all figures, {@code evaluation.json}; nothing before all puzzles are solved
 */
public record EvaluationRecord(Path path, JsonNode settings, Optional<JsonNode> result) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 1 << 24;

    /** Tells whether an evaluation began in a folder. */
    public static boolean isEvaluation(Path path) {
        return Files.isRegularFile(path.resolve(EvaluationFolder.SETTINGS))
                && Files.isRegularFile(predictions(path));
    }

    /**
     * Reads a folder, but for its predictions.
     *
     * @throws EvaluationException if it is none of an evaluation's
     */
    public static EvaluationRecord of(Path path) {
        var result = path.resolve(EvaluationFolder.RESULT);
        return new EvaluationRecord(
                path, json(path.resolve(EvaluationFolder.SETTINGS)),
                Files.exists(result) ? Optional.of(json(result)) : Optional.empty());
    }

    private static JsonNode json(Path file) {
        try {
            var read = JSON.readTree(InputFile.bytes(file, MOST_BYTES));
            if (read != null && read.isObject()) {
                return read;
            }
            throw new EvaluationException(file + " is damaged: it is no JSON object.");
        } catch (IOException e) {
            throw new EvaluationException(file + " cannot be read (" + e + ").", e);
        }
    }

    /**
     * Tells whether what was evaluated is the model in a file.
     *
     * @throws EvaluationException if the file cannot be read
     */
    public boolean isOf(Path model) {
        return settings.path(EvaluationSettings.MODEL_SHA256).asText().equals(EvaluationSettings.digest(model));
    }

    /** Returns where the predictions of an evaluation are. */
    public static Path predictions(Path path) {
        return path.resolve(EvaluationFolder.PREDICTIONS);
    }

    /**
     * Reads all predictions so far.
     *
     * @throws EvaluationException if they cannot be read, or are something else
     */
    public void predictions(Consumer<Prediction> sink) {
        PredictionsFile.read(predictions(path), sink);
    }

    /** Returns the puzzles, if they are where they were; the caller closes them. */
    public Optional<PuzzleDataset> puzzles() {
        try {
            var imported = path.resolve(EvaluationFolder.DATA);
            var data = Files.isDirectory(imported) ? imported : Path.of(settings.path("data").asText());
            var split = settings.path("split").asText().equals(Split.TRAIN.toString()) ? Split.TRAIN : Split.TEST;
            return Optional.of(PuzzleDataset.open(data, split));
        } catch (UserException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Returns the fingerprint of the puzzles as the settings have it; nothing where they do not tell. */
    public static Optional<String> fingerprint(JsonNode settings) {
        return Optional.ofNullable(settings.path(EvaluationSettings.FINGERPRINT).textValue());
    }

    /** Returns when it began, if the file system knows. */
    public Optional<Instant> begun() {
        try {
            return Optional.of(Files.getLastModifiedTime(path.resolve(EvaluationFolder.SETTINGS)).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns what to call it: its folder's name. */
    public String name() {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }
}
