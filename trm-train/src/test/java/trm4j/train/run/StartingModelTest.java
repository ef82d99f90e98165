package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.kernels.UserException;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.Checkpoint;
import trm4j.model.Example;
import trm4j.model.config.ConfigException;
import trm4j.model.net.Parameters;
import trm4j.train.data.TokenDataset;
import trm4j.train.metrics.StepProgress;
import trm4j.train.run.CrashingDisk.Crash;

/**
 * Runs that begin with the weights of others. A task adds a number to each of four digits, modulo 5, and only its row
 * of the puzzle table says which.
 */
class StartingModelTest {

    private static final int DIGITS = 5;

    /** Tasks 1 to 5 add 0 to 4. */
    private static final String CONFIG = """
            run: {steps: 120, eval_batch: 50, seed: 1}
            arch: {mlp_t: false, hidden_size: 32, num_heads: 1, puzzle_emb_ndim: 32, puzzle_emb_len: 1, h_cycles: 1,
              l_cycles: 1, l_layers: 1, halt_max_steps: 1, expansion: 1}
            train: {batch_size: 32, lr: 1e-2, puzzle_emb_lr: 2e-2, weight_decay: 0, puzzle_emb_weight_decay: 0,
              lr_warmup_steps: 10, ema_rate: 0.9}
            """;

    private static final String ROWS_ONLY = """
            run: {steps: 30, eval_batch: 50, checkpoint_interval: 10, seed: 2}
            train: {batch_size: 16, freeze: weights, puzzle_emb_lr: 2e-2, puzzle_emb_weight_decay: 0,
              lr_warmup_steps: 0}
            """;

    @TempDir
    private static Path dir;

    private static Path model;

    @TempDir
    private Path runs;

    private final List<String> notices = new ArrayList<>();

    @BeforeAll
    static void trainOnOldTasks() throws IOException {
        TokenDataset.write(
                dir.resolve("old"), "sums", DIGITS, examples(200, 1, 1, 0, 1, 2, 3, 4), examples(50, 2, 1, 0),
                false);
        // Of the same rules, under other names: a model does not know which.
        TokenDataset.write(dir.resolve("new"), "sums", DIGITS, examples(60, 3, 6, 3, 1), examples(50, 4, 6, 3, 1), false);
        Files.writeString(dir.resolve("old.yaml"), CONFIG);
        Files.writeString(dir.resolve("rows.yaml"), ROWS_ONLY);
        try (var folder = RunFolder.create(dir.resolve("old-run"));
                var training = new Training(
                        RunConfig.read(dir.resolve("old.yaml")), dir.resolve("old"), TestDevices.cpu(2))) {
            assertTrue(training.run(folder, "test", new Heard(new ArrayList<>(), _ -> { }), () -> false));
        }
        model = RunFolder.checkpoint(dir.resolve("old-run"));
    }

    /** Examples of tasks from a first one on, which add these numbers. */
    private static List<Example> examples(int each, long seed, int first, int... shifts) {
        var random = new SplittableRandom(seed);
        return IntStream.range(0, each * shifts.length).mapToObj(i -> {
            int task = i % shifts.length;
            var inputs = random.ints(4, 0, DIGITS).toArray();
            return new Example(
                    inputs, Arrays.stream(inputs).map(digit -> (digit + shifts[task]) % DIGITS).toArray(), first + task);
        }).toList();
    }

    @BeforeEach
    void forget() {
        notices.clear();
    }

    @Test
    void newTasksLearnTheirRowsOnFrozenWeights() throws IOException {
        begin("rows", List.of());
        var lines = TinyRuns.metrics(runs.resolve("rows")).stream().filter(line -> line.has("test")).toList();
        double before = lines.getFirst().at("/test/exact_accuracy").asDouble();
        double after = lines.getLast().at("/test/exact_accuracy").asDouble();
        assertEquals(0, lines.getFirst().get("step").asInt());
        assertEquals(30, lines.getLast().get("step").asInt());
        assertTrue(before < 0.2 && after > 0.8, before + " exact before, " + after + " after");

        var given = Checkpoint.load(model).tensors();
        Checkpoint.load(RunFolder.checkpoint(runs.resolve("rows"))).tensors().forEach((name, tensor) -> {
            if (!name.equals(Parameters.PUZZLES)) {
                assertArrayEquals(given.get(name).values(), tensor.values(), name);
            }
        });
        assertEquals(
                List.of("Begins with the weights of " + model + ", which took 120 steps.",
                        "Of the data set's 8 puzzle identifiers, the model knows 6 by name; the others get the mean of "
                                + "its 6 rows.", judgedByLabels("new")),
                notices);
    }

    private static String judgedByLabels(String data) {
        return dir.resolve(data) + " says that its puzzles are of the kind sums, of which no puzzle family is on the class "
                + "path; they are judged by their labels only.";
    }

    /** Rows that are as many stay; what is not of the net may be another, and is told. */
    @Test
    void aRunMayGoOnWithOtherSettingsThanThoseOfTheNet() throws IOException {
        begin("more", List.of("train.freeze=none", "run.steps=1", "train.lr=0", "train.puzzle_emb_lr=0",
                "arch.halt_max_steps=3", "train.ema_rate=0"), dir.resolve("old"));
        assertEquals(
                List.of("Begins with the weights of " + model + ", which took 120 steps.",
                        "They were trained with arch.halt_max_steps 1, the run has 3.",
                        "The puzzle table keeps its 6 rows.", judgedByLabels("old")),
                notices);
        var given = Checkpoint.load(model).tensors();
        var after = Checkpoint.load(RunFolder.checkpoint(runs.resolve("more")));
        assertEquals(3, after.config().haltMaxSteps());
        after.tensors().forEach((name, tensor) -> assertArrayEquals(given.get(name).values(), tensor.values(), name));
    }

    @Test
    void anInterruptedRunGoesOnToTheSameBitsWithoutTheModel() throws IOException {
        var copy = Files.copy(model, runs.resolve("copy.safetensors"));
        var config = config(List.of(), copy);
        train("straight", config, dir.resolve("new"), _ -> { });
        assertTrue(notices.contains("The names of the puzzle table's 6 rows are not beside the model: each row becomes "
                + "their mean."), notices.toString());
        assertThrows(Crash.class, () -> train("cut", config, dir.resolve("new"), step -> crashIf(step == 15)));
        Files.delete(copy);
        try (var folder = RunFolder.resume(runs.resolve("cut"))) {
            var moved = folder.config().with(List.of("run.init=elsewhere"));
            try (var training = new Training(moved, folder.data(List.of(), Optional.empty()), TestDevices.cpu(2))) {
                var heard = new Heard(notices, _ -> { });
                var refusal = assertThrows(
                        ConfigException.class, () -> training.run(folder, "test", heard, () -> false));
                assertTrue(refusal.getMessage().startsWith("run.init: expected \"" + copy), refusal.getMessage());
            }
            try (var training = new Training(folder.config(), folder.data(List.of(), Optional.empty()), TestDevices.cpu(2))) {
                assertTrue(training.run(folder, "test", new Heard(notices, _ -> { }), () -> false));
            }
        }
        TinyRuns.assertSame(runs.resolve("straight"), runs.resolve("cut"), 30);

        // Nothing was saved yet: what it begins with is needed again.
        var again = config(List.of(), model);
        assertThrows(Crash.class, () -> train("early", again, dir.resolve("new"), _ -> crashIf(true)));
        assertFalse(Files.exists(runs.resolve("early/checkpoints")));
        try (var folder = RunFolder.resume(runs.resolve("early"));
                var training = new Training(
                        folder.config().with(List.of("run.steps=2")), folder.data(List.of(), Optional.empty()), TestDevices.cpu(2))) {
            assertTrue(training.run(folder, "test", new Heard(notices, _ -> { }), () -> false));
        }
        assertEquals(
                List.of(0, 2),
                TinyRuns.metrics(runs.resolve("early")).stream().filter(line -> line.has("test"))
                        .map(line -> line.get("step").asInt()).toList(),
                "solved again before the first step, and told once");
    }

    @Test
    void whatWasGuessedOfTheModelIsToldAndKept() throws IOException {
        var guessed = runs.resolve("guessed.safetensors");
        Checkpoint.load(model).withGuessed(List.of("seq_len", "h_cycles", "num_heads")).save(guessed);
        train("run", config(List.of("run.steps=1", "arch.h_cycles=2"), guessed), dir.resolve("new"), _ -> { });
        assertTrue(notices.get(1).contains("arch.h_cycles, arch.num_heads were guessed"), notices.toString());
        // The data set told one, the configuration the other.
        assertEquals(
                List.of("num_heads"), Checkpoint.describe(RunFolder.checkpoint(runs.resolve("run"))).guessed());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "arch.hidden_size=64 | --set: arch.hidden_size: expected 32, as the weights of MODEL have it, found 64; leave",
        "arch.num_heads=4 | --set: arch.num_heads: expected 1, as",
        "arch.pos_encodings=rope | --set: arch.pos_encodings: expected none, as",
        "arch.puzzle_emb_len=2 | --set: arch.puzzle_emb_len: expected 1, as",
        "arch.mlp_t=true | --set: arch.mlp_t: expected false, as",
        "arch.separate_nets=true | --set: arch.separate_nets: expected false, as"
    })
    void anotherNetIsRefusedByItsKey(String change, String message) {
        var refusal = assertThrows(ConfigException.class, () -> config(List.of(change), model)).getMessage();
        assertTrue(refusal.startsWith(message.replace("MODEL", model.toString())), refusal);
    }

    @Test
    void whatCannotBeginIsRefused() throws IOException {
        TokenDataset.write(runs.resolve("other"), "sums", DIGITS + 2, examples(20, 3, 1, 1), List.of(), false);
        var refusal = assertThrows(ConfigException.class, () -> begin("other-run", List.of(), runs.resolve("other")));
        assertEquals("run.init: expected the weights of a model for the data set's puzzles of 4 tokens of 7, found "
                + model + " for puzzles of 4 tokens of 5; begin with another model.", refusal.getMessage());
        assertFalse(Files.exists(runs.resolve("other-run")));
        var missing = assertThrows(ConfigException.class, () -> config(List.of(), dir.resolve("none"))).getMessage();
        assertTrue(missing.matches("(--init|run\\.init), which tells what weights to begin with: No checkpoint at "
                + dir.resolve("none") + ",.*"), missing);
        Files.writeString(runs.resolve("wide.yaml"), ROWS_ONLY + "arch: {Hidden_Size: 64}\n");
        var file = runs.resolve("wide.yaml");
        assertTrue(assertThrows(UserException.class, () -> ConfigFile.begin(file, List.of(), model)).getMessage()
                .startsWith(file + ": arch.hidden_size: expected 32"));
        var frozen = RunConfig.read(dir.resolve("old.yaml")).with(List.of("train.freeze=weights"));
        assertTrue(assertThrows(
                        ConfigException.class, () -> new Training(frozen, dir.resolve("old"), TestDevices.cpu(2)))
                .getMessage().startsWith("train.freeze: expected none where a run begins with new weights"));
    }

    private void begin(String run, List<String> changes) {
        begin(run, changes, dir.resolve("new"));
    }

    private void begin(String run, List<String> changes, Path data) {
        train(run, config(changes, dir.resolve("old-run")), data, _ -> { });
    }

    private static RunConfig config(List<String> changes, Path init) {
        return ConfigFile.begin(dir.resolve("rows.yaml"), changes, init).config();
    }

    private void train(String run, RunConfig config, Path data, LongConsumer stepped) {
        try (var folder = RunFolder.create(runs.resolve(run));
                var training = new Training(config, data, TestDevices.cpu(2))) {
            assertTrue(training.run(folder, "test", new Heard(notices, stepped), () -> false));
        }
    }

    private record Heard(List<String> notices, LongConsumer stepped) implements Training.Listener {

        @Override
        public void notice(String sentence) {
            notices.add(sentence);
        }

        @Override
        public void step(StepProgress progress) {
            stepped.accept(progress.step());
        }
    }

    private static void crashIf(boolean here) {
        if (here) {
            throw new Crash();
        }
    }
}
