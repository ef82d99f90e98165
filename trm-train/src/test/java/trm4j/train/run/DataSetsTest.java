package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import trm4j.kernels.UserException;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.Example;
import trm4j.train.data.TokenDataset;
import trm4j.train.metrics.StepProgress;

/** Runs that train on several data sets, test on another, and count in epochs. */
class DataSetsTest {

    @TempDir
    private Path dir;

    private RunConfig config;

    @BeforeEach
    void makeSets() throws IOException {
        write("a", 3, 24, 0);
        write("b", 3, 10, 0);
        write("c", 3, 0, 5);
        write("long", 4, 8, 0);
        Files.writeString(dir.resolve("tiny.yaml"), TinyRuns.CONFIG);
        config = RunConfig.read(dir.resolve("tiny.yaml"));
    }

    private void write(String name, int length, int train, int test) {
        var example = new Example(new int[length], new int[length], 0);
        TokenDataset.write(
                dir.resolve(name), name, 4, Collections.nCopies(train, example),
                Collections.nCopies(test, example), false);
    }

    private TrainingData data(List<String> train, String test) {
        return new TrainingData(train.stream().map(dir::resolve).toList(), Optional.ofNullable(test).map(dir::resolve));
    }

    private List<JsonNode> train(RunConfig config, String run, TrainingData data) throws IOException {
        try (var folder = RunFolder.create(dir.resolve(run));
                var training = new Training(config, data, TestDevices.cpu(1))) {
            assertTrue(training.run(folder, "test", new Silent(), () -> false));
        }
        return TinyRuns.metrics(dir.resolve(run));
    }

    @Test
    void epochsAndEvaluationsAreCountedAsTheAuthorsDo() throws IOException {
        // 7 epochs of 24 + 10 puzzles in batches of 8: int(7 * 34 / 8) = 29; 2 epochs are 8.5 steps.
        var counted = config.with(List.of("run.steps=0", "run.epochs=7", "run.eval_interval=0", "run.eval_epochs=2"));
        var data = data(List.of("a", "b"), "c");
        try (var training = new Training(counted, data, TestDevices.cpu(1))) {
            assertEquals(29, training.totalSteps());
            assertTrue(training.plan().contains("Epochs: 7 of 34 groups, 29 steps in all")
                    && training.plan().contains("Epochs between evaluations: 2, in steps: 9"), training.plan());
        }
        assertEquals(List.of(9L, 18L, 27L, 29L), evaluated(train(counted, "all", data)));
        assertEquals(
                List.of(27L, 29L),
                evaluated(train(counted.with(List.of("run.min_eval_interval=2")), "late", data)));
        assertEquals(
                List.of(29L), evaluated(train(counted.with(List.of("run.min_eval_interval=9")), "end", data)));
    }

    private static List<Long> evaluated(List<JsonNode> lines) {
        return lines.stream().filter(line -> line.has("test")).map(line -> line.get("step").asLong()).toList();
    }

    @Test
    void aRunOnSeveralGoesOnAsIfNothingHadBeen() throws IOException {
        var data = data(List.of("a", "b"), "c");
        var straight = train(config, "straight", data);
        var stopping = new Silent();
        try (var folder = RunFolder.create(dir.resolve("stopped"));
                var training = new Training(config, data, TestDevices.cpu(1))) {
            assertTrue(!training.run(folder, "test", stopping, () -> stopping.steps == 7));
        }
        try (var folder = RunFolder.resume(dir.resolve("stopped"));
                var training = new Training(
                        folder.config(), folder.data(List.of(), Optional.empty()), TestDevices.cpu(1))) {
            assertTrue(training.run(folder, "test", new Silent(), () -> false));
        }
        assertEquals(straight, TinyRuns.metrics(dir.resolve("stopped")));
        TinyRuns.assertSame(dir.resolve("straight"), dir.resolve("stopped"), TinyRuns.STEPS);
        assertEquals(Optional.of(dir.resolve("c")), RunRecord.of(dir.resolve("stopped")).data());
    }

    @Test
    void movedSetsAreNamedInTheirOrder() throws IOException {
        train(config, "run", data(List.of("a", "b"), "c"));
        for (var name : List.of("a", "b", "c")) {
            Files.move(dir.resolve(name), dir.resolve("moved-" + name));
        }
        var a = dir.resolve("moved-a");
        var b = dir.resolve("moved-b");
        var c = Optional.of(dir.resolve("moved-c"));
        try (var folder = RunFolder.resume(dir.resolve("run"))) {
            assertEquals(new TrainingData(List.of(a, b), c), folder.data(List.of(a, b), c));
            assertRefused("trains on 2 data sets, expected --data for each", () -> folder.data(List.of(a), c));
            assertRefused("is not what the run", () -> folder.data(List.of(b, a), c));
            assertRefused("tell with --test-data where it is now",
                    () -> folder.data(List.of(a, b), Optional.empty()));
        }
    }

    @Test
    void setsThatDoNotGoTogetherAreRefused() throws IOException {
        assertRefused("long: expected seq_len 3, as ", () -> new Training(
                config, data(List.of("a", "long"), null), TestDevices.cpu(1)));
        // The first says no names; the others are held against each other.
        write("d", 3, 10, 0);
        Files.delete(dir.resolve("a/identifiers.json"));
        Files.writeString(dir.resolve("d/identifiers.json"), "[\"another\"]");
        assertRefused("d: expected the puzzle identifiers of " + dir.resolve("b"), () -> new Training(
                config, data(List.of("a", "b", "d"), null), TestDevices.cpu(1)));
        assertRefused("has no folder test", () -> new Training(config, data(List.of("a"), "b"), TestDevices.cpu(1)));
    }

    private static void assertRefused(String message, Executable action) {
        var refusal = assertThrows(UserException.class, action).getMessage();
        assertTrue(refusal.contains(message), refusal);
    }

    private static final class Silent implements Training.Listener {

        private long steps;

        @Override
        public void step(StepProgress progress) {
            steps = progress.step();
        }
    }
}
