package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What commands print with {@code --json} is one object, as {@code docs/json.md} describes it, and nothing else. */
class JsonTest {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String CONFIG = """
            puzzles: {size: 4, train: 20, test: 6, min_clues: 6, max_clues: 10}
            run: {steps: 2}
            arch: {mlp_t: true, hidden_size: 16, h_cycles: 1, l_cycles: 1, l_layers: 1, puzzle_emb_ndim: 16,
              puzzle_emb_len: 1, halt_max_steps: 2}
            train: {batch_size: 8, lr_warmup_steps: 1}
            """;
    private static final String CLUES = "1.3.3..22..4.4.1";

    @TempDir
    private static Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void train() throws IOException {
        Files.writeString(dir.resolve("c.yaml"), CONFIG);
        var quiet = new PrintWriter(new StringWriter());
        assertEquals(0, Main.run(
                quiet, quiet, "train", dir.resolve("c.yaml").toString(), "--out", dir.resolve("run").toString()));
    }

    @Test
    void puzzlesThatAreSolved() throws IOException {
        var one = json(0, "trm solve", "solve DIR/run " + CLUES).at("/puzzles/0");
        assertEquals(CLUES, one.get("question").asText());
        assertEquals(16, one.get("answer").asText().length());
        assertTrue(err.toString().contains("by the rules: ") && one.get("rules").has("valid"), err.toString());
        var tried = json(0, "trm solve", "solve DIR/run " + CLUES + " " + CLUES + " --chains all:3").get("puzzles");
        assertEquals(2, tried.size());
        assertEquals(3, tried.at("/1/rollouts").size());
    }

    @Test
    void anEvaluation() throws IOException {
        var found = json(0, "trm eval", "eval DIR/run --chains digits:2 --out DIR/eval");
        assertEquals(JSON.readTree(dir.resolve("eval/evaluation.json").toFile()), found.get("evaluation"));
        assertEquals(6, found.at("/evaluation/puzzles").asInt());
    }

    @Test
    void dataSetsAndWhatIsTrueOfThem() throws IOException {
        var made = json(0, "trm data sudoku", "data sudoku --size 4 --train 5 --test 3 --augment 2 --out DIR/four");
        assertEquals(15, made.at("/splits/train/examples").asInt());
        assertEquals(5, json(0, "trm data check", "data check DIR/four").at("/splits/train/groups").asInt());
        var mazes = json(0, "trm data sudoku", "data maze --size 5 --path 3-9 --train 2 --test 1 --out DIR/mazes");
        assertEquals("maze", mazes.get("kind").asText());
        Files.writeString(dir.resolve("task.json"), """
                {"train": [{"input": [[1]], "output": [[2]]}], "test": [{"input": [[3]], "output": [[4]]}]}
                """);
        var tasks = json(0, "trm data sudoku", "data arc --eval DIR/task.json --augment 0 --out DIR/tasks");
        assertEquals(1, tasks.get("tasks").asInt());
        assertEquals(1, json(0, "trm data check", "data check DIR/tasks").at("/tasks/tested").asInt());
    }

    @Test
    void devicesAndMeasures() throws IOException {
        assertEquals("cpu", json(0, "trm devices", "devices").at("/devices/0/device").asText());
        var bench = json(
                0, "trm bench", "bench --shape DIR/c.yaml --batch 2 --steps-only --seconds 0.0001 --out DIR/bench");
        assertTrue(bench.at("/devices/0/training/samples_per_second").asDouble() > 0, bench.toString());
        var ablated = json(0, "trm ablate", "ablate DIR/c.yaml --variant trm,two-nets --out DIR/ablation");
        assertEquals(List.of("trm", "two-nets"), ablated.get("runs").findValuesAsText("variant"));
        json(0, "trm parity", "parity ../trm-model/src/test/resources/golden/mlp-mixer");
    }

    @Test
    void modelsThatComeWithIt() throws IOException {
        System.setProperty("trm.home", "..");
        try {
            assertTrue(json(0, "trm models", "models").get("models").size() >= 2);
        } finally {
            System.clearProperty("trm.home");
        }
    }

    /** All commands that have the option are run above, and have a table. */
    @Test
    void eachCommandHasATable() throws IOException {
        var commands = Main.COMMANDS.stream()
                .flatMap(command -> withJson(new CommandLine(command, CommandLine.defaultFactory()), "trm"))
                .collect(Collectors.toSet());
        assertEquals(Set.of(
                "trm solve", "trm eval", "trm data sudoku", "trm data maze", "trm data arc", "trm data check", "trm bench",
                "trm ablate", "trm parity", "trm devices", "trm models"), commands);
        var titles = Files.readAllLines(Path.of("../docs/json.md")).stream()
                .filter(line -> line.startsWith("## "))
                .collect(Collectors.joining());
        commands.forEach(command ->
                assertTrue(titles.contains("`" + command + "`") || titles.contains("`"
                        + command.replaceFirst(".* ", "") + "`"), command));
    }

    private static Stream<String> withJson(CommandLine command, String before) {
        var name = before + " " + command.getCommandName();
        return Stream.concat(
                command.getCommandSpec().findOption("--json") == null ? Stream.empty() : Stream.of(name),
                command.getSubcommands().values().stream().flatMap(each -> withJson(each, name)));
    }

    @Test
    void nothingIsPrintedWhereNothingCame() {
        assertEquals(1, run("solve DIR/none " + CLUES + " --json"));
        assertEquals("", out.toString());
        assertFalse(err.toString().isEmpty());
    }

    @Test
    void whatIsNotAsThePageSaysIsFound() throws IOException {
        var json = JSON.readTree("{\"devices\": [{\"device\": 3, \"kinds\": []}], \"absent\": \"\"}");
        assertEquals(7, JsonSchema.of("trm devices").differences(json).size());
    }

    /** What a command prints, once it is known to be as the page says. */
    private JsonNode json(int status, String title, String command) throws IOException {
        assertEquals(status, run(command + " --json"), err.toString());
        var json = JSON.readTree(out.toString());
        assertEquals(List.of(), JsonSchema.of(title).differences(json), json.toString());
        assertEquals(1, out.toString().lines().count());
        return json;
    }

    /** Nothing goes to the process's own standard output past the command's. */
    private int run(String command) {
        var before = System.out;
        var past = new ByteArrayOutputStream();
        System.setOut(new PrintStream(past, true));
        try {
            return Commands.runAfresh(out, err, command.replace("DIR", dir.toString()).split(" +"));
        } finally {
            System.setOut(before);
            assertEquals("", past.toString());
        }
    }
}
