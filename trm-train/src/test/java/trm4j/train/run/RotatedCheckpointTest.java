package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.model.Checkpoint;
import trm4j.model.file.CheckpointException;
import trm4j.train.RunException;
import trm4j.train.data.Folders;

/** Checkpoints that a run deletes while others read them. */
class RotatedCheckpointTest {

    @TempDir
    private Path dir;

    @Test
    void whoFindsACheckpointThatIsDeletedThenTakesTheNext() throws IOException {
        new TinyRuns(dir).begin("run");
        var run = dir.resolve("run");
        var tried = new ArrayList<Path>();
        var model = Training.checkpoint(run, file -> {
            tried.add(file);
            if (tried.size() == 1) {
                delete(file.getParent());
            }
            return Checkpoint.load(file);
        });
        assertEquals(2, tried.size());
        assertTrue(model.step() < TinyRuns.STEPS, "step " + model.step());
        assertEquals(run.resolve("checkpoints/step-" + model.step() + "/model.safetensors"), tried.getLast());
    }

    @Test
    void whatIsWrongWithACheckpointThatIsThereIsTold() throws IOException {
        new TinyRuns(dir).begin("run");
        var refusal = assertThrows(CheckpointException.class, () -> Training.checkpoint(dir.resolve("run"), _ -> {
            throw new CheckpointException("It is damaged.");
        }));
        assertEquals("It is damaged.", refusal.getMessage());
    }

    @Test
    void whereAllAreDeletedThatIsTold() throws IOException {
        new TinyRuns(dir).begin("run");
        var refusal = assertThrows(RunException.class, () -> Training.checkpoint(dir.resolve("run"), file -> {
            delete(file.getParent());
            return Checkpoint.load(file);
        }));
        assertTrue(refusal.getMessage().startsWith("No checkpoint at " + dir.resolve("run")), refusal.getMessage());
    }

    /** Between two looks at the folder, the only one that there was is gone, and a newer one has come. */
    @Test
    void whatReplacesTheOnlyOneIsFound() throws Exception {
        var run = dir.resolve("run");
        checkpoint(run, 1);
        var done = new AtomicBoolean();
        try (var rotation = Executors.newSingleThreadExecutor()) {
            var rotated = rotation.submit(() -> {
                for (int step = 1; !done.get(); step++) {
                    checkpoint(run, step + 1);
                    delete(run.resolve("checkpoints/step-" + step));
                }
                return null;
            });
            try {
                for (int look = 0; look < 2_000; look++) {
                    assertTrue(Training.checkpoint(run).endsWith("model.safetensors"));
                }
            } finally {
                done.set(true);
            }
            rotated.get();
        }
    }

    private static void checkpoint(Path run, int step) throws IOException {
        var aside = Files.createDirectories(run.resolve("checkpoints/.aside"));
        Files.createFile(aside.resolve("model.safetensors"));
        Files.move(aside, run.resolve("checkpoints/step-" + step));
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
