package trm4j.model;

import static trm4j.kernels.UserException.shown;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param guessed keys of the architecture that nothing said when the weights were imported, and that were guessed
 */
public record Checkpoint(
        TrmConfig config, TrainConfig train, long step, Map<String, HostTensor> tensors, Optional<String> rowNames,
        List<String> guessed) {

    private static final String ARCH = "arch";
    private static final String TRAIN = "train";
    private static final String STEP = "step";
    private static final String ROW_NAMES = "puzzle_names_sha256";
    private static final String GUESSED = "guessed";

    public Checkpoint {
        guessed = List.copyOf(guessed);
    }

    /** A model of which nothing was guessed, and whose puzzle table has one row, or rows whose names are not known. */
    public Checkpoint(TrmConfig config, TrainConfig train, long step, Map<String, HostTensor> tensors) {
        this(config, train, step, tensors, Optional.empty(), List.of());
    }

    /**
     * Tells a file of ours from weights that another program saved, and from all else.
     *
     * @throws CheckpointException if it cannot be read
     */
    public static boolean isOne(Path file) {
        return Safetensors.is(file) && Safetensors.visit(file, (_, _) -> { }).containsKey(ARCH);
    }

    /**
     * Reads a file.
     *
     * @throws CheckpointException if it cannot be read or holds no configuration
     */
    public static Checkpoint load(Path file) {
        var stored = Safetensors.read(file);
        return of(file, stored.metadata(), stored.tensors());
    }

    /**
     * Reads all of a file but the tensors.
     *
     * @return a checkpoint without tensors
     * @throws CheckpointException if it cannot be read or holds no configuration
     */
    public static Checkpoint describe(Path file) {
        return of(file, Safetensors.visit(file, (_, _) -> { }), Map.of());
    }

    private static Checkpoint of(Path file, Map<String, String> metadata, Map<String, HostTensor> tensors) {
        if (!metadata.containsKey(ARCH) || !metadata.containsKey(TRAIN)) {
            throw new CheckpointException(file + " does not say which architecture its tensors are for, as files of "
                    + "other programs do not: expected arch and train in its metadata, found "
                    + shown(metadata.keySet().toString()) + "; trm import " + file
                    + " --out MODEL.safetensors makes a model of it.");
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
                    step(metadata.getOrDefault(STEP, "0")), tensors, Optional.ofNullable(metadata.get(ROW_NAMES)),
                    guessed(Settings.MAPPER.readTree(metadata.getOrDefault(GUESSED, "[]")), file));
        } catch (JsonProcessingException e) {
            throw new CheckpointException(file + " has metadata that cannot be read: " + JsonProblem.of(e) + ".", e);
        } catch (NumberFormatException e) {
            throw new CheckpointException(file + " has metadata that cannot be read: expected a step of at least 0, "
                    + "found " + shown(metadata.get(STEP)) + ".", e);
        }
    }

    private static long step(String text) {
        long step = Long.parseLong(text);
        if (step < 0) {
            throw new NumberFormatException("a step of " + step);
        }
        return step;
    }

    /** Returns the same model, with activations of a type: its weights are float32 in either case. */
    public Checkpoint computedIn(TrmConfig.Dtype dtype) {
        return new Checkpoint(
                config.with(arch -> arch.forwardDtype = dtype), train, step, tensors, rowNames, guessed);
    }

    /** Returns the same model, with a digest of its rows' names. */
    public Checkpoint withRowNames(Optional<String> digest) {
        return new Checkpoint(config, train, step, tensors, digest, guessed);
    }

    /**
     * Reads which settings were guessed.
     *
     * @param json a list of keys, or missing
     * @throws CheckpointException if it is anything else
     */
    public static List<String> guessed(JsonNode json, Object source) {
        var keys = new LinkedHashSet<String>();
        for (var key : json) {
            keys.add(key.asText());
        }
        if (!json.isMissingNode() && !json.isArray() || !areSettings(keys)) {
            throw new CheckpointException(source + ": expected a list of settings that were guessed, found "
                    + shown(json.toString()) + "; it is damaged, import the model again.");
        }
        return List.copyOf(keys);
    }

    /** Tells whether all of some words are keys of the architecture. */
    public static boolean areSettings(Collection<String> keys) {
        var known = Settings.MAPPER.valueToTree(TrmConfig.PAPER);
        return keys.stream().allMatch(known::has);
    }

    /** Returns the same model, of whose architecture some settings were guessed. */
    public Checkpoint withGuessed(List<String> keys) {
        return new Checkpoint(config, train, step, tensors, rowNames, keys);
    }

    /** Says in a sentence what of the architecture was guessed, if anything. */
    public Optional<String> remark() {
        return Optional.of(guessed).filter(keys -> !keys.isEmpty()).map(keys -> "When the model was imported, "
                + String.join(", ", keys.stream().map(key -> ARCH + "." + key).toList())
                + (keys.size() == 1 ? " was" : " were") + " guessed from the paper; if that is wrong, so are the "
                + "answers, and trm import --config mends it.");
    }

    /** Returns all but the tensors as one JSON object: arch, train, step, the rows' digest, and what was guessed. */
    public String configuration() {
        try {
            var json = Settings.MAPPER.createObjectNode();
            json.set(ARCH, Settings.MAPPER.valueToTree(config));
            json.set(TRAIN, Settings.MAPPER.valueToTree(train));
            json.put(STEP, step);
            rowNames.ifPresent(digest -> json.put(ROW_NAMES, digest));
            if (!guessed.isEmpty()) {
                json.set(GUESSED, Settings.MAPPER.valueToTree(guessed));
            }
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
            if (!guessed.isEmpty()) {
                metadata.put(GUESSED, Settings.MAPPER.writeValueAsString(guessed));
            }
            new Safetensors(tensors, metadata).write(file);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
