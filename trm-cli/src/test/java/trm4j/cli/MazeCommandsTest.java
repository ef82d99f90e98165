package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.kernels.device.Devices;
import trm4j.model.Checkpoint;
import trm4j.model.Solver;
import trm4j.train.data.Warnings;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.run.Training;

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
        assertTrue(printed.toString().contains("labels: unique, as each maze has one shortest path"),
                printed.toString());
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
        assertTrue(printed.toString().contains("Exact, as labelled: 0.0%. By the rules: 0.0% path, 0.0% shortest. "
                + "Each puzzle has one right answer."), printed.toString());
        var json = new ObjectMapper();
        var lines = Files.readAllLines(dir.resolve("eval/predictions.jsonl"));
        assertEquals(1, lines.size(), "the maze without a path is left out");
        assertEquals(SOLVABLE, json.readTree(lines.getFirst()).get("question").asText());
        var rules = json.readTree(Files.readString(dir.resolve("eval/evaluation.json"))).get("rules");
        assertTrue(rules.has("path") && rules.has("shortest"), rules.toString());
        solvesWhatItIsAsked(json.readTree(lines.getFirst()).get("answer").asText());
    }

    /** In characters, from the command line, a file and standard input; the answer is that of an evaluation. */
    private void solvesWhatItIsAsked(String answer) throws IOException {
        assertEquals(0, solve("DIR/run", SOLVABLE), errors.toString());
        var shown = printed.toString();
        var picture = Pattern.compile("\\R").splitAsStream(shown)
                .filter(line -> line.startsWith("  ")).toList();
        assertEquals(SOLVABLE, cells(picture.subList(0, 5)));
        assertEquals(answer, cells(picture.subList(picture.size() - 5, picture.size())));
        assertTrue(shown.contains("Not solved (by the rules: not path, not shortest)."), shown);

        Files.writeString(dir.resolve("two.txt"), SOLVABLE + "\r\n\r\n" + SOLVABLE + "\n");
        assertEquals(0, solve("DIR/run", "--file", "DIR/two.txt"), errors.toString());
        assertEquals("1 of 2\n" + shown + "\n2 of 2\n" + shown, printed.toString());
        var in = System.in;
        try {
            System.setIn(new ByteArrayInputStream(SOLVABLE.getBytes(StandardCharsets.UTF_8)));
            assertEquals(0, solve("DIR/run", "-"), errors.toString());
            assertEquals(shown, printed.toString());
        } finally {
            System.setIn(in);
        }

        assertEquals(1, solve("DIR/run", SOLVABLE.replace('S', 'x')));
        assertTrue(errors.toString().contains("but this one has 'x' at character 10"), errors.toString());
        assertEquals(1, solve("DIR/run", SOLVABLE + " "));
        assertTrue(errors.toString().contains("A 5x5 maze has 25 characters"), errors.toString());
        assertEquals(1, solve("DIR/run", MAZE));
        assertTrue(errors.toString().contains("There is no path from S to G"), errors.toString());
        coloursOnlyColour(shown);
    }

    private void coloursOnlyColour(String plain) {
        var file = Training.checkpoint(dir.resolve("run"));
        var model = Checkpoint.load(file);
        var text = new StringWriter();
        try (var solver = new Solver(
                Devices.named("cpu"), model.config(), model.train().loss(), 1, model.tensors())) {
            var asked = ModelPuzzles.of(dir.resolve("run"), file, model);
            new PuzzleShow(asked.family(), solver, 2, true, new PrintWriter(text))
                    .run(asked.read("", "", SOLVABLE).getFirst().puzzle());
        }
        assertTrue(text.toString().contains("\u001b[1;32m["), text.toString());
        assertEquals(plain, text.toString().replaceAll("\u001b\\[[0-9;]*m", ""));
    }

    private static String cells(List<String> picture) {
        return picture.stream().map(line -> line.substring(2).replaceAll(".(.).", "$1")).collect(Collectors.joining());
    }

    private int solve(String... arguments) {
        printed.getBuffer().setLength(0);
        errors.getBuffer().setLength(0);
        var all = Stream.concat(Stream.of("solve"), Stream.of(arguments))
                .map(argument -> argument.replace("DIR", dir.toString()));
        return Main.run(new PrintWriter(printed, true), new PrintWriter(errors, true), all.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "--size 4; mazes of 5x5 to 1000x1000 cells, found 4x4",
        "--path 9-3; Expected a range of path lengths",
        "--path x; expected MIN-MAX",
        "--paths few; expected one of [UNIQUE, MANY]",
        "--augment 8; Expected 0 to 7 turned and mirrored images of a maze, found 8",
        "--csv DIR/a.csv --size 9; --size is only for new mazes",
        "--csv DIR/a.csv --paths many; --paths is only for new mazes",
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
        return Commands.runAfresh(printed, errors, command.replace("DIR", dir.toString()).split(" +"));
    }
}
