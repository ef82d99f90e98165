package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.data.sudoku.SudokuSource;
import trm4j.train.eval.Evaluation;
import trm4j.train.metrics.StepProgress;

/** Runs of a dozen steps, to be interrupted. */
public final class TinyRuns {

    static final int STEPS = 12;

    /** Every slot goes on, halts or explores now and then; passes end and begin. */
    public static final String CONFIG = """
            run: {steps: 12, eval_interval: 6, eval_batch: 7, checkpoint_interval: 5, checkpoint_minutes: 0,
              keep_checkpoints: 2, seed: 1}
            arch: {hidden_size: 8, puzzle_emb_ndim: 8, puzzle_emb_len: 1, H_cycles: 1, L_cycles: 1, halt_max_steps: 3,
              halt_exploration_prob: 0.5, expansion: 1}
            train: {batch_size: 8, lr: 1e-2, puzzle_emb_lr: 1e-2, lr_warmup_steps: 2, ema_rate: 0.9}
            """;

    final Path dir;
    final Path data;
    final List<String> notices = new ArrayList<>();
    Device device = TestDevices.cpu(2);
    Disk disk = new Disk();
    BooleanSupplier stop = () -> false;
    LongConsumer stepped = step -> { };
    LongConsumer saved = step -> { };

    TinyRuns(Path dir) throws IOException {
        this.dir = dir;
        data = dir.resolve("puzzles");
        Files.writeString(dir.resolve("tiny.yaml"), CONFIG);
        makePuzzles(data);
    }

    static void makePuzzles(Path data) {
        SudokuDataset.write(
                new SudokuSource.Generated(SudokuRules.ofSize(4).orElseThrow(), 40, 20, 6, 9, 0, 1), data, false);
    }

    /** A run that nothing interrupts. */
    Path straight() {
        var folder = dir.resolve("straight");
        if (!Files.exists(folder)) {
            new TinyRuns(dir, data).begin("straight");
        }
        return folder;
    }

    private TinyRuns(Path dir, Path data) {
        this.dir = dir;
        this.data = data;
    }

    /** Whether it came to the end. */
    boolean begin(String run) {
        try (var folder = RunFolder.create(dir.resolve(run));
                var training = new Training(RunConfig.read(dir.resolve("tiny.yaml")), data, device)) {
            return training.run(folder, "test", new Heard(), () -> stop.getAsBoolean(), disk);
        }
    }

    /** Goes on with a run. */
    boolean resume(String run) {
        return resume(run, null, null);
    }

    boolean resume(String run, Path moved, Long steps) {
        try (var folder = RunFolder.resume(dir.resolve(run));
                var training = new Training(folder.config().with(steps, null), folder.data(
                        moved == null ? List.of() : List.of(moved), Optional.empty()), device)) {
            return training.run(folder, "test", new Heard(), () -> stop.getAsBoolean(), disk);
        }
    }

    /** Takes away what was in a run's way, and goes on to the end that it would have come to without. */
    void mendAndFinish(String run) throws IOException {
        device = TestDevices.cpu(1);
        disk = new Disk();
        stop = () -> false;
        stepped = step -> { };
        saved = step -> { };
        assertTrue(resume(run), run);
        assertSame(straight(), dir.resolve(run), STEPS);
    }

    Checkpoints checkpoints(String run) {
        return new Checkpoints(dir.resolve(run).resolve("checkpoints"), new Disk());
    }

    /** The steps of the checkpoints that are whole, newest first. */
    List<Long> wholeSteps(String run) {
        return checkpoints(run).newestFirst().stream()
                .filter(c -> c.damage().isEmpty())
                .map(CheckpointFolder::step)
                .toList();
    }

    /** Two runs came to the same end: models, training states and metrics, but for what the clock says. */
    public static void assertSame(Path expected, Path found, long step) throws IOException {
        for (var name : List.of("model.safetensors", "training.safetensors")) {
            var file = "checkpoints/step-" + step + "/" + name;
            assertEquals(-1, Files.mismatch(expected.resolve(file), found.resolve(file)), file);
        }
        var state = "checkpoints/step-" + step + "/run.json";
        assertEquals(
                untimed(Files.readString(expected.resolve(state))), untimed(Files.readString(found.resolve(state))));
        assertEquals(metrics(expected), metrics(found));
    }

    static List<JsonNode> metrics(Path run) throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            lines.add(untimed(line));
        }
        return lines;
    }

    private static JsonNode untimed(String json) throws IOException {
        var node = (ObjectNode) new ObjectMapper().readTree(json);
        // What a thread takes for itself depends on how many there are.
        node.remove(List.of("seconds", "samples_per_s", "metrics_bytes", "device_memory_mib"));
        if (node.get("test") instanceof ObjectNode test) {
            test.remove("puzzles_per_s");
        }
        return node;
    }

    private final class Heard implements Training.Listener {

        @Override
        public void started(long step, double seconds) {}

        @Override
        public void notice(String sentence) {
            notices.add(sentence);
        }

        @Override
        public void step(StepProgress progress) {
            stepped.accept(progress.step());
        }

        @Override
        public void evaluated(long step, Evaluation evaluation) {}

        @Override
        public void saved(Path model) {
            saved.accept(new CheckpointFolder(model.getParent()).step());
        }
    }
}
