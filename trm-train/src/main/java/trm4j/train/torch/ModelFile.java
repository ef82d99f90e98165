package trm4j.train.torch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import trm4j.model.Checkpoint;
import trm4j.model.file.CheckpointException;
import trm4j.model.torch.WeightsFile;
import trm4j.train.TrmCommand;

/**
 * A model's file as one may have it: a checkpoint of trm4j, or weights that another program saved, with a configuration
 * beside them, which are imported as they are read.
 */
public final class ModelFile {

    /** Settings that puzzles are checked against, so that a wrong guess cannot give wrong answers. */
    private static final List<String> CHECKED = List.of("seq_len", "vocab_size", "num_puzzle_identifiers");

    private ModelFile() {}

    /**
     * Reads a model.
     *
     * @param file a checkpoint; or a state dict or safetensors by the authors' names, and in its folder what {@link
     *     TorchImport#besides} names
     * @throws CheckpointException if it is neither, is damaged, or nothing says how it computes
     * @throws trm4j.model.config.ConfigException if the configuration cannot be read or is at odds with the weights
     */
    public static Checkpoint load(Path file) {
        return isForeign(file) ? imported(file, true) : Checkpoint.load(file);
    }

    /**
     * Reads all of a model but its weights, else as {@link #load}.
     *
     * @return a checkpoint without tensors
     */
    public static Checkpoint describe(Path file) {
        return isForeign(file) ? imported(file, false) : Checkpoint.describe(file);
    }

    private static boolean isForeign(Path file) {
        return WeightsFile.isOne(file) && !Checkpoint.isOne(file);
    }

    private static Checkpoint imported(Path file, boolean weights) {
        try (var found = new TorchImport(file, Optional.empty(), Optional.empty())) {
            var open = new ArrayList<>(found.guessed());
            open.removeAll(CHECKED);
            if (!open.isEmpty()) {
                throw new CheckpointException(file + " does not say which architecture its weights are for: expected "
                        + open.stream().map(key -> "arch." + key).collect(Collectors.joining(", "))
                        + " in " + String.join(" or ", TorchImport.besides(file)) + ", found none; "
                        + TrmCommand.line("import", file, "--out", "MODEL.safetensors")
                        + " makes a model of it, with --config or by guessing from the paper.");
            }
            return weights ? found.checkpoint() : found.description();
        }
    }
}
