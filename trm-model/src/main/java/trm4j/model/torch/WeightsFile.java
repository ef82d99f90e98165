package trm4j.model.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.InputFile;

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
        return isSafetensors(file) ? SafetensorsWeights.open(file) : StateDict.open(file);
    }

    /** Tells a safetensors file by its name, or by its begin: the length of a header, and the header. */
    private static boolean isSafetensors(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (var channel = InputFile.open(file)) {
            var begin = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
            while (begin.hasRemaining() && channel.read(begin) >= 0) {
                // Reads on.
            }
            boolean zip = begin.position() > 1 && begin.get(0) == 'P' && begin.get(1) == 'K';
            return !zip && file.toString().endsWith(".safetensors")
                    || !begin.hasRemaining() && begin.get(8) == '{' && begin.getLong(0) > 0
                            && begin.getLong(0) <= channel.size() - 8;
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
