package trm4j.model.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import trm4j.kernels.Bfloat16;
import trm4j.kernels.ElementType;

/** Writes a safetensors file tensor by tensor, so that they need not be in memory together. */
public final class SafetensorsWriter {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHUNK = 1 << 20;

    private final FileChannel channel;
    private final Iterator<Entry> entries;
    private Entry entry;
    /** Elements of the entry that are still to come. */
    private long left;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);

    /**
     * A tensor to come.
     *
     * @param type F32, BF16 or I32
     */
    public record Entry(String name, ElementType type, int[] shape) {

        private long size() {
            return bytes() / type.bytes();
        }

        long bytes() {
            return Arrays.stream(shape).asLongStream().reduce(type.bytes(), Math::multiplyExact);
        }
    }

    /** Writes the header; the entries' values must follow in their order, each at once or in parts. */
    public SafetensorsWriter(FileChannel channel, Map<String, String> metadata, List<Entry> entries)
            throws IOException {
        this.channel = channel;
        this.entries = entries.iterator();
        var header = header(metadata, entries);
        var start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        writeAll(start.putLong(header.length).put(header).flip());
    }

    private static byte[] header(Map<String, String> metadata, List<Entry> entries) throws JsonProcessingException {
        var header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            var node = header.putObject(Safetensors.METADATA);
            metadata.forEach(node::put);
        }
        long at = 0;
        for (var entry : entries) {
            var node = header.putObject(entry.name).put("dtype", entry.type.name());
            Arrays.stream(entry.shape).forEach(node.putArray("shape")::add);
            node.putArray("data_offsets").add(at).add(at + entry.bytes());
            at += entry.bytes();
        }
        var json = JSON.writeValueAsString(header);
        // The format asks for tensors at multiples of 8 bytes: the header is padded with spaces.
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat(Math.ceilDiv(length, 8) * 8 - length)).getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the next of an entry's values, rounded where it is of BF16. */
    public void add(float[] values) throws IOException {
        begin(values.length);
        if (entry.type == ElementType.BF16) {
            addRounded(values);
            return;
        }
        for (int from = 0, count; from < values.length; from += count) {
            count = Math.min(CHUNK / Float.BYTES, values.length - from);
            chunk.clear().asFloatBuffer().put(values, from, count);
            writeAll(chunk.limit(count * Float.BYTES));
        }
    }

    private void addRounded(float[] values) throws IOException {
        for (int from = 0, count; from < values.length; from += count) {
            count = Math.min(CHUNK / Short.BYTES, values.length - from);
            chunk.clear();
            for (int i = from; i < from + count; i++) {
                chunk.putShort(Bfloat16.of(values[i]));
            }
            writeAll(chunk.flip());
        }
    }

    /** Writes the next of an entry's values. */
    public void add(int[] values) throws IOException {
        begin(values.length);
        for (int from = 0, count; from < values.length; from += count) {
            count = Math.min(CHUNK / Integer.BYTES, values.length - from);
            chunk.clear().asIntBuffer().put(values, from, count);
            writeAll(chunk.limit(count * Integer.BYTES));
        }
    }

    /** Goes to the next entry where one is whole. */
    private void begin(int values) {
        if (left == 0) {
            entry = entries.next();
            left = entry.size();
        }
        if (values > left) {
            throw new IllegalArgumentException(values + " values, where " + left + " are left of " + entry.name);
        }
        left -= values;
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
