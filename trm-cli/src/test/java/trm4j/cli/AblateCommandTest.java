package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
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

    @Test
    void mistakesAreToldBeforeAnythingIsTrained() {
        assertEquals(2, run("ablate DIR/tiny.yaml --out DIR/out --variant trm,fast"));
        assertTrue(err.toString().contains("There is no variant fast, expected one of trm, act-continue"),
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
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out), new PrintWriter(err), command.replace("DIR", dir.toString()).split(" "));
    }
}
