package trm4j.cli.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.UserException;
import trm4j.model.config.ConfigException;
import trm4j.train.EvaluationException;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.arc.ArcDataset;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.data.maze.MazeDataset;
import trm4j.train.data.maze.MazeImages;
import trm4j.train.data.maze.MazeSource;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuSource;
import trm4j.train.eval.EvaluationRun;
import trm4j.train.run.RunConfig;
import trm4j.train.run.Training;

/** What someone may have thought of to make a reader fail, hang, fill the memory or reach another folder. */
class HostileFilesTest extends HostileInput {

    private static String repeated(String text) {
        return text.replace("DEEP_LIST", "[".repeat(100_000)).replace("DEEP_MAP", "{\"a\":".repeat(100_000))
                .replace("FLAT_LIST", "[" + "[],".repeat(200_000) + "[]]").replace("LONG", "9".repeat(200_000));
    }

    @ParameterizedTest
    @EnumSource(names = {"DATASET_JSON", "IDENTIFIERS", "TEST_PUZZLES", "ARC_TASKS", "ARC_SOLUTIONS", "SETTINGS"})
    void jsonIsNotTakenBeyondWhatItIsFor(Target target) throws IOException {
        for (var json : new String[] {
            "DEEP_LIST", "DEEP_MAP", "FLAT_LIST", "LONG", "{\"vocab_size\": LONG}", "\"LONG\"", "", "\0", "null",
            "\ufeff", "{\"train\": DEEP_LIST", "{\"a\": {\"train\": FLAT_LIST}}"}) {
            assertTrue(!refusal(target, repeated(json)).equals("read"), json);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "DEEP_LIST", "DEEP_MAP", "LONG", "? ? ? ? ?", "- - - - -", "run: LONG", "run: {steps: 0xLONG}", "run: *none",
        "a: &a [*a, *a]", "run: !!java.lang.ProcessBuilder [touch, x]", "run: {steps: 1e999999999}", "%YAML 9.9", "\0",
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]\ne: [*d,*d]", "<<: {run: 3}", "run: !!binary LONG"})
    void yamlIsNotTakenBeyondSettings(String yaml) throws IOException {
        assertTrue(!refusal(Target.CONFIG, repeated(yaml)).equals("read"), yaml);
    }

    @Test
    void yamlMayBeginWithAByteOrderMarkAndMustBeUtf8() throws IOException {
        assertEquals("read", refusal(Target.CONFIG, "\ufeffrun: {steps: 3}\r\n"));
        var message = guard.check(Target.CONFIG, new byte[] {'a', ':', (byte) 0xff}).orElseThrow();
        assertTrue(message.contains("expected text in UTF-8"), message);
    }

    /** Norvig's puzzle without a solution, which a backtracking search takes long to find out. */
    @Test
    void sudokusThatTakeTooLongAreLeftOut() throws IOException {
        var puzzle = ".....5.8....6.1.43..........1.5........1.6...3.......553.....61........4.........";
        var message = refusal(Target.SUDOKU_CSV, "question\n" + (puzzle + "\n").repeat(3));
        assertTrue(message.contains("no puzzle is left, after 3 improper ones"), message);
    }

    @Test
    void csvHasNoQuoteWithoutAnEnd() throws IOException {
        for (var target : new Target[] {Target.SUDOKU_CSV, Target.MAZE_CSV}) {
            var message = refusal(target, "question\n\"" + "1".repeat(1 << 20));
            assertTrue(message.contains("cannot be read as UTF-8 CSV"), message);
        }
    }

    /** More characters than memory has room for stop being read long before. */
    @Test
    void csvHasNoRowWithoutAnEnd() throws IOException {
        var file = seeds.path("sudoku.csv");
        for (var start : new String[] {"question\n", "question\n\""}) {
            Files.writeString(file, start + "1".repeat(5 << 20) + "\"\n1234341221434321\n");
            var message = assertThrows(UserException.class, () -> read("sudoku.csv")).getMessage();
            assertTrue(message.contains("expected rows of at most 4194304 characters, found a longer one"), message);
        }
        Files.writeString(file, "question\n" + ("1234341221434321," + "1".repeat(3 << 20) + "\n").repeat(3));
        read("sudoku.csv");
    }

    @Test
    void yamlHasEachKeyOnceAndOneDocument() throws IOException {
        var message = refusal(Target.CONFIG, "arch:\n  h_cycles: 3\n  l_cycles: 6\n  h_cycles: 2\n");
        assertTrue(message.contains("expected each key once, found h_cycles again in line 4"), message);
        message = refusal(Target.CONFIG, "arch: {h_cycles: 3, H_cycles: 2}");
        assertTrue(message.contains("expected each key once, found arch.h_cycles again"), message);
        message = refusal(Target.AUTHORS_CONFIG, Files.readString(seeds.path("all_config.yaml")) + "lr: 0.1\n");
        assertTrue(message.contains("expected each key once, found lr again"), message);
        assertTrue(!refusal(Target.CONFIG, "run: {steps: 3}\n---\nrun: {steps: 4}").equals("read"));
        assertTrue(!refusal(Target.CHANGE, "run={steps: 3, steps: 4}").equals("read"));
    }

    @Test
    void yamlHasItsValuesWhereTheyAreUsed() throws IOException {
        var message = refusal(Target.CONFIG, "train:\n  lr: &rate 1e-3\n  puzzle_emb_lr: *rate\n");
        assertTrue(message.contains("expected a value, found the alias *rate in line 3"), message);
        message = refusal(Target.CONFIG, "base: &base {lr: 1e-3}\ntrain:\n  <<: *base\n");
        assertTrue(message.contains("found the alias *base in line 3"), message);
        message = refusal(Target.CHANGE, "train.lr=*rate");
        assertTrue(message.contains("--set train.lr=*rate: expected a value, found the alias *rate"), message);
        assertEquals("read", refusal(Target.CONFIG, "train:\n  lr: &rate 1e-3\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"train\": [1, | is not valid JSON at line 1, column", "nonsense | is not valid JSON at line 1, column",
        "{} {} | is not valid JSON at line 1, column"})
    void jsonThatIsNoneSaysWhere(String json, String message) throws IOException {
        for (var target : new Target[] {Target.DATASET_JSON, Target.IDENTIFIERS, Target.ARC_TASKS}) {
            assertTrue(refusal(target, json).contains(message), refusal(target, json));
        }
    }

    @Test
    void arcTasksHaveNames() throws IOException {
        var task = Files.readString(seeds.path("task.json"));
        assertTrue(refusal(Target.ARC_TASKS, "{\"\": " + task + "}").contains("expected a name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"halt_logits\": {\"a\": 1}, \"right\": {\"a\": 1}, ", "{\"halt_logits\": {\"a\": 1}, \"right\": [1], ",
        "{\"halt_logits\": [1], \"right\": {\"a\": 1}, ", "{\"halt_logits\": [], \"right\": [], ", "[{", "{{"})
    void predictionsAreLists(String start) throws IOException {
        var message = refusal(Target.PREDICTIONS,
                start + "\"example\": 0, \"question\": [], \"answer\": [], \"labelled\": 1}\n");
        assertTrue(message.contains("predictions.jsonl:1: expected a prediction"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "2", "1.5", "null", "\"1\"", "[1]", "99999999999"})
    void predictionsHaltAtOneOfTheirSteps(String step) throws IOException {
        var line = "{\"halt_logits\": [1], \"right\": [1], \"halted_at\": " + step
                + ", \"example\": 0, \"question\": [], \"answer\": [], \"labelled\": 1}\n";
        assertTrue(refusal(Target.PREDICTIONS, line).contains("predictions.jsonl:1: expected a prediction"));
        assertEquals("read", refusal(Target.PREDICTIONS, line.replace("halted_at\": " + step, "halted_at\": 1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "LONG", "\"LONG\"", "DEEP_LIST", "FLAT_LIST", "{\"a\": 1}", "true", "\"\"", "\"\\u0000\"", "\"\\u001b[2J\"",
        "\"\\ud800\"", "\"sudoku\\u202e\"", "\"Sudoku \"", "\"../sudoku\""})
    void kindsOfPuzzlesAreWords(String kind) throws IOException {
        var json = Files.readString(seeds.path("sudoku/test/dataset.json"));
        assertTrue(json.contains("\"kind\":\"sudoku\""), json);
        assertEquals("read", refusal(Target.DATASET_JSON, json.replace("\"sudoku\"", "\"squares\"")));
        var message = refusal(Target.DATASET_JSON, json.replace("\"sudoku\"", repeated(kind)));
        assertTrue(message.contains("dataset.json, key kind: expected a word of 1 to 40 characters")
                || message.contains("is not valid JSON"), message);
    }

    /** A line that was cut off is taken away, but only of predictions. */
    @ParameterizedTest
    @ValueSource(strings = {"no predictions\nat all", "{\"example\": 0}\n{\"exam"})
    void whatIsNoPredictionsStaysAsItIs(String text) throws IOException {
        var file = seeds.path("eval").resolve("predictions.jsonl");
        Files.writeString(file, text);
        assertThrows(EvaluationException.class, this::resume);
        assertEquals(text, Files.readString(file));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void evaluationsDoNotWriteWhereALinkLeads() throws IOException {
        var elsewhere = Files.writeString(folder.resolve("elsewhere"), "mine");
        for (var link : new String[] {"predictions.jsonl", ".settings.json.writing"}) {
            Files.delete(seeds.path("eval").resolve("predictions.jsonl"));
            Files.createSymbolicLink(seeds.path("eval").resolve(link), elsewhere);
            if (link.startsWith(".settings")) {
                Files.delete(seeds.path("eval").resolve("settings.json"));
            }
            assertThrows(EvaluationException.class, this::resume);
            assertEquals("mine", Files.readString(elsewhere));
        }
    }

    private void resume() {
        try (var dataset = PuzzleDataset.open(seeds.path("arc"), Split.TEST)) {
            new EvaluationRun(seeds.path("eval"), Target.settings(seeds), dataset, true).close();
        }
    }

    /** Whoever reads a pipe without a writer waits for ever. */
    @ParameterizedTest
    @DisabledOnOs(OS.WINDOWS)
    @CsvSource({
        "sudoku/test/all__inputs.npy", "sudoku/test/dataset.json", "arc/identifiers.json", "arc/test_puzzles.json",
        "sudoku.csv", "maze.csv", "config.yaml", "eval/settings.json", "eval/predictions.jsonl", "arc"})
    void pipesAndFoldersAreRefused(String name) throws Exception {
        var file = seeds.path(name);
        var aside = seeds.path("aside");
        Files.move(file, aside);
        Files.createDirectory(file);
        assertThrows(UserException.class, () -> read(name), "a folder");
        Files.delete(file);
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        assertThrows(UserException.class, () -> read(name), "a pipe");
    }

    private void read(String name) {
        switch (name.split("/")[0]) {
            case "sudoku" -> PuzzleDataset.open(seeds.path("sudoku"), Split.TEST).close();
            case "arc" -> {
                PuzzleDataset.open(seeds.path("arc"), Split.TEST).close();
                ArcDataset.testTasks(seeds.path("arc"));
            }
            case "sudoku.csv" -> SudokuDataset.write(
                    new SudokuSource.Csv(CsvFiles.test(seeds.path(name)), 0, 0), folder.resolve("out"), false);
            case "maze.csv" -> MazeDataset.write(
                    new MazeSource.Csv(CsvFiles.test(seeds.path(name)), MazeImages.NONE, 0),
                    folder.resolve("out"), false);
            case "config.yaml" -> RunConfig.read(seeds.path(name));
            default -> resume();
        }
    }

    @Test
    void filesThatAreTooLargeAreNotRead() throws IOException {
        Files.write(seeds.path("config.yaml"), new byte[(1 << 20) + 1]);
        var message = assertThrows(ConfigException.class, () -> RunConfig.read(seeds.path("config.yaml"))).getMessage();
        assertTrue(message.contains("expected at most 1048576 bytes, found 1048577"), message);
    }

    @Test
    void checkpointsOfStepsBeyondCountingAreNoCheckpoints() throws IOException {
        for (var step : new String[] {"3", "99999999999999999999"}) {
            var checkpoint = Files.createDirectories(folder.resolve("run/checkpoints/step-" + step));
            Files.write(checkpoint.resolve("model.safetensors"), new byte[1]);
        }
        assertEquals(folder.resolve("run/checkpoints/step-3/model.safetensors"),
                Training.checkpoint(folder.resolve("run")));
    }

    /** An embedding of no width: positions that a puzzle's row fills cannot be counted. */
    @Test
    void weightsWithoutWidthAreRefused() throws IOException {
        var pickle = new String(seeds.file("data.pkl"), StandardCharsets.ISO_8859_1);
        var embedding = pickle.indexOf("embed_tokens");
        var shape = pickle.indexOf("(J\6\0\0\0J\2\0\0\0t", embedding);
        assertTrue(embedding > 0 && shape > embedding);
        var bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
        bytes[shape + 7] = 0;
        var message = guard.check(Target.PICKLE, bytes).orElseThrow();
        assertTrue(message.contains("of at least one row and column, found the shape [6, 0]"), message);
    }
}
