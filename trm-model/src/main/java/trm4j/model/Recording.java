package trm4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.InputFile;
import trm4j.model.file.JsonProblem;
import trm4j.model.file.Safetensors;

/**
 * A recorded run's folder: what its {@code config.json} says, and its tensors.
 *
 * @param format 1 for runs that go on from their first step, 2 for steps that are sealed each
 * @param arch with the sizes of the puzzles set
 * @param steps how many steps the run has
 * @param totalSteps for the learning rate's schedule
 */
record Recording(Path folder, int format, TrmConfig arch, TrainConfig train, int steps, long totalSteps) {

    private static final String CONFIG = "config.json";
    private static final int MOST_SETTINGS = 1 << 20;
    private static final int NEWEST_FORMAT = 2;

    /**
     * Reads what a recording is of.
     *
     * @throws CheckpointException if it is none, or not whole
     * @throws ConfigException if its settings are none that can be trained with
     */
    static Recording of(Path folder) {
        var file = folder.resolve(CONFIG);
        var settings = json(folder, CONFIG);
        if (!settings.path("arch").has("batch_size") || !settings.path("train").hasNonNull("steps")
                || !settings.path("train").hasNonNull("total_steps")) {
            throw new CheckpointException(file + " is not a recording's: expected arch with batch_size, and train "
                    + "with steps and total_steps.");
        }
        int format = settings.path("format").asInt(1);
        if (format < 1 || format > NEWEST_FORMAT) {
            throw new CheckpointException(file + ": expected format 1 or " + NEWEST_FORMAT + ", found "
                    + settings.path("format") + "; take a newer trm, or record the run again.");
        }
        var arch = (ObjectNode) settings.path("arch");
        var train = (ObjectNode) settings.path("train");
        train.set("batch_size", arch.remove("batch_size"));
        int steps = train.remove("steps").asInt();
        long totalSteps = train.remove("total_steps").asLong();
        var config = Settings.read(TrmConfig.PAPER, arch, file.toString());
        var training = Settings.read(TrainConfig.PAPER, train, file.toString());
        if (config.seqLen() == 0 || config.vocabSize() == 0 || config.numPuzzleIdentifiers() == 0) {
            throw new CheckpointException(file + " does not say of what sizes the puzzles are: expected seq_len, "
                    + "vocab_size and num_puzzle_identifiers under arch.");
        }
        ConfigException.require(
                !training.freezesWeights(), file + ": train.freeze", "none, as recordings are", training.freeze().key());
        return new Recording(folder, format, config, training, steps, totalSteps);
    }

    /** Reads one of a recording's JSON files, an object. */
    static JsonNode json(Path folder, String name) {
        try {
            var tree = Settings.MAPPER.readTree(InputFile.bytes(folder.resolve(name), MOST_SETTINGS));
            if (tree.isObject()) {
                return tree;
            }
            throw new CheckpointException(
                    folder.resolve(name) + " is not a recording's: expected a JSON object, found something else.");
        } catch (IOException e) {
            throw new CheckpointException(folder + " is not a recorded run: expected " + name + " in it, beside the "
                    + "run's safetensors (" + JsonProblem.of(e) + ").", e);
        }
    }

    /** Returns the number of puzzles in a batch. */
    int puzzles() {
        return train.batchSize();
    }

    /** Returns the number of elements of a batch's z_H, or z_L. */
    int states() {
        return puzzles() * arch.positions() * arch.hiddenSize();
    }

    /** Returns the tensors of one of its files. */
    Tensors read(String name) {
        var file = folder.resolve(name + ".safetensors");
        return new Tensors(file, Safetensors.read(file).tensors(), this);
    }

    /**
     * The tensors of one file.
     *
     * @param file for messages
     */
    record Tensors(Path file, Map<String, HostTensor> byName, Recording recording) {

        float[] values(String name) {
            var tensor = byName.get(name);
            if (tensor == null) {
                throw new CheckpointException(
                        file + ": expected tensor " + name + ", found none; record the run again.");
            }
            return tensor.values();
        }

        float[] values(String name, int size) {
            var values = values(name);
            if (values.length != size) {
                throw new CheckpointException(file + ": expected " + size + " numbers in tensor " + name + ", found "
                        + values.length + "; record the run again.");
            }
            return values;
        }

        int[] ints(String name) {
            var values = values(name);
            var ints = new int[values.length];
            for (int i = 0; i < ints.length; i++) {
                ints[i] = (int) values[i];
            }
            return ints;
        }

        /** Returns the batch that halted slots take their next puzzles from. */
        Batch batch() {
            return puzzles("batch.", new int[recording.puzzles()]);
        }

        /** Returns the puzzles that slots work on, with a blank in those that have halted: it may be anything. */
        Batch slots() {
            return puzzles("carry.", halted());
        }

        /** Returns the supervision steps that slots have taken, 0 for those that have halted. */
        int[] taken() {
            return ints("carry.steps", 1, recording.arch.haltMaxSteps() + 1, 0, halted());
        }

        /** Returns 1 for slots that have halted, else 0. */
        int[] halted() {
            return ints("carry.halted", 1, 2, 0, new int[recording.puzzles()]);
        }

        private Batch puzzles(String prefix, int[] blank) {
            var arch = recording.arch;
            return new Batch(
                    ints(prefix + "inputs", arch.seqLen(), arch.vocabSize(), 0, blank),
                    ints(prefix + "labels", arch.seqLen(), arch.vocabSize(), Batch.NO_LABEL, blank),
                    ints(prefix + "puzzle_identifiers", 1, arch.numPuzzleIdentifiers(), 0, blank));
        }

        /**
         * Returns whole numbers below a bound, of at least 0 or another one.
         *
         * @param width numbers of each slot
         * @param blank which slots' numbers are 0 whatever they are
         */
        private int[] ints(String name, int width, int bound, int other, int[] blank) {
            values(name, blank.length * width);
            var ints = ints(name);
            for (int i = 0; i < ints.length; i++) {
                if (blank[i / width] != 0) {
                    ints[i] = 0;
                } else if ((ints[i] < 0 || ints[i] >= bound) && ints[i] != other) {
                    throw new CheckpointException(file + ": expected numbers below " + bound + " in tensor " + name
                            + ", found " + ints[i] + "; record the run again.");
                }
            }
            return ints;
        }

        /** Returns the tensors whose names begin with a prefix, without it. */
        Map<String, HostTensor> under(String prefix) {
            var under = new LinkedHashMap<String, HostTensor>();
            byName.forEach((name, tensor) -> {
                if (name.startsWith(prefix)) {
                    under.put(name.substring(prefix.length()), tensor);
                }
            });
            return under;
        }
    }
}
