package trm4j.model.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.InputFile;
import trm4j.model.file.Safetensors;

/**
 * A model's weights in a file of another program, by the names that checkpoints use: of {@code torch.save}, or
 * safetensors. Names may have what wrappers such as {@code torch.compile} put before them.
 */
public sealed interface WeightsFile extends AutoCloseable permits StateDict, SafetensorsWeights {

    /**
     * Opens a file; the tensors are read when they are asked for.
     *
     * @throws CheckpointException if it is neither, is damaged, or has no weights of a TRM
     */
    static WeightsFile open(Path file) {
        return Safetensors.is(file) ? SafetensorsWeights.open(file) : StateDict.open(file);
    }

    /**
     * Tells by a file's begin whether it may be one: safetensors, or a zip archive as {@code torch.save} writes it.
     *
     * @throws CheckpointException if it cannot be read
     */
    static boolean isOne(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            var begin = InputFile.begin(file, Integer.BYTES);
            return Safetensors.is(file) || begin.limit() == Integer.BYTES && begin.getInt() == Safetensors.ZIP;
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Returns the tensors' names and shapes, in the file's order. */
    Map<String, int[]> shapes();

    /**
     * Reads all tensors.
     *
     * @return by their names, in the file's order
     * @throws CheckpointException if one is not whole
     */
    Map<String, HostTensor> tensors();

    /** Returns what trm4j recorded of the model beside its weights, as JSON. */
    Optional<String> recorded();

    @Override
    void close();
}
