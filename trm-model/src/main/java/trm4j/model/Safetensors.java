package trm4j.model;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.nio.file.StandardOpenOption;
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

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METADATA = "__metadata__";
    private static final int CHUNK = 1 << 20;

    /**
     * Reads a whole file.
     *
     * @throws CheckpointException if it cannot be read or is not a safetensors file
     */
    public static Safetensors read(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ);
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
                length >= 2 && length <= bytes.byteSize() - 8 && length < Integer.MAX_VALUE, file,
                "a header within the file's " + bytes.byteSize() + " bytes", "a header of " + length);
        var header = header(file, bytes.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE));
        var data = bytes.asSlice(8 + length);
        var tensors = new LinkedHashMap<String, HostTensor>();
        var metadata = new LinkedHashMap<String, String>();
        for (var entry : header.properties()) {
            if (entry.getKey().equals(METADATA)) {
                entry.getValue().properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
            } else {
                tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), data));
            }
        }
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

    private static HostTensor tensor(Path file, String name, JsonNode entry, MemorySegment data) {
        var type = ElementType.of(entry.path("dtype").asText());
        check(type != null, file, name + " of type " + Arrays.toString(ElementType.values()), entry.path("dtype"));
        var dimensions = entry.path("shape");
        var offsets = entry.path("data_offsets");
        check(dimensions.isArray() && offsets.size() == 2, file, "shape and data_offsets of " + name, entry);
        var shape = new int[dimensions.size()];
        long size = 1;
        for (int i = 0; i < shape.length; i++) {
            var dimension = dimensions.get(i);
            check(dimension.canConvertToInt() && dimension.intValue() >= 0, file, "dimensions of " + name, dimension);
            shape[i] = dimension.intValue();
            size *= Math.max(shape[i], 1);
            check(size <= data.byteSize(), file, name + " to fit the file", dimensions);
        }
        size = Arrays.stream(shape).anyMatch(d -> d == 0) ? 0 : size;
        long from = offsets.get(0).asLong(-1);
        long to = offsets.get(1).asLong(-1);
        check(
                from >= 0 && to <= data.byteSize() && to - from == size * type.bytes, file,
                name + " " + dimensions + " to fill " + size * type.bytes + " of the file's bytes",
                "bytes " + from + " to " + to + " of " + data.byteSize());
        var values = new float[(int) size];
        type.copy(data, from, values, 0, values.length);
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
