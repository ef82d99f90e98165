package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.cli.report.Report;
import trm4j.cli.report.Showcase;
import trm4j.model.Checkpoint;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.run.Training;

/** ARC tasks as a user goes about them: made, trained on, evaluated, submitted. */
class ArcCommandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COPIES = 5;

    @TempDir
    private static Path dir;

    @TempDir
    private Path out;

    private static final StringWriter PRINTED = new StringWriter();
    private static final StringWriter ERRORS = new StringWriter();

    private static String trained;

    @BeforeAll
    static void makeAndTrain() throws IOException {
        Files.writeString(dir.resolve("a_challenges.json"), """
                {"same": {"train": [{"input": [[1, 2]], "output": [[1, 2]]},
                                    {"input": [[3], [4]], "output": [[3], [4]]}],
                          "test": [{"input": [[5, 6, 7]]}]}}""");
        Files.writeString(dir.resolve("a_solutions.json"), "{\"same\": [[[5, 6, 7]]]}");
        Files.writeString(dir.resolve("b_challenges.json"), """
                {"turn": {"train": [{"input": [[1, 2]], "output": [[2, 1]]}],
                          "test": [{"input": [[5, 6, 7]]}, {"input": [[8, 9]]}]},
                 "open": {"train": [{"input": [[0, 2]], "output": [[2]]}], "test": [{"input": [[0, 3], [0, 4]]}]}}""");
        Files.writeString(
                dir.resolve("b_solutions.json"), "{\"turn\": [[[7, 6, 5]], [[9, 8]]], \"open\": [[[3], [4]]]}");
        assertEquals(0, trm("data arc --train DIR/a_challenges.json --eval DIR/b_challenges.json --augment " + COPIES
                + " --out DIR/set"), ERRORS.toString());
        var printed = PRINTED.toString();
        assertTrue(
                printed.contains("3 ARC tasks") && printed.contains("test   12 tasks and copies, 18 examples"), printed);
        Files.writeString(dir.resolve("tiny.yaml"), """
                run: {steps: 2, eval_batch: 6}
                arch: {mlp_t: false, pos_encodings: rope, hidden_size: 16, num_heads: 1, puzzle_emb_ndim: 16,
                  puzzle_emb_len: 1, h_cycles: 1, l_cycles: 1, l_layers: 1, halt_max_steps: 2}
                train: {batch_size: 2}
                """);
        assertEquals(0, trm("train DIR/tiny.yaml --data DIR/set --out DIR/run"), ERRORS.toString());
        trained = PRINTED.toString();
    }

    @Test
    void copiesVoteForWhatTheTasksAsk() throws IOException {
        assertEquals(0, run("eval DIR/run --data DIR/set --batch 4 --out OUT/a"), ERRORS.toString());
        assertTrue(PRINTED.toString().contains("Copies vote for the outputs of 2 tasks:")
                && PRINTED.toString().contains("pass@1000"), PRINTED.toString());
        var questions = new HashMap<String, Integer>();
        var answers = new HashSet<JsonNode>();
        for (var text : Files.readAllLines(out.resolve("a/predictions.jsonl"))) {
            var line = JSON.readTree(text);
            questions.merge(line.get("identifier").asText().split("[|]")[0] + line.get("question"), 1, Integer::sum);
            answers.add(line.get("answer"));
        }
        assertEquals(Map.of("turn[\"567\"]", 1 + COPIES, "turn[\"89\"]", 1 + COPIES, "open[\"03\",\"04\"]", 1 + COPIES),
                questions, "every copy asks, undone, what the task asks");
        var passAt = JSON.readTree(Files.readString(out.resolve("a/evaluation.json"))).at("/arc/pass_at");
        assertEquals(6, passAt.size());
        var submission = JSON.readTree(Files.readString(out.resolve("a/submission.json")));
        assertEquals(2, submission.get("turn").size());
        assertEquals(1, submission.get("open").size());
        for (var test : submission.get("turn")) {
            for (var attempt : new String[] {"attempt_1", "attempt_2"}) {
                var grid = test.get(attempt);
                assertTrue(answers.contains(rows(grid)) || grid.equals(JSON.readTree("[[0]]")));
            }
        }
    }

    /** Each copy is tried several times, and votes once, by the answer that is chosen. */
    @Test
    void rolloutsAreWithinACopy() throws IOException {
        var command = "eval DIR/run --data DIR/set --rollouts 3 --noise 2 --select converged";
        assertEquals(0, run(command + " --out OUT/r"), ERRORS.toString());
        assertEquals(0, run(command + " --batch 2 --out OUT/other"), ERRORS.toString());
        var submitted = Files.readString(out.resolve("r/submission.json"));
        assertEquals(submitted, Files.readString(out.resolve("other/submission.json")));
        var votes = new HashMap<String, Map<String, Integer>>();
        int moved = 0;
        for (var text : Files.readAllLines(out.resolve("r/predictions.jsonl"))) {
            var line = JSON.readTree(text);
            assertEquals(3, line.get("rollouts").size());
            moved += line.get("chosen").asInt() > 0 ? 1 : 0;
            votes.computeIfAbsent(line.get("question").toString(), _ -> new HashMap<>())
                    .merge(line.get("answer").toString(), 1, Integer::sum);
        }
        assertEquals(3, votes.size());
        assertTrue(votes.values().stream().allMatch(of -> of.values().stream().mapToInt(n -> n).sum() == 1 + COPIES));
        assertTrue(moved > 0, "not always the first");
        var first = JSON.readTree(submitted).at("/turn/0/attempt_1");
        var counts = votes.get("[\"567\"]");
        counts.remove("[]");
        int most = counts.values().stream().mapToInt(n -> n).max().orElse(0);
        assertEquals(most, counts.getOrDefault(rows(first).toString(), 0), counts + " against " + first);
    }

    private static JsonNode rows(JsonNode grid) {
        var rows = JSON.createArrayNode();
        grid.forEach(row -> {
            var text = new StringBuilder();
            row.forEach(cell -> text.append(cell.asInt()));
            rows.add(text.toString());
        });
        return rows;
    }

    /** A run's own evaluation comes to what trm eval does, and says by what the best checkpoint is chosen. */
    @Test
    void aRunCountsVotesWhileItTrains() throws IOException {
        assertTrue(trained.contains("; 2 tasks: pass@1 ") && trained.contains("%, pass@2 "), trained);
        assertEquals(0, run("eval DIR/run --data DIR/set --out OUT/after"), ERRORS.toString());
        var lines = Files.readAllLines(dir.resolve("run/metrics.jsonl"));
        var test = JSON.readTree(lines.getLast()).get("test");
        assertEquals(JSON.readTree(Files.readString(out.resolve("after/evaluation.json"))).get("arc"), test.get("arc"));
        assertEquals("pass@2", test.get("measure").asText());
        var curve = new Report(List.of(dir.resolve("run")), Showcase.none(), 0).read().at("/runs/0/test");
        assertEquals(test.at("/arc/pass_at/2").asDouble(), curve.get("arc/pass_at/2").get(0).asDouble(), 1e-6);
    }

    @Test
    void aLimitCutsBetweenTasks() throws IOException {
        assertEquals(0, run("eval DIR/run --data DIR/set --limit 13 --out OUT/some"), ERRORS.toString());
        assertTrue(
                PRINTED.toString().contains("Takes the first 1 of 2 tasks with all of their copies: 12 of 18 puzzles.")
                        && PRINTED.toString().contains("Copies vote for the outputs of 1 task:"), PRINTED.toString());
        assertEquals(12, Files.readAllLines(out.resolve("some/predictions.jsonl")).size());
    }

    @Test
    void votesOfBeforeCountWhenResumed() throws IOException {
        assertEquals(0, run("eval DIR/run --data DIR/set --out OUT/whole"), ERRORS.toString());
        assertEquals(0, run("eval DIR/run --data DIR/set --out OUT/cut"), ERRORS.toString());
        var predictions = out.resolve("cut/predictions.jsonl");
        Files.write(predictions, Files.readAllLines(predictions).subList(0, 11));
        Files.delete(out.resolve("cut/submission.json"));
        assertEquals(0, run("eval --resume OUT/cut"), ERRORS.toString());
        assertEquals(Files.readString(out.resolve("whole/submission.json")),
                Files.readString(out.resolve("cut/submission.json")));
    }

    @Test
    void trainingTasksAreNotVotedOn() throws IOException {
        assertEquals(0, run("eval DIR/run --data DIR/set --split train --out OUT/train"), ERRORS.toString());
        assertTrue(Files.notExists(out.resolve("train/submission.json")));
        var questions = new HashSet<String>();
        for (var text : Files.readAllLines(out.resolve("train/predictions.jsonl"))) {
            questions.add(JSON.readTree(text).get("question").toString());
        }
        assertEquals(4, questions.size(), "grids are found wherever they lie: " + questions);
    }

    /** Other tasks learn rows on weights that stay; how exact they are is told before and after. */
    @Test
    void newTasksTakeUpATrainedModel() throws IOException {
        Files.writeString(out.resolve("rows.yaml"), """
                run: {steps: 1, eval_batch: 2}
                train: {batch_size: 2, freeze: weights}
                """);
        assertEquals(0, run("data arc --eval DIR/b_challenges.json --augment 0 --out OUT/new"), ERRORS.toString());
        assertEquals(0, run("train OUT/rows.yaml --data OUT/new --init DIR/run --out OUT/run"), ERRORS.toString());
        var printed = PRINTED.toString();
        assertTrue(printed.contains("Of the data set's 3 puzzle identifiers, the model knows 3 by name;")
                && printed.contains("test after step 0: 3 puzzles: ")
                && printed.contains("test after step 1: 3 puzzles: "), printed);
        var before = Checkpoint.load(Training.checkpoint(dir.resolve("run"))).tensors();
        Checkpoint.load(Training.checkpoint(out.resolve("run"))).tensors().forEach((name, tensor) -> assertEquals(
                !name.equals("inner.puzzle_emb.weights"), Arrays.equals(before.get(name).values(), tensor.values()),
                name));
        assertEquals(2, run("train --resume OUT/run --init DIR/run"));
    }

    @Test
    void wrongUsageIsToldAsSuch() {
        assertEquals(2, run("data arc --out OUT/none"));
        assertTrue(ERRORS.toString().contains("at least one file or folder of ARC tasks"), ERRORS.toString());
        assertEquals(1, run("eval DIR/run --data DIR/tiny.yaml --out OUT/none"));
        assertTrue(ERRORS.toString().contains("expected a folder with a data set"), ERRORS.toString());
    }

    @Test
    void oneIsCountedAsOne() {
        assertEquals(0, run("data arc --eval DIR/a_challenges.json --augment 1 --out OUT/one"), ERRORS.toString());
        assertTrue(PRINTED.toString().contains(" 1 ARC task, in"), PRINTED.toString());
        assertEquals(0, run("data arc --eval DIR/a_challenges.json --augment 0 --out OUT/none"), ERRORS.toString());
        assertTrue(PRINTED.toString().contains("  test   1 task and copies, 1 example\n"), PRINTED.toString());
    }

    @Test
    void tasksAreSolvedByName() throws IOException {
        assertEquals(0, run("solve DIR/run --file DIR/b_challenges.json"), ERRORS.toString());
        var printed = PRINTED.toString();
        assertTrue(printed.startsWith("task turn, test 1\npuzzle\n   5  6  7 \nstep 1: ")
                && printed.contains("\ntask open, test 1\npuzzle\n   0  3 \n   0  4 \n"), printed);
        assertTrue(printed.contains(" of 7 cells are as they should be"), "solutions lie beside it: " + printed);
        Files.copy(dir.resolve("b_challenges.json"), out.resolve("c_challenges.json"));
        assertEquals(0, run("solve DIR/run --file OUT/c_challenges.json"), ERRORS.toString());
        assertTrue(PRINTED.toString().contains("there is nothing to tell by"), PRINTED.toString());
        var turn = "{\"train\": [{\"input\": [[1, 2]], \"output\": [[2, 1]]}], "
                + "\"test\": [{\"input\": [[5, 6, 7]], \"output\": [[7, 6, 5]]}]}";
        var known = Files.writeString(out.resolve("turn.json"), turn);
        assertEquals(0, run("solve DIR/run --file OUT/turn.json"), ERRORS.toString());
        assertTrue(PRINTED.toString().startsWith("puzzle\n") && PRINTED.toString().contains(" of 7 cells are as they "
                + "should be"), "a grid of 3 cells, and the 4 that end it: " + PRINTED);
        Files.copy(known, out.resolve("new.json"));
        assertEquals(0, run("solve DIR/run --file OUT/new.json"), ERRORS.toString());
        assertTrue(PRINTED.toString().startsWith("The model was not trained on a task new, so that it solves it as no "
                + "task.\n"), PRINTED.toString());
        assertEquals(0, run("solve DIR/run [[5,6,7]] [[8,9]]"), ERRORS.toString());
        assertTrue(PRINTED.toString().contains("\n2 of 2\npuzzle\n   8  9 \n"), PRINTED.toString());

        // The names stand beside the model, wherever it is.
        var source = Training.checkpoint(dir.resolve("run"));
        var alone = Files.copy(source, out.resolve("alone.safetensors"));
        Files.copy(source.resolveSibling("model.identifiers.json"), out.resolve("alone.identifiers.json"));
        assertEquals(0, run("solve OUT/alone.safetensors --file " + known), ERRORS.toString());
        assertFalse(PRINTED.toString().contains("as no task"), PRINTED.toString());
        assertEquals(0, run("export OUT/alone.safetensors OUT/alone.pt --force"), ERRORS.toString());
        assertTrue(PRINTED.toString().endsWith("Written to OUT/alone.pt, the names of its puzzle rows to "
                .replace("OUT", out.toString()) + out + "/alone.identifiers.json\n"), PRINTED.toString());
        var model = Checkpoint.load(alone);
        var asked = ModelPuzzles.of(alone, alone, model);
        var names = JSON.readTree(Files.readString(dir.resolve("set/identifiers.json")));
        var question = asked.readAll("x", "turn", turn).getFirst().puzzle();
        assertEquals("turn", names.get(question.puzzleIdentifier()).asText());
        try (var set = PuzzleDataset.open(dir.resolve("set"), Split.TEST)) {
            var same = IntStream.range(0, set.examples()).mapToObj(set::example)
                    .filter(example -> example.puzzleIdentifier() == question.puzzleIdentifier()).findFirst();
            assertArrayEquals(same.orElseThrow().inputs(), question.inputs());
            assertArrayEquals(same.orElseThrow().labels(), question.labels());
        }
        assertEquals(0, asked.readAll("x", "new", turn).getFirst().puzzle().puzzleIdentifier());
        Files.writeString(out.resolve("bad.json"), turn.replace("7]]", "17]]"));
        assertEquals(1, run("solve DIR/run --file OUT/bad.json"));
        assertTrue(ERRORS.toString().contains("test pair 1, input, row 1: expected 3 colours from 0 to 9"),
                ERRORS.toString());
    }

    private int run(String command) {
        return trm(command.replace("OUT", out.toString()));
    }

    private static int trm(String command) {
        return Commands.runAfresh(PRINTED, ERRORS, command.replace("DIR", dir.toString()).split(" +"));
    }
}
