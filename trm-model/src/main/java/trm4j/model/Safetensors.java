package trm4j.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

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
    private static final String METADATA = "__metadata__";
    private static final int CHUNK = 1 << 20;
    /** Bytes; a model of hundreds of tensors takes a hundredth of it. */
    private static final int MOST_HEADER = 4 << 20;
    private static final int MOST_DIMENSIONS = 64;
    /** As many as an array has. */
    private static final int MOST_ELEMENTS = Integer.MAX_VALUE - 8;

    /**
     * Reads a whole file.
     *
     * @throws CheckpointException if it cannot be read or is not a safetensors file
     */
    public static Safetensors read(Path file) {
        try (var channel = InputFile.open(file);
                var arena = Arena.ofConfined()) {
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return parse(file, bytes);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static Safetensors parse(Path file, MemorySegment bytes) {
        check(bytes.byteSize() >= 8, file, "at least 8 bytes", bytes.byteSize() + " bytes");
        long length = bytes.get(ElementType.LONG, 0);
        check(
                length >= 2 && length <= Math.min(bytes.byteSize() - 8, MOST_HEADER), file,
                "a header of at most " + MOST_HEADER + " of the file's " + bytes.byteSize() + " bytes",
                "a header of " + length);
        var header = header(file, bytes.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE));
        var data = bytes.asSlice(8 + length);
        var tensors = new LinkedHashMap<String, HostTensor>();
        var metadata = new LinkedHashMap<String, String>();
        // Tensors share no bytes, so that a small file cannot ask for much memory.
        long left = data.byteSize();
        for (var entry : header.properties()) {
            if (entry.getKey().equals(METADATA)) {
                entry.getValue().properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
            } else {
                left -= bytes(file, entry.getKey(), entry.getValue(), data.byteSize(), left);
                tensors.put(entry.getKey(), tensor(entry.getValue(), data));
            }
        }
        check(left == 0, file, "tensors to fill it", left + " bytes more");
        return new Safetensors(tensors, metadata);
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
        var type = ElementType.of(entry.path("dtype").asText());
        check(type != null, file, name + " of type " + Arrays.toString(ElementType.values()), entry.path("dtype"));
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
        long bytes = empty ? 0 : size * type.bytes;
        long from = offsets.get(0).asLong(-1);
        long to = offsets.get(1).asLong(-1);
        check(
                from >= 0 && to <= end && to - from == bytes && bytes <= left, file,
                name + " " + dimensions + " to fill " + bytes + " of the file's bytes for itself",
                "bytes " + from + " to " + to + " of " + end);
        return bytes;
    }

    /** A tensor of which all that is said was checked. */
    private static HostTensor tensor(JsonNode entry, MemorySegment data) {
        var shape = new int[entry.get("shape").size()];
        Arrays.setAll(shape, i -> entry.get("shape").get(i).intValue());
        var values = new float[HostTensor.size(shape)];
        ElementType.of(entry.get("dtype").asText())
                .copy(data, entry.get("data_offsets").get(0).asLong(), values, 0, values.length);
        return new HostTensor(shape, values);
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
        var header = headerBytes();
        var start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(header.length).put(header).flip();
        writeAll(channel, start);
        var chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (var tensor : tensors.values()) {
            var values = tensor.values();
            for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
                int count = Math.min(CHUNK / Float.BYTES, values.length - from);
                chunk.clear();
                chunk.asFloatBuffer().put(values, from, count);
                writeAll(channel, chunk.limit(count * Float.BYTES));
            }
        }
    }

    private byte[] headerBytes() throws JsonProcessingException {
        var header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            var node = header.putObject(METADATA);
            metadata.forEach(node::put);
        }
        long at = 0;
        for (var entry : tensors.entrySet()) {
            long bytes = 4L * entry.getValue().values().length;
            var node = header.putObject(entry.getKey()).put("dtype", "F32");
            Arrays.stream(entry.getValue().shape()).forEach(node.putArray("shape")::add);
            node.putArray("data_offsets").add(at).add(at + bytes);
            at += bytes;
        }
        var json = JSON.writeValueAsString(header);
        // The format asks for tensors at multiples of 8 bytes: the header is padded with spaces.
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat(Math.ceilDiv(length, 8) * 8 - length)).getBytes(StandardCharsets.UTF_8);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
