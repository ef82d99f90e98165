package trm4j.train.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.util.Event;
import org.tensorflow.util.SessionLog;

/** Event files as TensorFlow's own classes read them. */
class EventFileTest {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_764_000_000_123L), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void scalarsComeBackByStepAndName() throws IOException {
        var scalars = new LinkedHashMap<String, Double>();
        scalars.put("train/loss", 1.25);
        scalars.put("test/übung", -0.0625);
        try (var file = new EventFile(folder, 301, CLOCK)) {
            file.add(301, scalars);
            file.add(5_000_000_000L, Map.of("train/lr", Double.NaN));
        }
        var events = read();
        assertEquals("brain.Event:2", events.get(0).getFileVersion());
        assertEquals(SessionLog.SessionStatus.START, events.get(1).getSessionLog().getStatus());
        assertEquals(301, events.get(1).getStep());
        assertEquals(4, events.size());
        var values = events.get(2).getSummary().getValueList();
        assertEquals(List.of("train/loss", "test/übung"), values.stream().map(v -> v.getTag()).toList());
        assertEquals(List.of(1.25f, -0.0625f), values.stream().map(v -> v.getSimpleValue()).toList());
        assertEquals(1_764_000_000.123, events.get(2).getWallTime(), 1e-6);
        assertEquals(5_000_000_000L, events.get(3).getStep());
        assertEquals(Float.NaN, events.get(3).getSummary().getValue(0).getSimpleValue());
    }

    @Test
    void aLineOfMetricsIsACurveForEachNumber() throws IOException {
        var json = new ObjectMapper();
        try (var file = new EventFile(folder, 1, CLOCK)) {
            file.add(json.readTree("{\"step\": 4, \"loss\": 2.5, \"lr\": 0.5}"));
            file.add(json.readTree("""
                    {"step": 4, "test": {"exact_accuracy": 0.25, "lm_loss": null, "halting": false,
                      "accuracy_by_step": [0.5, 0.75], "by_rating": [{"lowest": 1}], "rules": {"valid": 0.125}}}"""));
        }
        var events = read();
        assertEquals(List.of("train/loss 2.5", "train/lr 0.5"), scalars(events.get(2)));
        assertEquals(
                List.of("test/exact_accuracy 0.25", "test/accuracy_by_step/01 0.5", "test/accuracy_by_step/02 0.75",
                        "test/rules/valid 0.125"),
                scalars(events.get(3)));
        assertEquals(4, events.get(3).getStep());
    }

    private static List<String> scalars(Event event) {
        return event.getSummary().getValueList().stream().map(v -> v.getTag() + " " + v.getSimpleValue()).toList();
    }

    /** What is there can be read while the run goes on. */
    @Test
    void nothingIsHeldBack() throws IOException {
        try (var file = new EventFile(folder, 1, CLOCK)) {
            file.add(1, Map.of("train/loss", 3.0));
            assertEquals(3, read().size());
        }
    }

    private List<Event> read() throws IOException {
        try (var files = Files.list(folder)) {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(files.findFirst().orElseThrow()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            var events = new ArrayList<Event>();
            while (bytes.hasRemaining()) {
                var length = bytes.slice(bytes.position(), 8);
                int size = (int) bytes.getLong();
                assertEquals(masked(length), bytes.getInt());
                var event = bytes.slice(bytes.position(), size);
                bytes.position(bytes.position() + size);
                assertEquals(masked(event), bytes.getInt());
                events.add(Event.parseFrom(event.duplicate()));
            }
            assertFalse(events.isEmpty());
            return events;
        }
    }

    /** The sum as the format has it (tensorflow/core/lib/hash/crc32c.h), bit by bit. */
    private static int masked(ByteBuffer bytes) {
        int crc = -1;
        for (int i = 0; i < bytes.limit(); i++) {
            crc ^= bytes.get(i) & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82F63B78;
            }
        }
        crc = ~crc;
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }
}
