package trm4j.train.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import trm4j.train.RunException;

/**
 * Writes scalars as TensorBoard reads them ({@code tensorboard --logdir RUN}): a file of records, each with its length
 * and masked CRC-32C sums around it, of protocol buffers {@code tensorflow.Event} (event.proto, summary.proto). A part
 * of a run writes a file of its own, which begins by saying from which step on those before it are void.
 */
public final class EventFile implements AutoCloseable {

    private static final String VERSION = "brain.Event:2";
    /** Rows of an evaluation whose bounds may differ from one to the next: no curves. */
    private static final String TABLE = "by_rating";
    private static final int MASK = 0xa282ead8;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private final Path file;
    private final FileChannel channel;
    private final Clock clock;

    /**
     * Begins a file.
     *
     * @param step the first that will be told
     * @throws RunException if it cannot be written, as do all methods
     */
    public EventFile(Path folder, long step, Clock clock) {
        this.clock = clock;
        // TensorBoard reads whatever has tfevents in its name, in the order of the names.
        file = folder.resolve("events.out.tfevents.%d.trm.%d".formatted(clock.millis(), step));
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(e);
        }
        write(event(0).string(3, VERSION));
        write(event(step).message(7, new Message().varint(1, 1)));
    }

    private RunException failed(IOException e) {
        return new RunException(file + " cannot be written: " + e.getMessage() + ".", e);
    }

    /** Adds the numbers of a line of {@code metrics.jsonl}, under {@code train/} or {@code test/}. */
    public void add(JsonNode line) {
        var scalars = new LinkedHashMap<String, Double>();
        if (line.has("test")) {
            put(scalars, "test", line.get("test"));
        } else {
            put(scalars, "train", line);
            scalars.remove("train/step");
        }
        add(line.path("step").asLong(), scalars);
    }

    /** Collects numbers by their paths; those in lists by their places from 1 on, so that they sort as they stand. */
    private static void put(Map<String, Double> scalars, String path, JsonNode node) {
        if (node.isNumber()) {
            scalars.put(path, node.asDouble());
        }
        node.properties().stream().filter(entry -> !entry.getKey().equals(TABLE)).forEach(entry ->
                put(scalars, path + "/" + entry.getKey(), entry.getValue()));
        for (int i = 0; i < (node.isArray() ? node.size() : 0); i++) {
            put(scalars, "%s/%02d".formatted(path, i + 1), node.get(i));
        }
    }

    /** Adds a step's scalars by their names, such as {@code train/loss}. */
    public void add(long step, Map<String, Double> scalars) {
        var summary = new Message();
        scalars.forEach((tag, value) ->
                summary.message(1, new Message().string(1, tag).fixed(2, value.floatValue())));
        write(event(step).message(5, summary));
    }

    private Message event(long step) {
        return new Message().fixed(1, clock.millis() * 1e-3).varint(2, step);
    }

    private void write(Message event) {
        var bytes = event.bytes.toByteArray();
        var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length).array();
        var entry = ByteBuffer.allocate(bytes.length + 16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(length)
                .putInt(masked(length))
                .put(bytes)
                .putInt(masked(bytes))
                .flip();
        try {
            while (entry.hasRemaining()) {
                channel.write(entry);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static int masked(byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return Integer.rotateRight((int) sum.getValue(), 15) + MASK;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** A protocol buffer as it is built, field by field. */
    private static final class Message {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            key(field, VARINT);
            varint(value);
            return this;
        }

        Message fixed(int field, double value) {
            key(field, FIXED64);
            return put(ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value));
        }

        Message fixed(int field, float value) {
            key(field, FIXED32);
            return put(ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value));
        }

        Message string(int field, String value) {
            return delimited(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return delimited(field, value.bytes.toByteArray());
        }

        private Message delimited(int field, byte[] value) {
            key(field, LENGTH);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        private Message put(ByteBuffer value) {
            bytes.writeBytes(value.array());
            return this;
        }

        private void key(int field, int type) {
            varint(field << 3 | type);
        }

        private void varint(long value) {
            for (; (value & ~0x7FL) != 0; value >>>= 7) {
                bytes.write((int) (value & 0x7F | 0x80));
            }
            bytes.write((int) value);
        }
    }
}
