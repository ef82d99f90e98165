package trm4j.model.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import trm4j.model.Trm;
import trm4j.model.torch.StateDict;

/** Opening a pipe that nobody writes to would wait for ever. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InputFileTest {

    @TempDir
    private Path folder;

    private static String refusal(Path file) {
        return assertThrows(IOException.class, () -> InputFile.bytes(file, 10)).getMessage();
    }

    @Test
    void readsFilesUpToASize() throws IOException {
        var file = folder.resolve("a");
        assertThrows(NoSuchFileException.class, () -> InputFile.open(file));
        assertArrayEquals(new byte[10], InputFile.bytes(Files.write(file, new byte[10]), 10));
        assertEquals("expected at most 10 bytes, found 11", refusal(Files.write(file, new byte[11])));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void readsNothingWithoutAnEnd() throws Exception {
        assertEquals("expected a regular file, found a folder", refusal(folder));
        assertEquals("expected a regular file, found a pipe or a device", refusal(Path.of("/dev/zero")));
        var pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (var reader : List.<Consumer<Path>>of(Safetensors::read, StateDict::open)) {
            var refusal = assertThrows(CheckpointException.class, () -> reader.accept(pipe)).getMessage();
            assertTrue(refusal.contains("found a pipe or a device"), refusal);
        }
    }

    @Test
    void aFolderIsNoModel() {
        var refusal = assertThrows(CheckpointException.class, () -> Trm.load(folder)).getMessage();
        assertTrue(refusal.startsWith(folder + " is a folder, expected a .safetensors file"), refusal);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linksThatLeadNowhereAreRefused() throws IOException {
        var link = folder.resolve("link");
        Files.createSymbolicLink(link, link);
        assertThrows(IOException.class, () -> InputFile.bytes(link, 10));
    }
}
