package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceInfo;
import trm4j.kernels.device.Plan;
import trm4j.kernels.device.Precision;
import trm4j.kernels.device.Schedule;
import trm4j.model.config.ConfigException;
import trm4j.train.RunException;
import trm4j.train.run.CrashingDisk.Crash;
import trm4j.train.run.CrashingDisk.Kind;

/** A run that was interrupted comes to the same end as one that was not, to the bit. */
class ResumeTest {

    @TempDir
    private Path dir;

    private TinyRuns runs;

    @BeforeEach
    void prepare() throws IOException {
        runs = new TinyRuns(dir);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8, 12})
    void afterAnEndInAnyStep(int step) throws IOException {
        runs.stepped = now -> crashIf(now == step);
        assertThrows(Crash.class, () -> runs.begin("run"));
        Files.writeString(dir.resolve("run/metrics.jsonl"), "{\"step\": 9, \"lo", StandardOpenOption.APPEND);
        runs.mendAndFinish("run");
    }

    /** Whatever was done, or half done, when a process ended while it wrote a checkpoint or deleted one. */
    @Test
    void afterAnEndAtEveryOperationOnTheDisk() throws IOException {
        var counting = new CrashingDisk(Kind.CRASH, -1);
        runs.disk = counting;
        runs.begin("counted");
        // Four checkpoints of nine operations each, and two that are deleted with two.
        assertEquals(40, counting.operations());
        // The first checkpoint, and from the one at whose end another is deleted.
        for (int at : IntStream.concat(IntStream.rangeClosed(1, 9), IntStream.rangeClosed(19, 29)).toArray()) {
            var run = "run" + at;
            runs.disk = new CrashingDisk(Kind.CRASH, at);
            assertThrows(Crash.class, () -> runs.begin(run));
            boolean saved = !runs.wholeSteps(run).isEmpty();
            runs.notices.clear();
            runs.mendAndFinish(run);
            assertEquals(
                    saved ? List.of() : List.of("Nothing was saved yet in " + dir.resolve(run)
                            + "; the run begins anew."),
                    runs.notices, run);
            assertEquals(List.of(12L, 10L), runs.wholeSteps(run));
            try (var left = Files.list(dir.resolve(run + "/checkpoints"))) {
                assertTrue(left.allMatch(CheckpointFolder::names), run);
            }
        }
    }

    @Test
    void afterBeingStoppedInEveryStep() throws IOException {
        var stepped = new boolean[1];
        runs.stop = () -> stepped[0];
        runs.stepped = _ -> stepped[0] = true;
        assertFalse(runs.begin("run"));
        for (long step = 2; step < TinyRuns.STEPS; step++) {
            assertEquals(step - 1, runs.wholeSteps("run").getFirst());
            stepped[0] = false;
            assertFalse(runs.resume("run"));
        }
        runs.mendAndFinish("run");
    }

    /** The checkpoints say what products were computed in, and a run that goes on otherwise tells it. */
    @Test
    void inAnotherPrecision() {
        var stepped = new boolean[1];
        runs.stop = () -> stepped[0];
        runs.stepped = _ -> stepped[0] = true;
        runs.device = new InPrecision(TestDevices.cpu(2), Precision.TF32);
        assertFalse(runs.begin("run"));
        assertEquals("cpu in tf32", RunRecord.of(dir.resolve("run")).device().orElseThrow());
        stepped[0] = false;
        assertFalse(runs.resume("run"));
        assertEquals(List.of(), runs.notices);
        stepped[0] = false;
        runs.device = TestDevices.cpu(2);
        assertFalse(runs.resume("run"));
        assertEquals(
                List.of("Up to step 2, device cpu in tf32 computed; on cpu, what follows may be rounded otherwise."),
                runs.notices);
    }

    /** A device that says of itself that it computes in a precision. */
    private record InPrecision(Device device, Precision precision) implements Device {

        @Override
        public String name() {
            return device.name();
        }

        @Override
        public DeviceInfo info() {
            return device.info();
        }

        @Override
        public Plan plan(List<Schedule> schedules) {
            return device.plan(schedules);
        }
    }

    @Test
    void afterBeingStoppedInAnEvaluation() throws IOException {
        var evaluating = new boolean[1];
        runs.saved = step -> evaluating[0] = step == 6;
        runs.stop = () -> evaluating[0];
        assertFalse(runs.begin("run"));
        assertEquals(6, TinyRuns.metrics(dir.resolve("run")).size());
        runs.mendAndFinish("run");
    }

    @Test
    void anEvaluationThatWasDoneIsNotDoneAgain() throws IOException {
        runs.stepped = now -> crashIf(now == 7);
        assertThrows(Crash.class, () -> runs.begin("run"));
        var metrics = dir.resolve("run/metrics.jsonl");
        var evaluation = Files.readAllLines(metrics).get(6);
        assertTrue(evaluation.contains("\"test\""), evaluation);
        runs.mendAndFinish("run");
        // Its speed would not be the same.
        assertEquals(evaluation, Files.readAllLines(metrics).get(6));
    }

    @Test
    void moreStepsMayBeAskedFor() throws IOException {
        Files.writeString(dir.resolve("tiny.yaml"), TinyRuns.CONFIG.replace("steps: 12", "steps: 7"));
        assertTrue(runs.begin("run"));
        assertTrue(assertThrows(RunException.class, () -> runs.resume("run")).getMessage()
                .endsWith("has taken all of its 7 steps; train on with --steps and a larger number."));
        assertTrue(assertThrows(ConfigException.class, () -> runs.resume("run", null, 6L)).getMessage()
                .contains("run.steps: expected at least the 7 steps that were taken, found 6 (in "));
        assertTrue(runs.resume("run", null, 12L));
        Files.writeString(dir.resolve("tiny.yaml"), TinyRuns.CONFIG);
        for (var name : List.of("model", "training")) {
            var file = "checkpoints/step-12/" + name + ".safetensors";
            assertEquals(-1, Files.mismatch(runs.straight().resolve(file), dir.resolve("run").resolve(file)), file);
        }
        assertEquals(12, RunConfig.read(dir.resolve("run/config.yaml")).run().steps());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "hidden_size: 8 | hidden_size: 10 | arch.hidden_size: expected 8, with which step 5 was trained, found 10",
        "dtype: \"float32\" | dtype: \"bfloat16\" | arch.forward_dtype: expected \"float32\", with which step 5 was",
        "lr: 0.01 | lr: 0.02 | train.lr: expected 0.01, with which step 5 was trained, found 0.02",
        "seed: 1 | seed: 2 | run.seed: expected 1, with which step 5 was trained, found 2"
    })
    void whatWasTrainedWithMayNotChange(String before, String after, String message) throws IOException {
        runs.stepped = now -> crashIf(now == 7);
        assertThrows(Crash.class, () -> runs.begin("run"));
        Files.move(dir.resolve("run/checkpoints/step-6"), dir.resolve("six"));
        var file = dir.resolve("run/config.yaml");
        var config = Files.readString(file);
        assertTrue(config.contains(before), config);
        Files.writeString(file, config.replace(before, after));
        var refusal = assertThrows(ConfigException.class, () -> runs.resume("run")).getMessage();
        assertTrue(refusal.startsWith(message) && refusal.contains("(in " + file + ", or as an option)"), refusal);
        Files.writeString(file, config.replace("micro_batch: 0", "micro_batch: 4"));
        runs.stepped = _ -> { };
        assertTrue(runs.resume("run"));
    }

    @Test
    void theBestAndTheNewestCheckpointsStay() throws IOException {
        Files.writeString(dir.resolve("tiny.yaml"), TinyRuns.CONFIG.replace("eval_interval: 6", "eval_interval: 2"));
        runs.begin("run");
        var evaluations = TinyRuns.metrics(dir.resolve("run")).stream().filter(l -> l.has("test")).toList();
        long best = 0;
        double most = -1;
        for (var evaluation : evaluations) {
            double exact = evaluation.at("/test/exact_accuracy").asDouble();
            best = exact >= most ? evaluation.get("step").asLong() : best;
            most = Math.max(most, exact);
        }
        assertEquals(6, evaluations.size());
        assertEquals(List.of("0/20", "7/20", "14/20", "20/20"), runs.evaluating.subList(0, 4));
        assertTrue(runs.wholeSteps("run").contains(best), "best " + best);
        assertEquals(best < 10 ? List.of(12L, 10L, best) : List.of(12L, 10L), runs.wholeSteps("run"));
    }

    private static void crashIf(boolean here) {
        if (here) {
            throw new Crash();
        }
    }
}
