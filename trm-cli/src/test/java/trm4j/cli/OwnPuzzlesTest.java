package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.model.Example;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.TokenDataset;

/** Puzzles of a user's own family, whose sizes are those of mazes, with all commands. */
class OwnPuzzlesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;

    private final StringWriter printed = new StringWriter();
    private final StringWriter errors = new StringWriter();

    /** A square without some of its cells; its rows are shifted. */
    private static Example square(int shift, int blanks) {
        var labels = new int[LatinSquares.CELLS];
        Arrays.setAll(labels, i -> 1 + (i / LatinSquares.SIDE * shift + i) % LatinSquares.SIDE);
        var inputs = labels.clone();
        IntStream.range(0, blanks).forEach(i -> inputs[i * 7 % LatinSquares.CELLS] = 0);
        return new Example(inputs, labels, 0);
    }

    @Test
    void aFamilyOfOnesOwnIsWrittenJudgedAndDrawnAsItSays() throws IOException {
        var family = new LatinSquares();
        TokenDataset.write(dir.resolve("set"), family, LatinSquares.VOCABULARY,
                List.of(square(1, 9), square(2, 12)), List.of(square(3, 3), square(1, 8)), 20, 0, false);
        try (var set = PuzzleDataset.open(dir.resolve("set"), Split.TRAIN)) {
            assertEquals(2, set.groups());
            assertEquals(2 * 21, set.puzzles());
            for (int i = 0; i < set.examples(); i++) {
                var example = set.example(i);
                assertEquals("{clues=true, latin=true}",
                        new TreeMap<>(family.rules(example.inputs(), example.labels())).toString());
            }
        }
        Files.writeString(dir.resolve("tiny.yaml"), """
                run: {steps: 2, eval_batch: 2}
                arch: {hidden_size: 16, num_heads: 1, puzzle_emb_ndim: 0, puzzle_emb_len: 0, h_cycles: 1, l_cycles: 1,
                  l_layers: 1, halt_max_steps: 2}
                train: {batch_size: 2}
                """);
        assertEquals(0, trm("train DIR/tiny.yaml --data DIR/set --out DIR/run"), errors.toString());
        assertFalse(printed.toString().contains("maze") || printed.toString().contains("judged"), printed.toString());

        assertEquals(0, trm("eval DIR/run --data DIR/set --out DIR/eval"), errors.toString());
        assertTrue(printed.toString().contains("By the rules: 0.0% clues, 0.0% latin."), printed.toString());
        var line = JSON.readTree(Files.readAllLines(dir.resolve("eval/predictions.jsonl")).getFirst());
        assertEquals(". 2 3 4 5 4 5 . 2 3 2 3 4 5 . 5 1 2 3 4 3 4 5 1 2", line.get("question").asText());
        assertEquals("[\"clues\",\"latin\"]", JSON.valueToTree(line.get("rules").fieldNames()).toString());

        assertEquals(0, trm("report DIR/run --out DIR/report.html"), errors.toString());
        var page = Files.readString(dir.resolve("report.html"));
        assertTrue(page.contains("{\"text\":\"5\",\"colour\":null,\"given\":true,\"filler\":false}"));
        assertFalse(page.contains("#0969da\",\"given"), "the colour of a maze's path");
    }

    private int trm(String command) {
        return Commands.runAfresh(printed, errors, command.replace("DIR", dir.toString()).split(" +"));
    }
}
