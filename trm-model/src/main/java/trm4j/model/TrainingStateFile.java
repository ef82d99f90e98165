package trm4j.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Execution;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.AtomicFile;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.Safetensors;
import trm4j.model.file.SafetensorsWriter;
import trm4j.model.file.SafetensorsWriter.Entry;
import trm4j.model.net.Share;
import trm4j.model.net.TrainingPrograms;
import trm4j.model.ranks.Ranks;

/**
 * Saves a training's state to a file and puts it back: what the next steps depend on, beside what {@link Checkpoint}
 * has (moving averages, puzzle table, first states), the configuration, the puzzles and the seed. That is the number of
 * steps taken, and on the device the weights, Adam's moments (of none where the weights are frozen), and in each slot
 * z_H, z_L, steps, halted and the puzzle. In the safetensors file it is named as the buffers are. It goes there and
 * back buffer by buffer, so that only one is in the host's memory. Where several processes train together, the first
 * writes the file, with the slots of all, and each reads what is its own.
 *
 * @param execution holds the buffers
 * @param dense are the same in all processes, and come first in the file
 * @param slots of the share's puzzles
 * @param allowed by I32 buffers, the values that they may have: kernels take them for places in memory
 */
record TrainingStateFile(
        Execution execution, List<Buffer> dense, List<Buffer> slots, Map<Buffer, IntPredicate> allowed, Share share,
        Ranks ranks) {

    private static final String STEP = "step";

    static TrainingStateFile of(
            Execution execution, TrainingPrograms programs, TrmConfig config, Share share, Ranks ranks) {
        var puzzles = programs.current;
        IntPredicate token = value -> value >= 0 && value < config.vocabSize();
        var slots = Stream.of(
                programs.zH, programs.zL, programs.steps, programs.halted, puzzles.inputs(), puzzles.labels(),
                puzzles.identifiers());
        var dense = Stream.concat(
                Stream.of(programs.model.weights), programs.adam.stream().flatMap(a -> Stream.of(a.m(), a.v())));
        return new TrainingStateFile(
                execution,
                dense.toList(),
                slots.toList(),
                Map.of(
                        programs.steps, value -> value >= 0 && value <= config.haltMaxSteps(),
                        programs.halted, value -> value == 0 || value == 1,
                        puzzles.inputs(), token,
                        puzzles.labels(), token.or(value -> value == Batch.NO_LABEL),
                        puzzles.identifiers(), value -> value >= 0 && value < config.numPuzzleIdentifiers()),
                share,
                ranks);
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
        var entries = Stream.concat(
                        dense.stream().map(b -> new Entry(b.name(), b.type(), shape(b))),
                        slots.stream().map(b -> new Entry(b.name(), b.type(), share.shapeOfAll(b.shape()))))
                .toList();
        var writer = new SafetensorsWriter(channel, Map.of(STEP, Long.toString(step)), entries);
        for (var buffer : dense) {
            writer.add(finite(buffer, execution.floats(buffer), step, finder));
        }
        for (var buffer : slots) {
            if (buffer.type() == ElementType.I32) {
                writer.add(ofAll(execution.ints(buffer)));
                continue;
            }
            writer.add(finite(buffer, execution.floats(buffer), step, finder));
            for (int rank = 1; rank < ranks.size(); rank++) {
                int others = Share.of(share.of(), rank, ranks.size()).count();
                var values = new float[buffer.size() / share.count() * others];
                ranks.receive(rank, values, 0, values.length);
                writer.add(finite(buffer, values, step, finder));
            }
        }
    }

    private int[] ofAll(int[] own) {
        var starts = IntStream.rangeClosed(0, ranks.size())
                .map(rank -> own.length / share.count() * Share.start(share.of(), rank, ranks.size()))
                .toArray();
        var all = new int[starts[ranks.size()]];
        System.arraycopy(own, 0, all, starts[ranks.rank()], own.length);
        ranks.allGather(all, starts);
        return all;
    }

    private static float[] finite(Buffer buffer, float[] values, long step, NonFiniteFinder finder) {
        finder.in(buffer, values).ifPresent(name -> {
            throw DivergedException.of("There are numbers", step, name);
        });
        return values;
    }

    /** Gives the first process, which writes the file, what it does not have. */
    void handOver() {
        for (var buffer : slots) {
            if (buffer.type() == ElementType.I32) {
                ofAll(execution.ints(buffer));
            } else {
                var values = execution.floats(buffer);
                ranks.send(0, values, 0, values.length);
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
        var buffers = Stream.concat(dense.stream(), slots.stream()).toList();
        var missing = new HashSet<>(buffers);
        var metadata = Safetensors.visit(file, (name, stored) -> {
            var buffer = buffers.stream().filter(b -> b.name().equals(name)).findFirst().orElseThrow(() ->
                    new CheckpointException(file + ": expected " + buffers + ", found " + name + "."));
            // Micro-batches are only a shape: the same puzzles may be split otherwise from here on.
            boolean ofAll = slots.contains(buffer);
            long first = ofAll ? (long) buffer.size() / share.count() * share.first() : 0;
            long bytes = ofAll ? buffer.bytes() / share.count() * share.of() : buffer.bytes();
            if (stored.type() != buffer.type() || stored.bytes().byteSize() != bytes) {
                throw new CheckpointException(file + ": expected " + buffer + ", found " + name
                        + Arrays.toString(stored.shape()) + "; it is of a training with other settings.");
            }
            var own = stored.part(first, buffer.size());
            switch (buffer.type()) {
                case F32, BF16 -> execution.write(buffer, own.floats());
                default -> execution.write(buffer, allowed(file, buffer, own.ints()));
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
