package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
