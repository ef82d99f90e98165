package trm4j.model.file;

import static trm4j.kernels.UserException.shown;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import trm4j.kernels.ElementType;

/**
 * A safetensors file: an 8-byte little-endian header length, a JSON header, and the tensors' bytes. Read
 * as floats whatever their type; written as F32.
 *
 * @param tensors by name
 * @param metadata the header's {@code __metadata__}
 */
public record Safetensors(Map<String, HostTensor> tensors, Map<String, String> metadata) {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final String METADATA = "__metadata__";
    /** Bytes; a model of hundreds of tensors takes a hundredth of it. */
    private static final int MOST_HEADER = 4 << 20;
    private static final int MOST_DIMENSIONS = 64;
    /** What zip archives begin with; as the length of a header, it would be far too much. */
    public static final int ZIP = 0x04034b50;
    /** As many as an array has. */
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;

    /**
     * Tells a safetensors file by its name, or by its begin: the length of a header, and the header.
     *
     * @throws CheckpointException if it cannot be read
     */
    public static boolean is(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            var begin = InputFile.begin(file, Long.BYTES + 1);
            boolean zip = begin.limit() >= Integer.BYTES && begin.getInt(0) == ZIP;
            return !zip && file.toString().endsWith(".safetensors")
                    || begin.limit() > Long.BYTES && begin.get(Long.BYTES) == '{' && begin.getLong(0) > 0
                            && begin.getLong(0) <= InputFile.size(file) - Long.BYTES;
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /**
     * Reads a whole file.
     *
     * @throws CheckpointException if it cannot be read or is not a safetensors file
     */
    public static Safetensors read(Path file) {
        var tensors = new LinkedHashMap<String, HostTensor>();
        var metadata = visit(file, (name, stored) -> tensors.put(name, new HostTensor(stored.shape, stored.floats())));
        return new Safetensors(tensors, metadata);
    }

    /** A tensor in a file, read when it is asked for. */
    public record Stored(ElementType type, int[] shape, MemorySegment bytes) {

        private int size() {
            return (int) (bytes.byteSize() / type.bytes());
        }

        public float[] floats() {
            var values = new float[size()];
            type.copy(bytes, 0, values, 0, values.length);
            return values;
        }

        /** Returns some of its elements, which follow each other. */
        public Stored part(long from, int count) {
            return new Stored(
                    type, new int[] {count}, bytes.asSlice(from * type.bytes(), (long) count * type.bytes()));
        }

        /** Returns the values of an I32 tensor. */
        public int[] ints() {
            return bytes.toArray(INT);
        }
    }

    /**
     * Shows a file's tensors one after the other, so that they need not be in memory together.
     *
     * @param visitor hears each name; the tensor is there while it does
     * @return the metadata
     * @throws CheckpointException if it cannot be read or is not a safetensors file
     */
    public static Map<String, String> visit(Path file, BiConsumer<String, Stored> visitor) {
        if (Files.isDirectory(file)) {
            throw new CheckpointException(file + " is a folder, expected a .safetensors file; of a run, name the "
                    + "model.safetensors of one of its checkpoints.");
        }
        try (var channel = InputFile.open(file);
                var arena = Arena.ofConfined()) {
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return parse(file, bytes, visitor);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static Map<String, String> parse(Path file, MemorySegment bytes, BiConsumer<String, Stored> visitor) {
        check(bytes.byteSize() >= 8, file, "at least 8 bytes", bytes.byteSize() + " bytes");
        if (bytes.get(INT, 0) == ZIP) {
            throw new CheckpointException(file + " is a zip archive, as torch.save writes it, expected a .safetensors "
                    + "file; if it has a model's weights, trm import " + file + " --out MODEL.safetensors takes them.");
        }
        long length = bytes.get(LONG, 0);
        check(
                length >= 2 && length <= Math.min(bytes.byteSize() - 8, MOST_HEADER), file,
                "a header of at most " + MOST_HEADER + " of the file's " + bytes.byteSize() + " bytes",
                "a header of " + length);
        var header = header(file, bytes.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE));
        var data = bytes.asSlice(8 + length);
        var metadata = new LinkedHashMap<String, String>();
        // Tensors share no bytes, so that a small file cannot ask for much memory.
        long left = data.byteSize();
        for (var entry : header.properties()) {
            if (entry.getKey().equals(METADATA)) {
                entry.getValue().properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
            } else {
                left -= bytes(file, entry.getKey(), entry.getValue(), data.byteSize(), left);
                visitor.accept(entry.getKey(), tensor(entry.getValue(), data));
            }
        }
        check(left == 0, file, "tensors to fill it", left + " bytes more");
        return metadata;
    }

    private static JsonNode header(Path file, byte[] json) {
        try {
            var header = JSON.readTree(json);
            check(header != null && header.isObject(), file, "a JSON object as header", "something else");
            return header;
        } catch (IOException e) {
            throw new CheckpointException(file + " is not a safetensors file: its header is not JSON.", e);
        }
    }

    /**
     * Checks what is said of a tensor.
     *
     * @param end of the tensors' bytes
     * @param left how many of them no tensor before took
     * @return its bytes
     */
    private static long bytes(Path file, String name, JsonNode entry, long end, long left) {
        var type = ElementType.named(entry.path("dtype").asText()).orElseThrow(() -> new CheckpointException(
                file + ": tensor " + shown(name) + ": expected one of the types "
                        + Arrays.toString(ElementType.values()) + ", found " + shown(entry.path("dtype").toString())
                        + "; save it as F32."));
        var dimensions = entry.path("shape");
        var offsets = entry.path("data_offsets");
        check(
                dimensions.isArray() && dimensions.size() <= MOST_DIMENSIONS && offsets.isArray()
                        && offsets.size() == 2, file, "shape and data_offsets of " + name, entry);
        long size = 1;
        boolean empty = false;
        for (var dimension : dimensions) {
            check(dimension.canConvertToInt() && dimension.intValue() >= 0, file, "dimensions of " + name, dimension);
            empty |= dimension.intValue() == 0;
            int factor = Math.max(dimension.intValue(), 1);
            check(size <= Math.min(end, MOST_ELEMENTS) / factor, file, name + " to fit the file", dimensions);
            size *= factor;
        }
        long bytes = empty ? 0 : size * type.bytes();
        long from = offsets.get(0).asLong(-1);
        long to = offsets.get(1).asLong(-1);
        check(
                from >= 0 && to <= end && to - from == bytes && bytes <= left, file,
                name + " " + dimensions + " to fill " + bytes + " of the file's bytes for itself",
                "bytes " + from + " to " + to + " of " + end);
        return bytes;
    }

    /** Returns a tensor of which all that is said was checked. */
    private static Stored tensor(JsonNode entry, MemorySegment data) {
        var shape = new int[entry.get("shape").size()];
        Arrays.setAll(shape, i -> entry.get("shape").get(i).intValue());
        long from = entry.get("data_offsets").get(0).asLong();
        long to = entry.get("data_offsets").get(1).asLong();
        return new Stored(ElementType.valueOf(entry.get("dtype").asText()), shape, data.asSlice(from, to - from));
    }

    private static void check(boolean holds, Path file, String expected, Object found) {
        if (!holds) {
            throw new CheckpointException(file + " is not a whole safetensors file: expected " + expected
                    + ", found " + found + "; it may have been cut off, copy or download it again.");
        }
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @throws CheckpointException if it cannot be written
     */
    public void write(Path file) {
        try {
            AtomicFile.write(file, this::write);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private void write(FileChannel channel) throws IOException {
        var entries = tensors.entrySet().stream()
                .map(t -> new SafetensorsWriter.Entry(t.getKey(), ElementType.F32, t.getValue().shape()))
                .toList();
        var writer = new SafetensorsWriter(channel, metadata, entries);
        for (var tensor : tensors.values()) {
            writer.add(tensor.values());
        }
    }
}
