package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.DeviceException;
import trm4j.kernels.UserException;
import trm4j.train.RunException;
import trm4j.train.data.Folders;
import trm4j.train.run.CrashingDisk.Crash;
import trm4j.train.run.CrashingDisk.Kind;

/** What goes wrong with a run is told in a sentence, loses nothing that was saved, and can be gone on from. */
class FaultsTest {

    private static final String FROM_5 = " Step 5 is saved; trm train --resume RUN goes on from there.";

    /** Long enough for the metrics to fill some blocks of a disk between checkpoints. */
    private static final String LONG = TinyRuns.CONFIG.replace("steps: 12", "steps: 60")
            .replace("eval_interval: 6", "eval_interval: 20")
            .replace("checkpoint_interval: 5", "checkpoint_interval: 0");

    @TempDir
    private Path dir;

    private TinyRuns runs;

    @BeforeEach
    void prepare() throws IOException {
        runs = new TinyRuns(dir);
    }

    @Test
    void aFullDiskAtEveryOperationOfACheckpoint() throws IOException {
        for (int at = 10; at <= 18; at++) {
            var run = "run" + at;
            runs.disk = new CrashingDisk(Kind.FULL, at);
            fails(run, "DIR/run/checkpoints/step-6 cannot be written: No space left on device." + FROM_5);
            assertEquals(5, runs.wholeSteps(run).getLast());
            try (var left = Files.list(dir.resolve(run + "/checkpoints"))) {
                assertTrue(left.allMatch(CheckpointFolder::names), run);
            }
            runs.mendAndFinish(run);
        }
    }

    @Test
    void whatFailsBesideAStepIsNoReasonToLoseIt() throws IOException {
        runs.stepped = step -> {
            if (step == 8) {
                throw new IllegalStateException("the listener failed");
            }
        };
        fails("run", "the listener failed. Step 8 is saved; trm train --resume RUN goes on from there.");
        runs.mendAndFinish("run");
    }

    @Test
    void aDeviceThatIsLost() throws IOException {
        runs.device = FaultyDevice.of(8, (_, _) -> {
            throw new DeviceException("Device gpu was lost.");
        });
        fails("run", "Device gpu was lost. Step 6 is saved; trm train --resume RUN goes on from there.");
        runs.mendAndFinish("run");
    }

    @Test
    void aKernelThatFailsBeforeAnythingIsSaved() throws IOException {
        runs.device = FaultyDevice.of(3, (_, _) -> {
            throw new IllegalStateException("a kernel failed", new ArithmeticException("/ by zero"));
        });
        fails("run", "Step 3 failed on device cpu: java.lang.ArithmeticException: / by zero. Nothing was saved yet; "
                + "trm train --resume RUN begins again.");
        runs.mendAndFinish("run");
    }

    /** What is not finite before step 9, and what the message says; step 10 is where the next checkpoint is due. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "weights | NaN | loss is NaN in step 9, expected finite numbers, found others first in weights of inner.embed",
        "weights | Infinity | in step 9, expected finite numbers, found others first in weights of inner.embed_tokens",
        "puzzles | NaN | The loss is NaN in step 9, expected finite numbers, found others first in puzzles:",
        "z_H | NaN | The loss is NaN in step 9, expected finite numbers, found others first in z_L:",
        "m | NaN | The loss is NaN in step 10, expected finite numbers, found others first in weights of inner.embed",
        "ema | NaN | in step 10, expected finite numbers, found others first in the average of inner.embed_tokens",
        "v | Infinity | in step 10, expected finite numbers, found others first in v of inner.embed_tokens"
    })
    void numbersThatAreNotFinite(String buffer, float value, String message) throws IOException {
        runs.device = FaultyDevice.poisoned(9, buffer, value);
        fails("run", message);
        var refusal = assertThrows(RunException.class, () -> runs.begin("again")).getMessage();
        assertTrue(refusal.endsWith("training has diverged; begin anew with a lower train.lr. Step 6 is saved in "
                + dir.resolve("again") + "."), refusal);
        assertEquals(List.of(6L, 5L), runs.wholeSteps("run"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "training.safetensors", "run.json", "checkpoint.json"})
    void aDamagedCheckpointGivesWayToTheOneBefore(String name) throws IOException {
        for (var damage : List.of("flipped", "cut", "gone")) {
            runs.stepped = step -> crashIf(step == 8);
            assertThrows(Crash.class, () -> runs.begin(damage));
            var file = dir.resolve(damage + "/checkpoints/step-6").resolve(name);
            var bytes = Files.readAllBytes(file);
            switch (damage) {
                case "flipped" -> bytes[bytes.length / 2] ^= 1;
                case "cut" -> bytes = Arrays.copyOf(bytes, bytes.length - 1);
                default -> Files.delete(file);
            }
            if (Files.exists(file)) {
                Files.write(file, bytes);
            }
            runs.notices.clear();
            runs.mendAndFinish(damage);
            assertEquals(1, runs.notices.size());
            assertTrue(runs.notices.getFirst().matches("The checkpoint of step 6 is damaged: .+ It was put aside as "
                    + ".*/damaged-step-6; the run goes on from step 5\\."), runs.notices.getFirst());
            assertTrue(Files.isDirectory(dir.resolve(damage + "/checkpoints/damaged-step-6")));
        }
    }

    @Test
    void whereAllCheckpointsAreDamagedNothingIsTouched() throws IOException {
        runs.begin("run");
        for (var checkpoint : runs.checkpoints("run").newestFirst()) {
            Files.write(checkpoint.model(), new byte[] {0}, StandardOpenOption.APPEND);
        }
        var before = listing(dir.resolve("run"));
        var refusal = assertThrows(RunException.class, () -> runs.resume("run")).getMessage();
        assertTrue(refusal.contains("found none that is whole: step-12 is damaged, model.safetensors has"), refusal);
        assertEquals(before, listing(dir.resolve("run")));
    }

    @Test
    void aDataSetThatIsGoneOrIsAnotherOne() throws IOException {
        runs.stepped = step -> crashIf(step == 8);
        assertThrows(Crash.class, () -> runs.begin("run"));
        var moved = dir.resolve("moved");
        Files.move(runs.data, moved);
        refuses("The data set " + runs.data + " of the run RUN is not there; put it back, or tell with --data");
        TinyRuns.makePuzzles(runs.data);
        var file = runs.data.resolve("test/all__inputs.npy");
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        refuses(file + " is not what the run RUN began with: expected 448 bytes with checksum");
        Files.delete(file);
        refuses(file + " is not what the run RUN began with: expected 448 bytes with checksum");
        runs.stepped = step -> { };
        assertTrue(runs.resume("run", moved, null));
        Folders.delete(runs.data);
        Files.move(moved, runs.data);
        TinyRuns.assertSame(runs.straight(), dir.resolve("run"), TinyRuns.STEPS);
    }

    @Test
    void aDataSetThatIsCutOffWhileItIsRead() throws IOException {
        var file = runs.data.resolve("train/all__inputs.npy");
        var bytes = Files.readAllBytes(file);
        runs.stepped = step -> {
            if (step == 8) {
                cut(file);
            }
        };
        fails("run", "The data set DIR/puzzles was cut off while it was read; put it back as it was. Step 6 is saved; "
                + "trm train --resume RUN goes on from there.");
        Files.write(file, bytes);
        runs.mendAndFinish("run");
    }

    @Test
    void twoRunsInAFolder() throws IOException {
        runs.stepped = step -> {
            if (step == 1) {
                var refusal = assertThrows(RunException.class, () -> runs.resume("run")).getMessage();
                assertTrue(refusal.startsWith("Another run is training in " + dir.resolve("run") + " (process "
                        + ProcessHandle.current().pid() + "); wait for its end or stop it"), refusal);
            }
        };
        assertTrue(runs.begin("run"));
        var refusal = assertThrows(RunException.class, () -> runs.begin("run")).getMessage();
        assertTrue(refusal.endsWith("choose another with --out, or go on with that run: trm train --resume "
                + dir.resolve("run") + "."), refusal);
    }

    /** Needs root on Linux. */
    @Test
    void aDiskThatIsFull() throws Exception {
        try (var disk = SmallDisk.mount(dir.resolve("disk"), "900k")) {
            fails("disk/run", "DIR/disk/run/checkpoints/step-6 cannot be written: No space left on device." + FROM_5);
            disk.resize("4m");
            runs.mendAndFinish("disk/run");
        }
    }

    /** Needs root on Linux. */
    @Test
    void aDiskThatIsFullWhenMetricsAreWritten() throws Exception {
        Files.writeString(dir.resolve("tiny.yaml"), LONG);
        try (var disk = SmallDisk.mount(dir.resolve("disk"), "4m")) {
            runs.stepped = step -> {
                if (step == 21) {
                    disk.fill();
                }
            };
            fails("disk/run", "metrics.jsonl cannot be written: No space left on device. Step 20 is saved; ");
            disk.empty();
            runs.stepped = step -> { };
            assertTrue(runs.resume("disk/run"));
            TinyRuns.assertSame(runs.straight(), dir.resolve("disk/run"), 60);
        }
    }

    /** Needs root on Linux. */
    @Test
    void aDiskThatHasSpaceAgainForTheStepWhoseMetricsCouldNotBeWritten() throws Exception {
        Files.writeString(dir.resolve("tiny.yaml"), LONG);
        try (var disk = SmallDisk.mount(dir.resolve("disk"), "4m")) {
            runs.stepped = step -> {
                if (step == 21) {
                    disk.fill();
                }
            };
            runs.disk = new Disk() {
                @Override
                void makeFolder(Path folder) throws IOException {
                    disk.empty();
                    super.makeFolder(folder);
                }
            };
            var message = assertThrows(RunException.class, () -> runs.begin("disk/run")).getMessage();
            assertTrue(message.matches(".*metrics.jsonl cannot be written: No space left on device. Step "
                    + "[23]\\d is saved; .*"), message);
            runs.stepped = step -> { };
            assertTrue(runs.resume("disk/run"));
            TinyRuns.assertSame(runs.straight(), dir.resolve("disk/run"), 60);
        }
    }

    /** Needs root on Linux. */
    @Test
    void aFolderThatCannotBeWritten() throws Exception {
        try (var disk = SmallDisk.mount(dir.resolve("disk"), "4m")) {
            runs.stepped = step -> crashIf(step == 8);
            assertThrows(Crash.class, () -> runs.begin("disk/run"));
            disk.readOnly();
            var before = listing(dir.resolve("disk"));
            refusesIn("disk/run", "Folder RUN cannot be written: RUN/lock: Read-only file system; choose another, "
                    + "or make it writable.");
            var refusal = assertThrows(RunException.class, () -> runs.begin("disk/other")).getMessage();
            assertTrue(refusal.contains("is not a folder that can be written to; choose another with --out"), refusal);
            assertEquals(before, listing(dir.resolve("disk")));
            disk.writable();
            runs.mendAndFinish("disk/run");
        }
    }

    private void fails(String run, String message) {
        var failure = assertThrows(RunException.class, () -> runs.begin(run)).getMessage();
        var folder = dir.resolve(run).toString();
        var expected = message.replace("DIR/run", folder).replace("DIR", dir.toString()).replace("RUN", folder);
        assertTrue(failure.contains(expected), failure);
    }

    private void refuses(String message) {
        refusesIn("run", message);
    }

    private void refusesIn(String run, String message) {
        var refusal = assertThrows(UserException.class, () -> runs.resume(run)).getMessage();
        assertTrue(refusal.contains(message.replace("RUN", dir.resolve(run).toString())), refusal);
    }

    private static List<String> listing(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(f -> !f.endsWith(RunLock.FILE)).map(Path::toString).sorted().toList();
        }
    }

    private static void cut(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void crashIf(boolean here) {
        if (here) {
            throw new Crash();
        }
    }
}
