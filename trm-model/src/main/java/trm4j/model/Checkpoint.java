package trm4j.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import trm4j.kernels.UserException;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.JsonProblem;
import trm4j.model.file.Safetensors;

/**
 * A trained model, and its one safetensors file: tensors by the reference's names, and in the file's metadata the
 * configuration that they are for.
 *
 * @param config with the sizes of the puzzles set
 * @param train how it was trained
 * @param step training steps it took
 * @param tensors all that inference needs, by the reference's names; of dense weights, their moving average
 * @param rowNames a digest of the names of the puzzle table's rows, which tells them from others; nothing if they have
 *     none that are known
 */
public record Checkpoint(
        TrmConfig config, TrainConfig train, long step, Map<String, HostTensor> tensors, Optional<String> rowNames) {

    private static final String ARCH = "arch";
    private static final String TRAIN = "train";
    private static final String STEP = "step";
    private static final String ROW_NAMES = "puzzle_names_sha256";

    /** A model whose puzzle table has one row, or rows whose names are not known. */
    public Checkpoint(TrmConfig config, TrainConfig train, long step, Map<String, HostTensor> tensors) {
        this(config, train, step, tensors, Optional.empty());
    }

    /**
     * Reads a file.
     *
     * @throws CheckpointException if it cannot be read or holds no configuration
     */
    public static Checkpoint load(Path file) {
        var stored = Safetensors.read(file);
        var metadata = stored.metadata();
        if (!metadata.containsKey(ARCH) || !metadata.containsKey(TRAIN)) {
            throw new CheckpointException(file + " does not say which architecture its tensors are for: expected "
                    + "arch and train in its metadata, found " + metadata.keySet() + ".");
        }
        try {
            var config = Settings.read(TrmConfig.PAPER, Settings.MAPPER.readTree(metadata.get(ARCH)), file.toString());
            if (config.seqLen() == 0 || config.vocabSize() == 0 || config.numPuzzleIdentifiers() == 0) {
                throw new CheckpointException(file + " does not say of what sizes its puzzles are: expected seq_len, "
                        + "vocab_size and num_puzzle_identifiers of at least 1 in its metadata, found "
                        + config.seqLen() + ", " + config.vocabSize() + " and " + config.numPuzzleIdentifiers() + ".");
            }
            return new Checkpoint(
                    config,
                    Settings.read(TrainConfig.PAPER, Settings.MAPPER.readTree(metadata.get(TRAIN)), file.toString()),
                    step(metadata.getOrDefault(STEP, "0")), stored.tensors(),
                    Optional.ofNullable(metadata.get(ROW_NAMES)));
        } catch (JsonProcessingException e) {
            throw new CheckpointException(file + " has metadata that cannot be read: " + JsonProblem.of(e) + ".", e);
        } catch (NumberFormatException e) {
            throw new CheckpointException(file + " has metadata that cannot be read: expected a step of at least 0, "
                    + "found " + UserException.shown(metadata.get(STEP)) + ".", e);
        }
    }

    private static long step(String text) {
        long step = Long.parseLong(text);
        if (step < 0) {
            throw new NumberFormatException("a step of " + step);
        }
        return step;
    }

    /** Returns the same model, with a digest of its rows' names. */
    public Checkpoint withRowNames(Optional<String> digest) {
        return new Checkpoint(config, train, step, tensors, digest);
    }

    /** Returns all but the tensors as one JSON object: arch, train, step and the digest of the rows' names. */
    public String configuration() {
        try {
            var json = Settings.MAPPER.createObjectNode();
            json.set(ARCH, Settings.MAPPER.valueToTree(config));
            json.set(TRAIN, Settings.MAPPER.valueToTree(train));
            json.put(STEP, step);
            rowNames.ifPresent(digest -> json.put(ROW_NAMES, digest));
            return Settings.MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the digest of the rows' names in what {@link #configuration} gave, if there is one. */
    public static Optional<String> rowNames(String configuration) {
        try {
            return Optional.ofNullable(Settings.MAPPER.readTree(configuration).path(ROW_NAMES).textValue());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @throws CheckpointException if it cannot be written
     */
    public void save(Path file) {
        try {
            // In order, so that the same model gives the same file.
            var metadata = new LinkedHashMap<String, String>();
            metadata.put(ARCH, Settings.MAPPER.writeValueAsString(config));
            metadata.put(TRAIN, Settings.MAPPER.writeValueAsString(train));
            metadata.put(STEP, Long.toString(step));
            rowNames.ifPresent(digest -> metadata.put(ROW_NAMES, digest));
            new Safetensors(tensors, metadata).write(file);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
