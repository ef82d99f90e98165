package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.contract.TestDevices;

/** The commands as a user runs them, on 4x4 Sudokus. */
class CommandsTest {

    private static final String CONFIG = """
            run: {steps: 6, eval_interval: 3, eval_batch: 7, seed: 1}
            arch:
              hidden_size: 16
              puzzle_emb_ndim: 16
              puzzle_emb_len: 1
              H_cycles: 1
              L_cycles: 1
              halt_max_steps: 3
            train: {batch_size: 8, lr: 1e-3, lr_warmup_steps: 2, ema_rate: 0.9}
            """;
    private static final String CLUES = "1.3.3..22..4.4.1";

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void fromPuzzlesToASolvedOne() throws IOException {
        makePuzzles();
        write("tiny.yaml", CONFIG);
        assertEquals(0, run("train DIR/tiny.yaml --data DIR/puzzles --out DIR/run"), err.toString());
        assertTrue(out.toString().contains("6/6") && out.toString().contains("A test puzzle, solved step by step"),
                out.toString());
        var lines = metrics("run");
        assertEquals(List.of(1, 2, 3, 3, 4, 5, 6, 6), lines.stream().map(l -> l.get("step").asInt()).toList());
        for (var key : List.of("lr", "loss", "lm_loss", "q_halt_loss", "count", "samples_per_s", "seconds")) {
            assertTrue(lines.getFirst().has(key), key);
        }
        assertEquals(20, lines.getLast().at("/test/puzzles").asInt());
        assertEquals(3, lines.getLast().at("/test/exact_accuracy_by_step").size());
        assertTrue(Files.exists(dir.resolve("run/checkpoints/step-6/model.safetensors")));
        assertTrue(Files.readString(dir.resolve("run/version.txt")).startsWith("trm4j"));

        assertEquals(0, run("eval DIR/run --data DIR/puzzles --out DIR/all"), err.toString());
        assertTrue(out.toString().contains("20 puzzles: "), out.toString());
        var earlier = "DIR/run/checkpoints/step-3/model.safetensors";
        assertEquals(0, run("eval " + earlier + " --data DIR/puzzles --limit 5 --out DIR/five"));
        assertTrue(out.toString().contains("5 puzzles: "), out.toString());
        assertEquals(0, run("solve DIR/run " + CLUES), err.toString());
        assertTrue(out.toString().startsWith("puzzle\n   1  . | 3  . \n") && out.toString().contains("step 3: "),
                out.toString());
    }

    @Test
    void listsTheDevices() {
        assertEquals(0, run("devices"), err.toString());
        var lines = out.toString().lines().toList();
        assertTrue(lines.get(0).startsWith("device") && lines.get(1).startsWith("cpu "), out.toString());
        assertEquals(
                Math.max(3, 2 + TestDevices.tornado().size()), lines.size(), out.toString());
    }

    @Test
    void theConfigurationThatRanRunsAgainToTheBit() throws IOException {
        makePuzzles();
        write("tiny.yaml", CONFIG);
        assertEquals(0, run("train DIR/tiny.yaml --data DIR/puzzles --out DIR/first --seed 5"), err.toString());
        assertEquals(0, run("train DIR/first/config.yaml --data DIR/puzzles --out DIR/second"), err.toString());
        assertEquals(0, run("train DIR/tiny.yaml --data DIR/puzzles --out DIR/other --seed 6"), err.toString());
        assertEquals(untimed("first"), untimed("second"));
        assertFalse(untimed("first").equals(untimed("other")));
        assertEquals(
                -1, Files.mismatch(
                        dir.resolve("first/checkpoints/step-6/model.safetensors"),
                        dir.resolve("second/checkpoints/step-6/model.safetensors")));
    }

    @Test
    void aRunMakesItsPuzzlesWhereItIsTold() throws IOException {
        write("tiny.yaml", CONFIG + "puzzles: {size: 4, train: 30, test: 5, min_clues: 6, max_clues: 9}\n");
        assertEquals(0, run("train DIR/tiny.yaml --out DIR/run --steps 2"), err.toString());
        assertEquals(0, run("eval DIR/run --data DIR/run/data --out DIR/eval"), err.toString());
        assertTrue(out.toString().contains("5 puzzles: "), out.toString());
    }

    @Test
    void theAuthorsConfigurationTrainsAsItIs() throws IOException {
        makePuzzles();
        write("all_config.yaml", """
                arch: {name: recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1, hidden_size: 16, num_heads: 8,
                  loss: {name: losses@ACTLossHead, loss_type: stablemax_cross_entropy}, H_cycles: 1, L_cycles: 1,
                  H_layers: 0, L_layers: 2, expansion: 4, puzzle_emb_ndim: 16, puzzle_emb_len: 1, pos_encodings: none,
                  halt_max_steps: 2, halt_exploration_prob: 0.1, forward_dtype: bfloat16, mlp_t: true}
                data_paths: [DIR/elsewhere]
                beta1: 0.9
                beta2: 0.95
                ema: false
                epochs: 2
                eval_interval: 1
                global_batch_size: 8
                lr: 0.001
                lr_min_ratio: 1.0
                lr_warmup_steps: 2
                puzzle_emb_lr: 0.001
                puzzle_emb_weight_decay: 1.0
                run_name: mine
                weight_decay: 1.0
                """.replace("DIR", dir.toString()));
        refused("data_paths: expected a data set's folder, found none at DIR/elsewhere; name yours with --data.",
                "train DIR/all_config.yaml --out DIR/run");
        assertEquals(0, run("train DIR/all_config.yaml --data DIR/puzzles --out DIR/run"), err.toString());
        for (var told : List.of(
                "Without a meaning here, left out: run_name.", "Epochs: 2 of 40 groups, 10 steps in all",
                "Epochs between evaluations: 1, in steps: 5")) {
            assertTrue(out.toString().contains(told), out.toString());
        }
        assertEquals(
                List.of(5, 10),
                metrics("run").stream().filter(l -> l.has("test")).map(l -> l.get("step").asInt()).toList());
        assertEquals(0, run("config DIR/all_config.yaml"), err.toString());
        for (var said : List.of("# Without a meaning here", "eval_epochs: 1", "forward_dtype: \"bfloat16\"")) {
            assertTrue(out.toString().contains(said), out.toString());
        }
    }

    @Test
    void aRunMakesMazesToo() throws IOException {
        write("tiny.yaml", CONFIG + "puzzles: {kind: maze, size: 5, train: 30, test: 5, min_path: 3, max_path: 8, "
                + "augment: 7, paths: many, labels: image}\n");
        assertEquals(0, run("train DIR/tiny.yaml --out DIR/run --steps 2"), err.toString());
        assertTrue(Files.readString(dir.resolve("run/data/train/dataset.json")).contains(
                "\"rule\":\"breadth first from S, down-left-right-up\",\"images\":\"turned with their puzzles\""));
        assertTrue(out.toString().contains(" 240 training puzzles, 2 steps"), out.toString());
        assertTrue(out.toString().contains("\n   #") && out.toString().contains(" (by the rules: "), out.toString());
        assertEquals(0, run("eval DIR/run --out DIR/eval"), err.toString());
        assertTrue(out.toString().contains("% shortest. Puzzles with several right answers, of which the label is one: "
                + "100.0%."), out.toString());

        for (var refused : List.of(
                "kind: maze -> kind: chess -> puzzles.kind: expected sudoku or maze, found chess",
                "size: 5 -> size: 3 -> puzzles.size: Expected mazes of 5x5 to 1000x1000 cells, found 3x3",
                "augment: 7 -> augment: 8 -> 7",
                "paths: many -> paths: few -> puzzles.paths: expected unique or many, found few",
                "labels: image -> labels: best -> puzzles.labels: expected rule or image, found best",
                "max_path: 8 -> max_path: 2 -> Expected a range of path lengths from 1 to 16 for 5x5 mazes")) {
            var words = refused.split(" -> ");
            write("bad.yaml", Files.readString(dir.resolve("tiny.yaml")).replace(words[0], words[1]));
            refused(words[2], "train DIR/bad.yaml --out DIR/bad");
        }
    }

    /** Nothing is known of them: they are read and shown as numbers. */
    @Test
    void puzzlesOfNoFamilyAreNumbers() throws IOException {
        makePuzzles();
        for (var split : List.of("train", "test")) {
            var info = dir.resolve("puzzles").resolve(split).resolve("dataset.json");
            Files.writeString(info, Files.readString(info).replace("\"sudoku\"", "\"numbers\""));
        }
        write("tiny.yaml", CONFIG);
        assertEquals(0, run("train DIR/tiny.yaml --data DIR/puzzles --out DIR/run --steps 1"), err.toString());
        assertTrue(out.toString().contains("A test puzzle, solved step by step")
                && out.toString().contains("olved: "), out.toString());
        var numbers = "1,1,2,3,1,5,1,1,1,1,1,1,1,1,1,0";
        assertEquals(0, run("solve DIR/run " + numbers + " " + numbers), err.toString());
        assertTrue(out.toString().startsWith("1 of 2\npuzzle\n   1  1  2  3 \n   1  5  1  1 \n"), out.toString());
        var alone = "DIR/alone.safetensors";
        Files.copy(dir.resolve("run/checkpoints/step-1/model.safetensors"), dir.resolve("alone.safetensors"));
        assertEquals(0, run("solve " + alone + " " + CLUES), err.toString());
        assertTrue(out.toString().startsWith("The data set that " + dir + "/alone.safetensors was trained with is not "
                + "there to say what it solves; from 16 cells of 6 tokens its puzzles are taken for Sudokus.\n"),
                out.toString());
        refused("PUZZLE 2: Expected the 16 cells", "solve DIR/run " + numbers + " 1,2");
        refused("expected one of puzzles", "solve DIR/run --file DIR/none.txt");
        write("two.txt", numbers + "\n\n" + numbers.replace('5', '6') + "\n");
        refused("two.txt, line 3: Expected cells of puzzles, each one of 0 1 2 3 4 5, found '6' for cell 6.",
                "solve DIR/run --file DIR/two.txt");
    }

    @Test
    void aModelLearnsToSolvePuzzlesItNeverSaw() throws IOException {
        write("learn.yaml", """
                puzzles: {size: 4, train: 600, test: 100, min_clues: 8, max_clues: 11, augment: 5}
                run: {steps: 250, eval_batch: 50}
                arch: {hidden_size: 32, puzzle_emb_ndim: 32, puzzle_emb_len: 1, h_cycles: 1, l_cycles: 2,
                  halt_max_steps: 4}
                train: {batch_size: 32, lr: 3e-3, weight_decay: 0.1, lr_warmup_steps: 20, ema_rate: 0.9}
                """);
        assertEquals(0, run("train DIR/learn.yaml --out DIR/run"), err.toString());
        double exact = metrics("run").getLast().at("/test/exact_accuracy").asDouble();
        assertTrue(exact > 0.5, "exact " + exact);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "hidden_size: 16 | hiden_size: 16 | unknown key arch.hiden_size; did you mean arch.hidden_size?",
        "hidden_size: 16 | hidden_size: 15.5 | hidden_size",
        "H_cycles: 1 | H_cycles: 0 | arch.h_cycles: expected a whole number of at least 1, found 0",
        "batch_size: 8 | batch_size: 50000 | bad.yaml: train.micro_batch: 50000 puzzles at a time take",
        "hidden_size: 16 | hidden_size: 60000 | arch: expected fewer than 2^31 weights",
        "batch_size: 8 | batch_size: 8000000 | choose a smaller batch_size, eval_batch or model",
        "H_cycles: 1 | seq_len: 81 "
                + "| bad.yaml: arch.seq_len: expected 16, as dataset.json in DIR/puzzles says, found 81",
        "steps: 6 | steps: -6 | run.steps: expected a whole number of at least 0",
        "run: | run | is not YAML",
        "seed: 1 | epoch: 1 | unknown key run.epoch; did you mean run.epochs?"
    })
    void aConfigurationThatCannotBeIsRefusedInASentence(String right, String wrong, String message)
            throws IOException {
        makePuzzles();
        assertTrue(CONFIG.contains(right));
        write("bad.yaml", CONFIG.replace(right, wrong));
        refused(message, "train DIR/bad.yaml --data DIR/puzzles --out DIR/run");
        refused(message, "train DIR/bad.yaml --data DIR/puzzles --out DIR/run --verbose");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "train DIR/none.yaml --out DIR/run | There is no configuration",
        "train DIR/tiny.yaml --out DIR/run | expected a data set with --data",
        "train DIR/tiny.yaml --data DIR/nothing --out DIR/run | DIR/nothing has no folder train",
        "train DIR/tiny.yaml --data DIR/puzzles --out DIR/tiny.yaml/run "
                + "| cannot be made: DIR/tiny.yaml is not a folder",
        "train DIR/tiny.yaml --data DIR/puzzles --out DIR/puzzles | is not empty",
        "train DIR/tiny.yaml --data DIR/puzzles --out DIR/run --device abacus | There is no device abacus",
        "train DIR/tiny.yaml --data DIR/puzzles --out DIR/run --precision tf32 "
                + "| Device cpu computes products in float32 alone, found tf32 asked for; leave --precision out",
        "parity DIR/puzzles --precision BF16 | Device cpu computes products in float32 alone, found bf16 asked for",
        "eval DIR/run --data DIR/puzzles | No checkpoint at DIR/run",
        "eval DIR/tiny.yaml --data DIR/puzzles | DIR/tiny.yaml is not a whole safetensors file",
        "parity DIR/puzzles | DIR/puzzles is not a recorded run"
    })
    void whatCannotBeFoundOrWrittenIsRefusedInASentence(String command, String message) throws IOException {
        makePuzzles();
        write("tiny.yaml", CONFIG);
        refused(message, command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all__inputs.npy", "all__labels.npy", "all__puzzle_indices.npy", "dataset.json"})
    void aDamagedDataSetIsRefusedInASentence(String name) throws IOException {
        makePuzzles();
        write("tiny.yaml", CONFIG);
        var file = dir.resolve("puzzles/train").resolve(name);
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 5));
        refused(file.toString(), "train DIR/tiny.yaml --data DIR/puzzles --out DIR/run");
        Files.delete(file);
        refused(file.toString(), "train DIR/tiny.yaml --data DIR/puzzles --out DIR/run");
    }

    @Test
    void aRunThatCannotBeginTakesItsPuzzlesAway() throws IOException {
        write("big.yaml", CONFIG.replace("batch_size: 8", "batch_size: 50000")
                + "puzzles: {size: 4, train: 30, test: 5, min_clues: 6, max_clues: 9}\n");
        refused("big.yaml: train.micro_batch", "train DIR/big.yaml --out DIR/run");
        write("huge.yaml", Files.readString(dir.resolve("big.yaml")).replace("train: 30", "train: 2000000000"));
        refused("huge.yaml: train.micro_batch", "train DIR/huge.yaml --out DIR/run");
        write("odd.yaml", CONFIG + "puzzles: {size: 5, train: 30, test: 5, min_clues: 6, max_clues: 9}\n");
        refused("odd.yaml: puzzles.size: expected 0, 4, 6 or 9, found 5", "train DIR/odd.yaml --out DIR/run");
    }

    @Test
    void puzzlesThatAModelIsNotForAreRefused() throws IOException {
        makePuzzles();
        write("tiny.yaml", CONFIG);
        assertEquals(0, run("train DIR/tiny.yaml --data DIR/puzzles --out DIR/small --steps 1"), err.toString());
        assertEquals(0, run("data sudoku --size 6 --train 5 --test 5 --out DIR/six"), err.toString());
        assertEquals(0, run("eval DIR/small --data DIR/puzzles --out DIR/most --batch 90000000"), err.toString());
        refused("DIR/six has seq_len 36, expected 16", "eval DIR/small --data DIR/six --out DIR/eval");
        refused("has 16 characters", "solve DIR/small 123");
        refused("has '5' at character 2", "solve DIR/small 15..............");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "fly", "help fly", "help data fly", "train", "train a b", "eval x", "solve x", "solve x y --file z", "parity", "eval x --data y --batch 0",
        "eval x --data y --steps 0", "eval", "eval x --out y --resume z", "eval --resume", "solve x y --steps 0", "train x --steps many", "data", "parity x --precision half"
    })
    void wrongUsageHasStatusTwo(String command) {
        assertEquals(2, run(command));
        var lines = err.toString().lines().toList();
        assertTrue(lines.getFirst().startsWith("trm: ") && lines.size() <= 3, err.toString());
        assertTrue(lines.getLast().matches("trm( [a-z]+)? --help tells more\\."), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "config ", "help ", "train ", "watch ", "report ", "eval ", "solve ", "ablate ", "import ", "export ", "parity ", "bench ",
        "devices ", "bundle ", "data ", "data sudoku ", "data maze ", "data arc "})
    void everyCommandHasHelp(String command) {
        assertEquals(0, run(command + "--help"));
        assertTrue(out.toString().startsWith("Usage: trm"), out.toString());
        assertAll(Arrays.stream(out.toString().split("\n"))
                .map(line -> () -> assertTrue(!line.contains("${") && line.length() <= 80, line)));
    }

    @Test
    void aloneItShowsHelpAndHelpShowsThatOfACommand() {
        assertEquals(0, run("--help"));
        var all = out.toString();
        assertEquals(0, run(""));
        assertEquals(all, out.toString());
        assertEquals(0, run("train --help"));
        var train = out.toString();
        assertEquals(0, run("help train"));
        assertEquals(train, out.toString());
        assertEquals(0, run("data maze --help"));
        var maze = out.toString();
        assertEquals(0, run("help data maze"));
        assertEquals(maze, out.toString());
    }

    @Test
    void theWholeConfigurationIsPrintedAsItCanBeTrainedWith() throws IOException {
        Files.writeString(dir.resolve("two.yaml"), "run:\n  steps: 7\ntrain:\n  lr: 0.5\n");
        assertEquals(0, run("config DIR/two.yaml --set arch.l_cycles=4"), err.toString());
        var printed = out.toString();
        assertTrue(printed.contains("  steps: 7\n") && printed.contains("  lr: 0.5\n"), printed);
        assertTrue(printed.contains("  l_cycles: 4\n") && printed.contains("  halt_max_steps: 16\n"), printed);
        Files.writeString(dir.resolve("whole.yaml"), printed);
        assertEquals(0, run("config DIR/whole.yaml"), err.toString());
        assertEquals(printed, out.toString());
        refused("unknown key train.rate", "config DIR/two.yaml --set train.rate=1");
    }

    /** Fails with one sentence and status 1, and leaves no run behind. */
    private void refused(String message, String command) throws IOException {
        var before = files();
        assertEquals(1, run(command), out.toString());
        var lines = err.toString().lines().toList();
        var first = lines.getFirst();
        assertTrue(first.startsWith("trm: ") && first.contains(message.replace("DIR", dir.toString())),
                err.toString());
        assertEquals(command.contains("--verbose"), lines.size() > 1, err.toString());
        assertEquals(before, files());
    }

    private List<Path> files() throws IOException {
        try (var files = Files.walk(dir)) {
            return files.sorted().toList();
        }
    }

    private void makePuzzles() {
        assertEquals(0, run("data sudoku --size 4 --train 40 --test 20 --clues 6-9 --out DIR/puzzles"), err.toString());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(dir.resolve(name), text);
    }

    private int run(String command) {
        var line = command.replace("DIR", dir.toString()).trim();
        return Commands.runAfresh(out, err, line.isEmpty() ? new String[0] : line.split(" +"));
    }

    private List<JsonNode> metrics(String run) throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(dir.resolve(run).resolve("metrics.jsonl"))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    /** The metrics without what depends on the clock. */
    private List<JsonNode> untimed(String run) throws IOException {
        var lines = metrics(run);
        for (var line : lines) {
            ((ObjectNode) line).remove(List.of("seconds", "samples_per_s"));
            if (line.get("test") instanceof ObjectNode test) {
                test.remove("puzzles_per_s");
            }
        }
        return lines;
    }
}
