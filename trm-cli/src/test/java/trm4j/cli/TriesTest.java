package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rollouts and chains as a user asks for them, with a model that solves a few 4x4 Sudokus. */
class TriesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PUZZLES = 20;

    @TempDir
    private static Path dir;

    @TempDir
    private Path out;

    private static final StringWriter PRINTED = new StringWriter();
    private static final StringWriter ERRORS = new StringWriter();

    @BeforeAll
    static void train() throws IOException {
        Files.writeString(dir.resolve("learn.yaml"), """
                puzzles: {size: 4, train: 200, test: 20, min_clues: 7, max_clues: 11, augment: 5}
                run: {steps: 60, eval_batch: 50}
                arch: {hidden_size: 32, puzzle_emb_ndim: 32, puzzle_emb_len: 1, h_cycles: 1, l_cycles: 2,
                  halt_max_steps: 3}
                train: {batch_size: 32, lr: 3e-3, weight_decay: 0.1, lr_warmup_steps: 20, ema_rate: 0.9}
                """);
        assertEquals(0, trm("train " + dir + "/learn.yaml --out " + dir + "/run"), ERRORS.toString());
    }

    private static int trm(String command) {
        return Commands.runAfresh(PRINTED, ERRORS, command.split(" "));
    }

    private List<JsonNode> eval(String options, String name) throws IOException {
        var command = "eval " + dir + "/run " + options + " --out " + out.resolve(name);
        assertEquals(0, trm(command.replaceAll(" +", " ")), ERRORS.toString());
        return predictions(name);
    }

    private List<JsonNode> predictions(String name) throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(out.resolve(name).resolve("predictions.jsonl"))) {
            lines.add(JSON.readTree(line));
        }
        lines.sort(Comparator.comparingInt(line -> line.get("example").asInt()));
        return lines;
    }

    private JsonNode result(String name) throws IOException {
        return JSON.readTree(out.resolve(name).resolve("evaluation.json").toFile());
    }

    private static List<JsonNode> rollouts(JsonNode line) {
        return StreamSupport.stream(line.get("rollouts").spliterator(), false).toList();
    }

    @Test
    void aSingleRolloutWithoutNoiseIsWhatItAlwaysWas() throws IOException {
        assertEquals(eval("", "plain"), eval("--rollouts 1 --select mode --batch 3", "one"));
        assertEquals(
                Files.readAllLines(out.resolve("plain/predictions.jsonl")),
                Files.readAllLines(out.resolve("one/predictions.jsonl")));
    }

    /** The figures are those that the predictions come to, and the predictions those of any other batch. */
    @Test
    void figuresOfFewerRolloutsAreThoseOfThePredictions() throws IOException {
        var lines = eval("--rollouts 5 --noise 0.6", "five");
        assertEquals(lines, eval("--rollouts 5 --noise 0.6 --batch 3", "other"));
        assertNotEquals(lines, eval("--rollouts 5 --noise 0.6 --seed 1", "seed"));
        assertEquals(
                IntStream.range(0, PUZZLES).boxed().toList(), Files.readAllLines(out.resolve("five/predictions.jsonl"))
                        .stream().map(line -> Integer.valueOf(line.replaceAll("^.\"example\":(\\d+),.*", "$1"))).toList());
        var counts = result("five").get("rollouts");
        assertEquals(4, counts.size());
        for (var count : counts) {
            int k = count.get("rollouts").asInt();
            int exact = 0;
            int pass = 0;
            for (var line : lines) {
                var first = rollouts(line).subList(0, k);
                var best = first.stream()
                        .max(Comparator.comparingDouble(rollout -> rollout.get("halt_logit").asDouble())).orElseThrow();
                exact += best.get("right").asInt() == 16 ? 1 : 0;
                pass += first.stream().anyMatch(rollout -> rollout.get("right").asInt() == 16) ? 1 : 0;
            }
            assertEquals((double) exact / PUZZLES, count.get("exact_accuracy").asDouble(), 1e-12);
            assertEquals((double) pass / PUZZLES, count.get("pass_at").asDouble(), 1e-12);
            assertEquals(3 * k, count.get("steps").asDouble(), 1e-12);
        }
        assertEquals(counts.get(3).get("exact_accuracy"), result("five").get("exact_accuracy"));
        for (var line : lines) {
            assertEquals(rollouts(line).get(line.get("chosen").asInt()).get("right"), line.get("right").get(2));
        }
        assertTrue(lines.stream().anyMatch(line -> line.get("chosen").asInt() > 0));
        assertTrue(PRINTED.toString().contains("rollouts   exact  pass@k  steps of all\n       1 "), PRINTED.toString());
    }

    /** Answers to disguised puzzles, turned back, keep the clues as the answers to the puzzles themselves do. */
    @Test
    void chainsAnswerThePuzzleItself() throws IOException {
        var plain = eval("", "plain");
        for (var chains : List.of("digits:3", "dihedral:8", "all:4")) {
            var lines = eval("--chains " + chains, chains.replace(':', '-'));
            for (int i = 0; i < PUZZLES; i++) {
                var line = lines.get(i);
                var first = rollouts(line).getFirst();
                assertEquals(plain.get(i).get("right").get(2), first.get("right"), "the first is the puzzle itself");
                var label = line.get("answer").asText();
                if (line.get("exact").asBoolean()) {
                    assertTrue(line.at("/rules/valid").asBoolean(), label);
                }
            }
            long exact = lines.stream().filter(line -> line.get("exact").asBoolean()).count();
            long valid = lines.stream().filter(line -> line.at("/rules/valid").asBoolean()).count();
            assertEquals(exact, valid, "a solution is the only one, so turned back rightly where it is right");
            assertTrue(exact > 0);
        }
        var race = eval("--chains all:4 --select first", "race");
        race.forEach(line -> assertEquals(
                1, rollouts(line).stream().map(rollout -> rollout.get("steps")).distinct().count()));
    }

    @Test
    void goesOnWithTheSameTries() throws IOException {
        var whole = eval("--rollouts 3 --noise 0.5 --select converged --batch 2", "whole");
        var lines = Files.readAllLines(out.resolve("whole/predictions.jsonl"));
        var figures = ((ObjectNode) result("whole")).without("puzzles_per_s");
        Files.write(out.resolve("whole/predictions.jsonl"), lines.subList(0, PUZZLES / 2));
        assertEquals(0, trm("eval --resume " + out + "/whole --batch 7"), ERRORS.toString());
        assertEquals(whole, predictions("whole"));
        assertEquals(figures, ((ObjectNode) result("whole")).without("puzzles_per_s"));
        var alone = new ArrayList<>(lines);
        alone.set(4, lines.get(4).replaceFirst("\"chosen\".*]", "\"chosen\":0"));
        Files.write(out.resolve("whole/predictions.jsonl"), alone);
        assertEquals(1, trm("eval --resume " + out + "/whole"));
        assertTrue(ERRORS.toString().contains("predictions.jsonl:5: expected a prediction"), ERRORS.toString());
        assertEquals(1, trm("eval --resume " + out + "/whole --rollouts 3 --noise 0.4 --select converged"));
        assertTrue(ERRORS.toString().contains("has rollouts {") && ERRORS.toString().contains("\"noise\":0.4"),
                ERRORS.toString());
        assertEquals(1, trm("eval --resume " + out + "/whole --rollouts 1"));
        assertTrue(ERRORS.toString().contains("expected none to go on with"), ERRORS.toString());
    }

    @Test
    void solvesAPuzzleSeveralTimes() {
        assertEquals(0, trm("solve " + dir + "/run 1.3..4122.4..321 --rollouts 3 --noise 0.5 --select rules"));
        assertTrue(PRINTED.toString().contains("\nrollout 1: 3 steps, halt logit "), PRINTED.toString());
        assertTrue(PRINTED.toString().contains("\nthe answer of rollout "), PRINTED.toString());
        assertTrue(PRINTED.toString().contains("olved (by the rules: "), PRINTED.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--rollouts 0 | Expected --rollouts of at least 1, found 0",
        "--rollouts 2 --noise -0.1 | Expected --noise of at least 0, found -0.1",
        "--noise NaN | Expected --noise of at least 0, found NaN",
        "--sure 1.5 | Expected --sure above 0 and at most 1, found 1.5",
        "--rollouts 2 --chains all:2 | Expected --rollouts or --chains, found both",
        "--chains all | expected one of digits, dihedral, all, a colon and how many, such as all:8, found all",
        "--select best | expected one of q, mode, converged, rules, first, found best",
        "--chains dihedral:9 | --chains: Sudokus of this size have 8 symmetries of the sort dihedral, found 9",
        "--rollouts 100000 | --batch: 20 puzzles at a time, 100000 rollouts of each, cannot be held",
        "--rollouts 10000 | --batch: 20 puzzles at a time, 10000 rollouts of each, "
    })
    void refusesWhatMakesNoSense(String options, String sentence) throws IOException {
        assertNotEquals(0, trm("eval " + dir + "/run " + options + " --out " + out + "/refused"));
        assertTrue(ERRORS.toString().contains(sentence), ERRORS.toString());
        assertTrue(Files.notExists(out.resolve("refused")), "nothing is left of it");
    }

    /** Of puzzles that nothing is known of, there are neither rules nor symmetries. */
    @ParameterizedTest
    @ValueSource(strings = {"--select rules --rollouts 2", "--chains all:2"})
    void refusesWhatPuzzlesCannotDo(String options) throws IOException {
        var data = Files.createDirectories(out.resolve("squares/test"));
        try (var files = Files.list(dir.resolve("run/data/test"))) {
            for (var file : files.toList()) {
                Files.copy(file, data.resolve(file.getFileName()));
            }
        }
        var info = data.resolve("dataset.json");
        Files.writeString(info, Files.readString(info).replace("\"sudoku\"", "\"squares\""));
        assertEquals(1, trm("eval " + dir + "/run --data " + out + "/squares " + options + " --out " + out + "/e"));
        assertTrue(ERRORS.toString().contains(options.split(" ")[0]), ERRORS.toString());
        assertTrue(ERRORS.toString().contains("expected puzzles that have some"), ERRORS.toString());
        assertTrue(Files.notExists(out.resolve("e")));
    }
}
