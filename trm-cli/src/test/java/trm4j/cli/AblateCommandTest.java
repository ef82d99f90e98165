package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ablation as a user runs it, on 4x4 Sudokus. */
class AblateCommandTest {

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeConfig() throws IOException {
        Files.writeString(dir.resolve("tiny.yaml"), """
                puzzles: {size: 4, train: 30, test: 12, min_clues: 6, max_clues: 10}
                run: {steps: 3, eval_batch: 12}
                arch: {hidden_size: 16, num_heads: 2, puzzle_emb_ndim: 16, puzzle_emb_len: 1, h_cycles: 1, l_cycles: 2,
                  halt_max_steps: 2}
                train: {batch_size: 8}
                """);
    }

    @Test
    void aTableOfVariantsAndSeeds() throws IOException {
        var command = "ablate DIR/tiny.yaml --out DIR/out --variant trm,two-nets --seeds 2";
        assertEquals(0, run(command), err.toString());
        var table = out.toString().lines().skip(out.toString().lines().count() - 3).toList();
        assertTrue(table.get(1).startsWith("TRM ") && table.get(2).startsWith("two nets "), out.toString());
        var rows = Files.readAllLines(dir.resolve("out/ablation.jsonl"));
        assertEquals(4, rows.size());
        var json = new ObjectMapper().readTree(rows.get(3));
        assertEquals("two-nets", json.path("variant").asText());
        assertEquals(1, json.path("seed").asInt());
        assertTrue(json.path("seconds").asDouble() > 0);

        // What is done stays, also if only its row is missing.
        Files.write(dir.resolve("out/ablation.jsonl"), rows.subList(0, 3));
        assertEquals(0, run(command), err.toString());
        assertTrue(out.toString().contains("Run 4 of 4") && !out.toString().contains("Run 3 of 4"), out.toString());
        assertEquals(rows, Files.readAllLines(dir.resolve("out/ablation.jsonl")));
    }

    /** What follows the paper is compared with TRM, of which some is but another evaluation. */
    @Test
    void methodsAreComparedWithTrm() throws IOException {
        var command = "ablate DIR/tiny.yaml --out DIR/out --set run.eval_interval=2 --set arch.l_cycles=3 "
                + "--variant eqr,depth-schedule,chains";
        assertEquals(0, run(command + " --reach 90"), err.toString());
        assertTrue(
                out.toString().contains("Depth: 1x2 up to step 1, then 1x2 up to step 2, then 1x3\n"), out.toString());
        assertTrue(out.toString().contains(
                "Run 4 of 4: TRM with 8 chains, seed 0\nSolves the test puzzles with the model that is trained\n"),
                out.toString());
        var table = out.toString().lines().skip(out.toString().lines().count() - 5).toList();
        assertTrue(table.getFirst().endsWith("samples/s     FLOPs           FLOPs to 90%"), out.toString());
        assertTrue(table.get(1).startsWith("TRM ") && table.get(4).startsWith("TRM with 8 chains "), out.toString());
        var rows = Files.readAllLines(dir.resolve("out/ablation.jsonl")).stream().map(AblateCommandTest::json).toList();
        assertEquals(List.of("trm", "eqr", "depth-schedule", "chains"),
                rows.stream().map(row -> row.get("variant").asText()).toList());
        assertEquals(List.of(2, 3), List.of(rows.getFirst().at("/course/0/step").asInt(),
                rows.getFirst().at("/course/1/step").asInt()));
        double full = rows.get(0).at("/course/1/flops").asDouble();
        assertTrue(full > 0 && rows.get(1).at("/course/1/flops").asDouble() == full, rows.toString());
        // Two of three steps evaluate the net three times, for four.
        assertEquals(10.0 / 12, rows.get(2).at("/course/1/flops").asDouble() / full, 0.02);
        assertEquals(8 * 2, rows.get(3).get("steps").asInt());
        assertEquals(1, run("ablate DIR/tiny.yaml --out DIR/new --reach 90"));
        assertTrue(
                err.toString().contains("run.eval_interval: expected steps between evaluations, by which --reach goes"),
                err.toString());
        assertEquals(2, run("ablate DIR/tiny.yaml --out DIR/new --reach 101"));
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void mistakesAreToldBeforeAnythingIsTrained() {
        assertEquals(2, run("ablate DIR/tiny.yaml --out DIR/out --variant trm,fast"));
        assertTrue(
                err.toString().contains("There is no variant fast, expected one of paper, methods, trm, act-continue"),
                err.toString());
        assertEquals(2, run("ablate DIR/tiny.yaml --out DIR/out --seeds 0"));
        assertEquals(1, run("ablate DIR/tiny.yaml --out DIR/out --set arch.num_heads=3"));
        assertTrue(err.toString().contains("expected a multiple of num_heads 3"), err.toString());
        assertFalse(Files.exists(dir.resolve("out/ablation.jsonl")));
    }

    @Test
    void puzzlesAreMadeOnlyWhereThereIsMemoryToTrainOnThem() {
        assertEquals(1, run("ablate DIR/tiny.yaml --out DIR/out --set train.batch_size=1000000000"));
        assertTrue(
                err.toString().contains("tiny.yaml: train.micro_batch: 1000000000 puzzles at a time"), err.toString());
        assertEquals(1, run("ablate DIR/tiny.yaml --out DIR/out --set puzzles.size=0"));
        assertTrue(err.toString().contains("tiny.yaml: puzzles.size says to make no puzzles"), err.toString());
        assertFalse(Files.exists(dir.resolve("out")));
    }

    @Test
    void anotherConfigurationDoesNotGoOn() {
        assertEquals(0, run("ablate DIR/tiny.yaml --out DIR/out --variant trm"), err.toString());
        assertEquals(1, run("ablate DIR/tiny.yaml --out DIR/out --variant trm --set train.lr=1e-3"));
        assertTrue(err.toString().contains("is another configuration than the one given"), err.toString());
    }

    /** Variants have other nets than a model, and a run's folder is none of an ablation's. */
    @Test
    void weightsAndFoldersOfRunsAreRefused() throws IOException {
        assertEquals(0, run("ablate DIR/tiny.yaml --out DIR/out --variant trm"), err.toString());
        assertEquals(1, run("ablate DIR/tiny.yaml --out DIR/two --set run.init=DIR/out/trm-seed0"));
        assertTrue(err.toString().contains("run.init: expected nothing, since the variants' nets"), err.toString());
        var run = dir.resolve("out/trm-seed0");
        Files.delete(run.resolve("data.json"));
        List<Path> before;
        try (var files = Files.list(run)) {
            before = files.sorted().toList();
        }
        assertEquals(1, run("ablate DIR/tiny.yaml --out DIR/out/trm-seed0"));
        try (var files = Files.list(run)) {
            assertEquals(before, files.sorted().toList());
        }
    }

    private int run(String command) {
        return Commands.runAfresh(out, err, command.replace("DIR", dir.toString()).split(" "));
    }
}
