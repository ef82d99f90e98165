package trm4j.train.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.train.RunException;

class MetricsReaderTest {

    @TempDir
    private Path run;

    private Heard heard;

    /** As long as all others. */
    private static ObjectNode line(int step, double seconds) {
        return JsonNodeFactory.instance.objectNode().put("step", step).put("seconds", seconds);
    }

    /** Keeps what it hears, each line once. */
    private static final class Heard implements MetricsReader.Sink {

        private final List<JsonNode> lines = new ArrayList<>();

        @Override
        public void begin() {
            lines.clear();
        }

        @Override
        public void line(JsonNode line) {
            lines.add(line);
        }
    }

    private MetricsReader reader() {
        heard = new Heard();
        return new MetricsReader(run, heard);
    }

    private List<JsonNode> read(MetricsReader reader) {
        reader.read();
        return List.copyOf(heard.lines);
    }

    private static List<Integer> steps(List<JsonNode> lines) {
        return lines.stream().map(line -> line.get("step").intValue()).toList();
    }

    @Test
    void onlyWhatIsNewIsReadAgain() throws IOException {
        var reader = reader();
        assertEquals(List.of(), read(reader));
        try (var metrics = new MetricsFile(run)) {
            metrics.add(line(1, 0.5));
            metrics.add(line(2, 1.5));
            var first = read(reader);
            assertEquals(List.of(1, 2), steps(first));
            metrics.add(line(3, 2.5));
            var file = run.resolve(MetricsFile.NAME);
            Files.writeString(file, "{\"step\": 4, \"sec", StandardOpenOption.APPEND);
            var again = read(reader);
            assertEquals(List.of(1, 2, 3), steps(again));
            assertSame(first.get(0), again.get(0));
            assertSame(first.get(1), again.get(1));
            Files.writeString(file, "onds\": 3.5}\n", StandardOpenOption.APPEND);
            assertEquals(List.of(1, 2, 3, 4), steps(read(reader)));
        }
    }

    /** As a run does that goes on from a checkpoint of step 1: to fewer lines, as many, and more than there were. */
    @Test
    void linesThatAreCutOffAreForgotten() throws IOException {
        for (int steps = 1; steps <= 5; steps++) {
            Files.deleteIfExists(run.resolve(MetricsFile.NAME));
            var reader = reader();
            try (var metrics = new MetricsFile(run)) {
                metrics.add(line(1, 0.5));
                long saved = metrics.sync();
                metrics.add(line(2, 1.5));
                metrics.add(line(3, 2.5));
                assertEquals(3, read(reader).size());
                metrics.cut(saved, "", 1);
                for (int step = 2; step <= steps; step++) {
                    metrics.add(line(step, step + 0.25));
                }
            }
            var expected = MetricsReader.lines(run);
            assertEquals(steps, expected.size());
            assertEquals(expected, read(reader));
        }
        var reader = reader();
        read(reader);
        Files.delete(run.resolve(MetricsFile.NAME));
        assertEquals(List.of(), read(reader));
    }

    /** Once it is mended, reading goes on. */
    @Test
    void aLineThatIsNoneIsToldEachTime() throws IOException {
        var file = run.resolve(MetricsFile.NAME);
        Files.writeString(file, "{\"step\": 1}\n{\"step\": }\n");
        var reader = reader();
        for (int look = 0; look < 2; look++) {
            var message = assertThrows(RunException.class, reader::read).getMessage();
            assertTrue(message.contains("no JSON object, line 2; mend it"), message);
        }
        Files.writeString(file, "{\"step\": 1}\n{\"step\": 2}\n");
        assertEquals(List.of(1, 2), steps(read(reader)));
    }
}
