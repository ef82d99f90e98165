package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.device.Devices;
import trm4j.model.Checkpoint;
import trm4j.model.config.Settings;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.run.Training;

/** Batch evaluation as a user runs it, with a model that solves some 4x4 Sudokus and halts early on some. */
class EvalCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PUZZLES = 60;

    @TempDir
    private static Path dir;

    @TempDir
    private Path out;

    private static final StringWriter PRINTED = new StringWriter();
    private static final StringWriter ERRORS = new StringWriter();

    @BeforeAll
    static void train() throws IOException {
        Files.writeString(dir.resolve("learn.yaml"), """
                puzzles: {size: 4, train: 600, test: 60, min_clues: 6, max_clues: 11, augment: 5}
                run: {steps: 70, eval_batch: 50}
                arch: {hidden_size: 32, puzzle_emb_ndim: 32, puzzle_emb_len: 1, h_cycles: 1, l_cycles: 2,
                  halt_max_steps: 4}
                train: {batch_size: 32, lr: 3e-3, weight_decay: 0.1, lr_warmup_steps: 20, ema_rate: 0.9}
                """);
        assertEquals(0, trm("train " + dir + "/learn.yaml --out " + dir + "/run"), ERRORS.toString());
        var data = "--data " + dir + "/run/data --out " + dir + "/first";
        assertEquals(0, trm("eval " + dir + "/run --steps 2 " + data), ERRORS.toString());
        haltHalf(predictions(dir.resolve("first")));
    }

    /** Moves the halt logits so that half of the puzzles halt after the first step, and others later. */
    private static void haltHalf(List<JsonNode> predictions) {
        var file = Training.checkpoint(dir.resolve("run"));
        var model = Checkpoint.load(file);
        var logits = predictions.stream().mapToDouble(line -> line.at("/halt_logits/0").asDouble()).sorted().toArray();
        model.tensors().get("inner.q_head.bias").values()[0] -= (float) logits[PUZZLES / 2];
        model.save(file);
    }

    @Test
    void figuresAreThoseOfThePredictions() throws IOException {
        var result = eval("--batch 7", "a");
        var lines = predictions(out.resolve("a"));
        assertEquals(PUZZLES, lines.size());
        var rules = SudokuRules.FOUR;
        var exact = new int[4];
        double cells = 0;
        int valid = 0;
        int halted = 0;
        try (var dataset = PuzzleDataset.open(dir.resolve("run/data"), Split.TEST)) {
            for (var line : lines) {
                var example = dataset.example(line.get("example").asInt());
                var question = line.get("question").asText();
                var answer = line.get("answer").asText();
                var label = SudokuRules.format(SudokuRules.grid(example.labels()));
                assertEquals(SudokuRules.format(SudokuRules.grid(example.inputs())), question);
                assertEquals(answer.equals(label), line.get("exact").asBoolean());
                assertEquals(rules.isValidSolution(rules.parse(answer)) && matches(question, answer),
                        line.at("/rules/valid").asBoolean());
                assertEquals(dataset.ratings().orElseThrow()[line.get("example").asInt()], line.get("rating").asInt());
                valid += line.at("/rules/valid").asBoolean() ? 1 : 0;
                int right = (int) IntStream.range(0, 16).filter(i -> answer.charAt(i) == label.charAt(i)).count();
                assertEquals(right, line.get("right").get(3).asInt());
                cells += right / 16.0;
                for (int step = 0; step < 4; step++) {
                    exact[step] += line.get("right").get(step).asInt() == 16 ? 1 : 0;
                }
                halted += firstAbove0(line.get("halt_logits"));
            }
        }
        assertTrue(exact[3] > 5 && exact[3] < PUZZLES, "a model that solves some: " + exact[3]);
        for (int step = 0; step < 4; step++) {
            assertEquals((double) exact[step] / PUZZLES, result.get("exact_accuracy_by_step").get(step).asDouble(), 1e-12);
        }
        assertEquals((double) exact[3] / PUZZLES, result.get("exact_accuracy").asDouble(), 1e-12);
        assertEquals(cells / PUZZLES, result.get("accuracy").asDouble(), 1e-12);
        assertEquals((double) valid / PUZZLES, result.at("/rules/valid").asDouble(), 1e-12);
        assertEquals((double) halted / PUZZLES, result.get("steps").asDouble(), 1e-12);
        assertTrue(PRINTED.toString().contains("rating") && PRINTED.toString().contains("By the rules: "));
        var levels = result.get("by_rating");
        assertEquals(PUZZLES, IntStream.range(0, levels.size()).map(i -> levels.get(i).get("puzzles").asInt()).sum());
        assertEquals(exact[3], Math.round(DoubleStream.of(IntStream.range(0, levels.size()).mapToObj(levels::get)
                .mapToDouble(l -> l.get("puzzles").asInt() * l.get("exact_accuracy").asDouble()).toArray()).sum()));
    }

    /** A copy of the puzzles that says something else of what they are. */
    private void puzzles(String name, String kind) throws IOException {
        for (var split : Split.values()) {
            var from = dir.resolve("run/data/" + split);
            var to = Files.createDirectories(out.resolve(name).resolve(split.toString()));
            try (var entries = Files.list(from)) {
                for (var file : entries.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
            var json = Files.readString(to.resolve("dataset.json"));
            assertTrue(json.contains("\"kind\":\"sudoku\","), json);
            Files.writeString(to.resolve("dataset.json"), json.replace("\"kind\":\"sudoku\",", kind));
        }
    }

    @Test
    void whatPuzzlesAreIsToldWhereItIsGuessed() throws IOException {
        puzzles("old", "");
        var said = eval("", "said");
        assertFalse(PRINTED.toString().contains("taken for"), PRINTED.toString());
        var old = " --data " + out + "/old --out " + out;
        var guess = out + "/old does not say what its puzzles are; from 16 cells of 6 tokens they are taken for "
                + "Sudokus (if they are others, name their \"kind\" in dataset.json).";
        assertEquals(0, trm("eval " + dir + "/run" + old + "/guessed"), ERRORS.toString());
        assertTrue(PRINTED.toString().contains(guess), PRINTED.toString());
        assertEquals(untimed(said), untimed(result("guessed")));
        assertEquals(0, trm("train " + dir + "/learn.yaml --steps 1" + old + "/run"), ERRORS.toString());
        assertTrue(PRINTED.toString().contains(guess), PRINTED.toString());
        assertTrue(PRINTED.toString().contains("A test puzzle, solved step by step"), PRINTED.toString());
    }

    @Test
    void puzzlesOfAnotherKindAreNotTakenForSudokus() throws IOException {
        puzzles("squares", "\"kind\":\"squares\",");
        var sudokus = eval("", "sudokus");
        var command = " --data " + out + "/squares --out " + out;
        assertEquals(0, trm("eval " + dir + "/run" + command + "/eval"), ERRORS.toString());
        assertFalse(PRINTED.toString().contains("By the rules"), PRINTED.toString());
        assertFalse(PRINTED.toString().contains("taken for"), PRINTED.toString());
        var squares = result("eval");
        assertFalse(squares.has("rules"));
        assertEquals(sudokus.get("exact_accuracy_by_step"), squares.get("exact_accuracy_by_step"));
        assertEquals(16, predictions(out.resolve("eval")).getFirst().get("question").size());
        assertEquals(0, trm("train " + dir + "/learn.yaml --steps 1" + command + "/run"), ERRORS.toString());
        assertTrue(PRINTED.toString().contains("A test puzzle, solved")
                && PRINTED.toString().contains(" of 16 cells are as they should be."), PRINTED.toString());
        assertEquals(0, trm("report " + out + "/run --puzzles 1"), ERRORS.toString());
        assertTrue(Files.readString(out.resolve("run/report.html")).contains("\"kind\":\"tokens\""));
    }

    private static boolean matches(String question, String answer) {
        return IntStream.range(0, 16).allMatch(i -> question.charAt(i) == '.' || question.charAt(i) == answer.charAt(i));
    }

    private static int firstAbove0(JsonNode logits) {
        for (int i = 0; i < logits.size(); i++) {
            if (logits.get(i).asDouble() > 0) {
                return i + 1;
            }
        }
        return logits.size();
    }

    @Test
    void haltingTakesFewerStepsToWhereEachWouldHaveHalted() throws IOException {
        var whole = eval("", "whole");
        var halting = eval("--halt --batch 5", "halting");
        assertEquals(whole.get("exact_accuracy_at_halt"), halting.get("exact_accuracy"));
        assertEquals(whole.get("steps"), halting.get("steps"));
        assertTrue(halting.get("steps").asDouble() < 4);
        var steps = predictions(out.resolve("halting")).stream().map(l -> l.get("halt_logits").size()).distinct().count();
        assertTrue(steps > 1, "some halt before others");
        assertTrue(PRINTED.toString().contains("halted after"), PRINTED.toString());
    }

    /** Both logits far above 0, so that the sign of the halt logit tells nothing: the continue logit is always 100. */
    @Test
    void aModelWithTheContinueLossHaltsByItsOwnRule() throws IOException {
        var model = Checkpoint.load(Training.checkpoint(dir.resolve("run")));
        var config = Settings.read(model.config(), Settings.MAPPER.readTree("{\"no_ACT_continue\": false}"), "test");
        var weights = model.tensors().get("inner.q_head.weight").values();
        Arrays.fill(weights, weights.length / 2, weights.length, 0);
        var bias = model.tensors().get("inner.q_head.bias").values();
        bias[0] += 100;
        bias[1] = 100;
        var file = out.resolve("continue.safetensors");
        new Checkpoint(config, model.train(), model.step(), model.tensors()).save(file);
        var command = "eval " + file + " --data " + dir + "/run/data --out " + out;

        assertEquals(0, trm(command + "/whole"), ERRORS.toString());
        assertEquals(0, trm(command + "/halting --halt"), ERRORS.toString());
        var whole = result("whole");
        var halting = result("halting");
        assertTrue(whole.get("steps").asDouble() > 1 && whole.get("steps").asDouble() < 4, whole.toString());
        assertEquals(whole.get("steps"), halting.get("steps"));
        assertEquals(whole.get("exact_accuracy_at_halt"), halting.get("exact_accuracy"));

        var lines = Files.readAllLines(out.resolve("whole/predictions.jsonl"));
        Files.write(out.resolve("whole/predictions.jsonl"), lines.subList(0, PUZZLES / 2));
        assertEquals(0, trm("eval --resume " + out + "/whole"), ERRORS.toString());
        assertEquals(untimed(whole), untimed(result("whole")));
    }

    @Test
    void thinkingLongerStartsTheSame() throws IOException {
        var usual = eval("", "usual");
        var longer = eval("--steps 64", "longer");
        assertEquals(64, longer.get("exact_accuracy_by_step").size());
        for (int step = 0; step < 4; step++) {
            assertEquals(usual.get("exact_accuracy_by_step").get(step), longer.get("exact_accuracy_by_step").get(step));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --halt"})
    void interruptedAnywhereItGoesOnToTheSame(String halt) throws IOException {
        var whole = eval("--batch 8" + halt, "whole");
        var bytes = Files.readAllBytes(out.resolve("whole/predictions.jsonl"));
        for (int cut : new int[] {0, 1, bytes.length / 3, bytes.length / 2, bytes.length - 1, bytes.length}) {
            var name = "cut" + cut;
            Files.createDirectories(out.resolve(name));
            Files.copy(out.resolve("whole/settings.json"), out.resolve(name).resolve("settings.json"));
            Files.write(out.resolve(name).resolve("predictions.jsonl"), Arrays.copyOf(bytes, cut));
            var resumed = resumed("--batch 5", name);
            assertEquals(untimed(whole), untimed(resumed));
            assertEquals(predictions(out.resolve("whole")), predictions(out.resolve(name)));
        }
    }

    /** That which predictions say is solved latest, and stays solved. */
    @Test
    void aPuzzleThatTakesSeveralStepsIsShown() throws IOException {
        eval("", "steps");
        int most = 0;
        int which = 0;
        for (var line : predictions(out.resolve("steps"))) {
            int wrong = (int) IntStream.range(0, 4).filter(i -> line.get("right").get(i).asInt() < 16).count();
            boolean stays = IntStream.range(wrong, 4).allMatch(i -> line.get("right").get(i).asInt() == 16);
            if (line.get("example").asInt() > 0 && wrong < 4 && stays && wrong > most) {
                most = wrong;
                which = line.get("example").asInt() + 1;
            }
        }
        assertTrue(most > 0, "one is solved after the first step only");
        var text = new StringWriter();
        try (var puzzles = PuzzleDataset.open(dir.resolve("run/data"), Split.TEST)) {
            var model = Checkpoint.load(Training.checkpoint(dir.resolve("run")));
            new TestShow(puzzles, model, Devices.named("cpu"), Duration.ofHours(1)).run(20, false, new PrintWriter(text));
        }
        var shown = text.toString().split("\nTest puzzle " + which + ", which takes several steps:\n");
        assertEquals(2, shown.length, text.toString());
        assertTrue(shown[0].startsWith("\nA test puzzle, solved step by step"), text.toString());
        assertTrue(shown[1].contains("Solved (by the rules: valid)."), text.toString());
    }

    @Test
    void aRunsOwnPuzzlesAreTakenWhereNoneAreNamed() throws IOException {
        var named = eval("", "named");
        for (var model : List.of(dir.resolve("run"), Training.checkpoint(dir.resolve("run")))) {
            var name = "own" + model.getFileName();
            assertEquals(0, trm("eval " + model + " --out " + out.resolve(name)), ERRORS.toString());
            assertTrue(PRINTED.toString().startsWith("The run's own test puzzles, of " + dir + "/run/data\n"),
                    PRINTED.toString());
            assertEquals(untimed(named), untimed(result(name)));
        }
        var train = "eval " + dir + "/run --limit 7 --split train --out " + out + "/train";
        assertEquals(0, trm(train), ERRORS.toString());
        assertTrue(PRINTED.toString().contains("The run's own train puzzles"), PRINTED.toString());
        var alone = Files.copy(Training.checkpoint(dir.resolve("run")), out.resolve("alone.safetensors"));
        assertEquals(2, trm("eval " + alone), PRINTED.toString());
        assertTrue(ERRORS.toString().contains("Expected --data, what to solve: " + alone + " is no run's folder"),
                ERRORS.toString());

        var data = dir.resolve("run/data");
        var test = data.resolve("test/all__inputs.npy");
        var before = Files.readAllBytes(test);
        try {
            var changed = before.clone();
            changed[changed.length - 1] ^= 1;
            Files.write(test, changed);
            refused(test + " is not what the run " + dir + "/run began with", "eval " + dir + "/run");
            Files.move(data, dir.resolve("moved"));
            refused("The data set " + data + " of the run " + dir + "/run is not there; put it back, or tell with "
                    + "--data where it is now.", "eval " + dir + "/run");
        } finally {
            if (Files.exists(dir.resolve("moved"))) {
                Files.move(dir.resolve("moved"), data);
            }
            Files.write(test, before);
        }
    }

    private void writeCsv() throws IOException {
        var csv = new StringBuilder("source,question,answer,rating\n");
        try (var dataset = PuzzleDataset.open(dir.resolve("run/data"), Split.TEST)) {
            for (int i = 0; i < PUZZLES; i++) {
                var question = SudokuRules.format(SudokuRules.grid(dataset.example(i).inputs()));
                csv.append("x,").append(question).append(",,").append(dataset.ratings().orElseThrow()[i]).append('\n');
            }
        }
        Files.writeString(out.resolve("puzzles.csv"), csv);
        Files.writeString(out.resolve("six.csv"), "question\n" + ".".repeat(35) + "1\n"
                + "123456456123231564564231312645645312\n");
        Files.writeString(out.resolve("maze.csv"), "question\n" + "#".repeat(25) + "\n");
    }

    private String csv(String file, String name) {
        return "eval " + dir + "/run --data " + out.resolve(file) + " --out " + out.resolve(name);
    }

    @Test
    void csvFilesAreReadStraight() throws IOException {
        writeCsv();
        var direct = eval("", "direct");
        assertEquals(0, trm(csv("puzzles.csv", "csv")), ERRORS.toString());
        assertEquals(untimed(direct), untimed(result("csv")));
        var before = result("csv");
        assertTrue(before.get("puzzles_per_s").asDouble() > 0);
        assertEquals(0, trm("eval --resume " + out + "/csv"), ERRORS.toString());
        assertEquals(before, result("csv"));
        refused("already; trm eval --resume OUT/csv goes on with it, --out names another folder", csv("puzzles.csv", "csv"));

        var lines = Files.readAllLines(out.resolve("puzzles.csv"));
        Files.write(out.resolve("other.csv"), lines.subList(0, 40));
        refused("The data OUT/other.csv is not that of the evaluation in OUT/csv, named OUT/puzzles.csv then",
                "eval --data " + out + "/other.csv --resume " + out + "/csv");
        Files.move(out.resolve("puzzles.csv"), out.resolve("moved.csv"));
        assertEquals(0, trm("eval --data " + out + "/moved.csv --resume " + out + "/csv"), ERRORS.toString());
    }

    /** A model trained in float32 gives about the same answers in bfloat16, which is remembered and not mixed up. */
    @Test
    void aModelIsEvaluatedInAnotherType() throws IOException {
        var floats = eval("--batch 60", "floats");
        var rounded = eval("--batch 60 --dtype bfloat16", "rounded");
        assertEquals(floats.get("accuracy").asDouble(), rounded.get("accuracy").asDouble(), 0.05);
        assertFalse(predictions(out.resolve("floats")).equals(predictions(out.resolve("rounded"))));
        assertEquals("bfloat16", JSON.readTree(out.resolve("rounded/settings.json").toFile()).get("dtype").asText());
        assertEquals(0, trm("eval --resume " + out.resolve("rounded")), ERRORS.toString());
        refused("has dtype \"bfloat16\", expected \"float32\" to go on with",
                "eval --resume " + out.resolve("rounded") + " --dtype float32");
    }

    /** Evaluations that do not say their type yet were in float32. */
    @Test
    void anEarlierEvaluationGoesOnInFloat32() throws IOException {
        eval("--limit 2", "old");
        var file = out.resolve("old/settings.json");
        var settings = (ObjectNode) JSON.readTree(file.toFile());
        settings.remove("dtype");
        JSON.writeValue(file.toFile(), settings);
        assertEquals(0, trm("eval --resume " + out.resolve("old")), ERRORS.toString());
        refused("expected \"bfloat16\" to go on with", "eval --dtype bfloat16 --resume " + out.resolve("old"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "six.csv      |                 | 1 | six.csv has seq_len 36, expected 16",
        "maze.csv     |                 | 1 | maze.csv has no puzzle: expected Sudokus",
        "nix.csv      |                 | 1 | There is no file or folder OUT/nix.csv",
        "puzzles.csv  | --split train   | 2 | Expected --split test with a CSV file",
        "puzzles.csv  | --device abacus | 1 | There is no device abacus"
    })
    void aCsvFileThatCannotBeEvaluatedLeavesNothing(String file, String options, int status, String message)
            throws IOException {
        writeCsv();
        var command = " " + (options == null ? "" : options);
        assertEquals(status, trm((csv(file, "new/deep") + command).strip()));
        assertTrue(ERRORS.toString().contains(message.replace("OUT", out.toString())), ERRORS.toString());
        assertFalse(Files.exists(out.resolve("new")));

        var mine = Files.createDirectory(out.resolve("mine"));
        Files.writeString(mine.resolve("notes.txt"), "mine");
        assertEquals(status, trm((csv(file, "mine") + command).strip()));
        try (var left = Files.list(mine)) {
            assertEquals(List.of(mine.resolve("notes.txt")), left.toList());
        }
    }

    @Test
    void anImportThatWasKilledIsDoneAgain() throws IOException {
        writeCsv();
        assertEquals(0, trm(csv("puzzles.csv", "whole")), ERRORS.toString());
        var killed = Files.createDirectories(out.resolve("killed/.data.new-1"));
        Files.createFile(out.resolve("killed/.data.new-1.lock"));
        Files.copy(out.resolve("whole/settings.json"), out.resolve("killed/settings.json"));
        assertEquals(0, trm("eval --resume " + out + "/killed"), ERRORS.toString());
        assertEquals(untimed(result("whole")), untimed(result("killed")));
        assertFalse(Files.exists(killed));
    }

    @Test
    void whatIsNotKnownToBeOfTheSameIsNotTakenUp() throws IOException {
        writeCsv();
        eval("", "a");
        Files.delete(out.resolve("a/settings.json"));
        refused("OUT/a has predictions.jsonl, but no settings.json that says of what", command("", "a"));
        refused("There is no evaluation in OUT/a to go on with", "eval --resume " + out + "/a");
        Files.createDirectories(out.resolve("b/data"));
        refused("OUT/b has data, but no settings.json that says of what", csv("puzzles.csv", "b"));
        assertTrue(Files.exists(out.resolve("b/data")));
    }

    @Test
    void whereNothingIsLeftNoDeviceIsNeeded() throws IOException {
        var whole = eval("", "a");
        assertEquals(untimed(whole), untimed(resumed("--device abacus", "a")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--out OUT/a           | There is an evaluation in OUT/a already; trm eval --resume OUT/a goes on with it",
        "--resume OUT/a --steps 5 | has steps 4, expected 5 to go on with",
        "--resume OUT/a --halt | has halt false, expected true to go on with",
        "--resume OUT/a --limit 3 | has limit 0, expected 3 to go on with",
        "--resume OUT/a --split train | has split \"test\", expected \"train\" to go on with"
    })
    void anotherEvaluationIsNotMixedIn(String options, String message) throws IOException {
        eval("", "a");
        var before = Files.readString(out.resolve("a/predictions.jsonl"));
        refused(message, "eval " + dir + "/run --data " + dir + "/run/data " + options.replace("OUT", out.toString()));
        assertEquals(before, Files.readString(out.resolve("a/predictions.jsonl")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "{}", "[1]", "{\"example\": 3, \"question\": 1, \"answer\": 2}"})
    void aDamagedPredictionIsRefused(String line) throws IOException {
        eval("", "a");
        var file = out.resolve("a/predictions.jsonl");
        var lines = Files.readAllLines(file);
        lines.set(4, line);
        Files.write(file, lines);
        refused(file + ":5: expected a prediction", "eval --resume " + out + "/a");
        lines.set(4, lines.get(5));
        Files.write(file, lines);
        refused(file + ":6: expected a prediction", "eval --resume " + out + "/a");
    }

    private void refused(String message, String command) {
        assertEquals(1, trm(command), PRINTED.toString());
        var error = ERRORS.toString();
        assertTrue(error.startsWith("trm: ") && error.contains(message.replace("OUT", out.toString())), error);
    }

    private String command(String options, String name) {
        return ("eval " + dir + "/run --data " + dir + "/run/data --out " + out.resolve(name) + " " + options).strip();
    }

    private JsonNode eval(String options, String name) throws IOException {
        assertEquals(0, trm(command(options, name)), ERRORS.toString());
        return result(name);
    }

    private JsonNode resumed(String options, String name) throws IOException {
        assertEquals(0, trm("eval --resume " + out.resolve(name) + " " + options), ERRORS.toString());
        return result(name);
    }

    private JsonNode result(String name) throws IOException {
        return JSON.readTree(Files.readString(out.resolve(name).resolve("evaluation.json")));
    }

    private static List<JsonNode> predictions(Path folder) throws IOException {
        var lines = Files.readAllLines(folder.resolve("predictions.jsonl")).stream().map(line -> {
            try {
                return JSON.readTree(line);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        return lines.sorted(Comparator.comparing((JsonNode line) -> line.get("example").asInt())).toList();
    }

    private static JsonNode untimed(JsonNode result) {
        var copy = (ObjectNode) result.deepCopy();
        copy.remove("puzzles_per_s");
        return copy;
    }

    private static int trm(String command) {
        return Commands.runAfresh(PRINTED, ERRORS, command.split(" +"));
    }
}
