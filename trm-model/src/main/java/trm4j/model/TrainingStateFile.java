package trm4j.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.device.Execution;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.AtomicFile;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.Safetensors;
import trm4j.model.file.SafetensorsWriter;
import trm4j.model.net.TrainingPrograms;

/**
 * Saves a training's state to a file and puts it back: what the next steps depend on, beside what {@link Checkpoint}
 * has (moving averages, puzzle table, first states), the configuration, the puzzles and the seed. That is the number of
 * steps taken, and on the device the weights, Adam's moments (of none where the weights are frozen), and in each slot
 * z_H, z_L, steps, halted and the puzzle. In the safetensors file it is named as the buffers are. It goes there and
 * back buffer by buffer, so that only one is in the host's memory.
 *
 * @param execution holds the buffers
 * @param buffers in the order of the file
 * @param allowed by I32 buffers, the values that they may have: kernels take them for places in memory
 */
record TrainingStateFile(Execution execution, List<Buffer> buffers, Map<Buffer, IntPredicate> allowed) {

    private static final String STEP = "step";

    static TrainingStateFile of(Execution execution, TrainingPrograms programs, TrmConfig config) {
        var puzzles = programs.current;
        IntPredicate token = value -> value >= 0 && value < config.vocabSize();
        var slots = Stream.of(
                programs.zH, programs.zL, programs.steps, programs.halted, puzzles.inputs(), puzzles.labels(),
                puzzles.identifiers());
        var dense = Stream.concat(
                Stream.of(programs.model.weights), programs.adam.stream().flatMap(a -> Stream.of(a.m(), a.v())));
        return new TrainingStateFile(
                execution,
                Stream.concat(dense, slots).toList(),
                Map.of(
                        programs.steps, value -> value >= 0 && value <= config.haltMaxSteps(),
                        programs.halted, value -> value == 0 || value == 1,
                        puzzles.inputs(), token,
                        puzzles.labels(), token.or(value -> value == Batch.NO_LABEL),
                        puzzles.identifiers(), value -> value >= 0 && value < config.numPuzzleIdentifiers()));
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @param step steps taken
     * @throws CheckpointException if it cannot be written
     * @throws DivergedException if a number is not finite
     */
    void write(Path file, long step, NonFiniteFinder finder) {
        try {
            AtomicFile.write(file, channel -> write(channel, step, finder));
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private void write(FileChannel channel, long step, NonFiniteFinder finder) throws IOException {
        var entries = buffers.stream().map(b -> new SafetensorsWriter.Entry(b.name(), b.type(), shape(b))).toList();
        var writer = new SafetensorsWriter(channel, Map.of(STEP, Long.toString(step)), entries);
        for (var buffer : buffers) {
            switch (buffer.type()) {
                case F32, BF16 -> {
                    var values = execution.floats(buffer);
                    finder.in(buffer, values).ifPresent(name -> {
                        throw DivergedException.of("There are numbers", step, name);
                    });
                    writer.add(values);
                }
                default -> writer.add(execution.ints(buffer));
            }
        }
    }

    /**
     * Reads a file into the buffers.
     *
     * @return the steps that were taken
     * @throws CheckpointException if it cannot be read, or does not fit; some of the buffers may have been written then
     */
    long read(Path file) {
        var missing = new HashSet<>(buffers);
        var metadata = Safetensors.visit(file, (name, stored) -> {
            var buffer = buffers.stream().filter(b -> b.name().equals(name)).findFirst().orElseThrow(() ->
                    new CheckpointException(file + ": expected " + buffers + ", found " + name + "."));
            // Micro-batches are only a shape: the same puzzles may be split otherwise from here on.
            if (stored.type() != buffer.type() || stored.bytes().byteSize() != buffer.bytes()) {
                throw new CheckpointException(file + ": expected " + buffer + ", found " + name
                        + Arrays.toString(stored.shape()) + "; it is of a training with other settings.");
            }
            switch (buffer.type()) {
                case F32, BF16 -> execution.write(buffer, stored.floats());
                default -> execution.write(buffer, allowed(file, buffer, stored.ints()));
            }
            missing.remove(buffer);
        });
        if (!missing.isEmpty() || !metadata.getOrDefault(STEP, "").matches("\\d{1,18}")) {
            throw new CheckpointException(file + ": expected " + buffers + " and a step, found no "
                    + (missing.isEmpty() ? STEP : missing) + "; it is no state of a training.");
        }
        return Long.parseLong(metadata.get(STEP));
    }

    private int[] allowed(Path file, Buffer buffer, int[] values) {
        Arrays.stream(values).filter(allowed.get(buffer).negate()).findFirst().ifPresent(value -> {
            throw new CheckpointException(file + ": expected " + buffer + " as a training leaves it, found " + value
                    + " in it; it is damaged, or of a training with other settings.");
        });
        return values;
    }

    private static int[] shape(Buffer buffer) {
        return buffer.shape().dimensions().stream().mapToInt(d -> d).toArray();
    }
}
