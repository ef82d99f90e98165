package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

    private static final List<String> QUICK = List.of("--seconds", "0.0001");

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(dir.resolve("tiny.yaml"), """
                run: {steps: 1000}
                puzzles: {size: 4}
                arch: {hidden_size: 16, puzzle_emb_ndim: 16, puzzle_emb_len: 1, H_cycles: 1, L_cycles: 1, L_layers: 1}
                train: {batch_size: 50}
                """);
    }

    @Test
    void measuresOperationsAndSteps() throws IOException {
        assertEquals(0, run("--shape", dir.resolve("tiny.yaml").toString(), "--batch", "4"), err.toString());
        var text = out.toString();
        assertTrue(text.contains("tiny: 4 puzzles in a step, T 17, D 16, 25,586 parameters"), text);
        assertTrue(text.contains("a run of 1,000 steps of 50"), text);

        var json = figures();
        assertEquals("tiny", json.get("shape").asText());
        assertEquals(16, json.at("/arch/hidden_size").asInt());
        var device = json.at("/devices/0");
        assertEquals("cpu", device.get("device").asText());
        positive(device.get("peak"), "flops", "bandwidth");
        for (var operation : device.get("operations")) {
            assertEquals("REFERENCE", operation.get("check").asText());
            positive(operation, "bytes");
            positive(operation.get("time"), "median", "least", "samples");
            assertEquals(operation.get("operation").asText().equals("matmul"), operation.get("flops").asLong() > 0);
        }
        for (var step : List.of("training", "evaluation")) {
            positive(
                    device.get(step), "samples_per_second", "flops", "utilisation", "operations", "footprint_bytes",
                    "compile_seconds");
        }
        // 1,000 steps of 50 at the measured samples a second.
        double days = 50_000 / device.at("/training/samples_per_second").asDouble() / 86_400;
        assertEquals(days, device.at("/run/days").asDouble(), 1e-9 * days);
    }

    @Test
    void measuresStepsAlone() throws IOException {
        var shape = dir.resolve("tiny.yaml").toString();
        assertEquals(0, run("--shape", shape, "--batch", "4", "--steps-only"), err.toString());
        assertTrue(out.toString().contains("training step"), out.toString());
        assertFalse(out.toString().contains("matmul"), out.toString());
        var device = figures().at("/devices/0");
        assertEquals(0, device.get("operations").size());
        positive(device.get("training"), "samples_per_second", "flops", "utilisation");
    }

    @Test
    void measuresHowAStepGrows() throws IOException {
        assertEquals(0, run("--shape", dir.resolve("tiny.yaml").toString(), "--grow", "batch"), err.toString());
        var json = figures();
        assertEquals("batch", json.get("kind").asText());
        var points = json.at("/series/0/points");
        assertEquals(5, points.size());
        double seconds = points.get(4).at("/time/median").asDouble();
        for (int i = 0; i < 5; i++) {
            assertEquals(1 << i, points.get(i).get("size").asInt());
            assertEquals(points.get(0).get("flops").asLong() << i, points.get(i).get("flops").asLong());
            assertEquals(
                    seconds / (1 << 4 - i), points.get(i).get("law_seconds").asDouble(), 1e-9 * seconds);
        }
        int status = run("--shape", dir.resolve("tiny.yaml").toString(), "--grow", "cores", "--set", "arch.l_cycles=2");
        assertEquals(0, status, err.toString());
        var cores = figures();
        assertEquals("cores", cores.get("kind").asText());
        assertEquals(2, cores.at("/arch/l_cycles").asInt());
    }

    @Test
    void tellsMistakes() throws IOException {
        assertEquals(1, run("--shape", "nowhere.yaml"));
        assertTrue(err.toString().contains("There is no configuration nowhere.yaml"), err.toString());
        Files.writeString(dir.resolve("open.yaml"), "train: {batch_size: 2}");
        assertEquals(1, run("--shape", dir.resolve("open.yaml").toString()));
        assertTrue(err.toString().contains("set arch.seq_len"), err.toString());
        assertEquals(2, run("--batch", "0"));
        assertEquals(2, run("--grow", "fame"));
        assertEquals(1, run("--device", "cpu,abacus"));
        assertTrue(err.toString().contains("There is no device abacus"), err.toString());
        assertEquals(1, run("--precision", "bf16"));
        assertTrue(err.toString().contains("Device cpu computes products in float32 alone"), err.toString());
        Files.createDirectory(dir.resolve("bench"));
        assertEquals(1, run());
        assertTrue(err.toString().contains("exists already"), err.toString());
    }

    private static void positive(JsonNode node, String... keys) {
        for (var key : keys) {
            assertTrue(node.get(key).asDouble() > 0, key + " in " + node);
        }
    }

    private JsonNode figures() throws IOException {
        var json = new ObjectMapper().readTree(dir.resolve("bench/bench.json").toFile());
        assertTrue(Files.readString(dir.resolve("bench/bench.html")).contains("<title>bench · trm</title>"));
        Files.move(dir.resolve("bench"), dir.resolve("bench-" + System.nanoTime()));
        return json;
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var all = new ArrayList<>(List.of("bench", "--out", dir.resolve("bench").toString()));
        all.addAll(QUICK);
        all.addAll(List.of(args));
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }
}
