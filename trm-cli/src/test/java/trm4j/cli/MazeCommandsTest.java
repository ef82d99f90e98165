package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.train.data.Warnings;

/** Mazes as a user goes about them: made, trained on, evaluated. */
class MazeCommandsTest {

    private static final String MAZE = "    #" + " ## S" + " #   " + " # ##" + " # #G";
    private static final String SOLVABLE = "    #" + " ## S" + " #   " + " # # " + "    G";

    @RegisterExtension
    private final Warnings warnings = new Warnings();

    @TempDir
    private Path dir;

    private final StringWriter printed = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void aModelIsTrainedOnNewMazesAndTriedOnThoseOfAFile() throws IOException {
        assertEquals(0, trm("data maze --size 5 --train 20 --test 10 --path 3-8 --augment 7 --out DIR/set"));
        assertTrue(printed.toString().contains("5x5 mazes") && printed.toString().contains("20 puzzles, 160 examples")
                && printed.toString().contains("10 puzzles, 10 examples"), printed.toString());
        Files.writeString(dir.resolve("tiny.yaml"), """
                run: {steps: 2, eval_batch: 5}
                arch: {mlp_t: false, pos_encodings: rope, hidden_size: 16, num_heads: 1, puzzle_emb_ndim: 16,
                  puzzle_emb_len: 1, h_cycles: 1, l_cycles: 1, l_layers: 1, halt_max_steps: 2}
                train: {batch_size: 4}
                """);
        assertEquals(0, trm("train DIR/tiny.yaml --data DIR/set --out DIR/run"), errors.toString());
        assertTrue(printed.toString().contains("; 0.0% shortest paths"), printed.toString());

        Files.write(dir.resolve("mazes.csv"), List.of("question", SOLVABLE, MAZE));
        assertEquals(0, trm("eval DIR/run --data DIR/mazes.csv --batch 2 --out DIR/eval"), errors.toString());
        assertTrue(printed.toString().contains("By the rules: 0.0% path, 0.0% shortest."), printed.toString());
        var json = new ObjectMapper();
        var lines = Files.readAllLines(dir.resolve("eval/predictions.jsonl"));
        assertEquals(1, lines.size(), "the maze without a path is left out");
        assertEquals(SOLVABLE, json.readTree(lines.getFirst()).get("question").asText());
        var rules = json.readTree(Files.readString(dir.resolve("eval/evaluation.json"))).get("rules");
        assertTrue(rules.has("path") && rules.has("shortest"), rules.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "--size 4; mazes of 5x5 to 1000x1000 cells, found 4x4",
        "--path 9-3; Expected a range of path lengths",
        "--path x; expected MIN-MAX",
        "--augment 8; Expected 0 to 7 turned and mirrored images of a maze, found 8",
        "--csv DIR/a.csv --size 9; --size is only for new mazes",
        "--npy DIR/a --train 9; --train is only for new mazes",
        "--npy DIR/a --csv DIR/b; --csv is not for --npy",
        "--npy DIR/a --subsample 3; --subsample is only for --csv",
        "--split train; --split is only for --csv"
    })
    void wrongUsageIsToldAsSuch(String options, String message) {
        assertEquals(2, trm("data maze --out DIR/set " + options));
        assertTrue(errors.toString().contains(message), errors.toString());
    }

    private int trm(String command) {
        printed.getBuffer().setLength(0);
        errors.getBuffer().setLength(0);
        return Main.run(new PrintWriter(printed, true), new PrintWriter(errors, true),
                command.replace("DIR", dir.toString()).split(" +"));
    }
}
