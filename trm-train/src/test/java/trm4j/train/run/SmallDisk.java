package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A disk of some size in memory (tmpfs). */
final class SmallDisk implements AutoCloseable {

    private final Path at;

    private SmallDisk(Path at) {
        this.at = at;
    }

    /** Skips the test where none can be had. */
    static SmallDisk mount(Path at, String size) throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "tmpfs needs Linux");
        Files.createDirectories(at);
        assumeTrue(
                status("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", at.toString()) == 0,
                "mounting a tmpfs needs root");
        return new SmallDisk(at);
    }

    void resize(String size) throws IOException {
        remount("size=" + size);
    }

    void readOnly() throws IOException {
        remount("ro");
    }

    void writable() throws IOException {
        remount("rw");
    }

    private void remount(String option) throws IOException {
        assertEquals(0, status("mount", "-o", "remount," + option, at.toString()));
    }

    /** Leaves no space on it. */
    void fill() {
        try (var file = FileChannel.open(at.resolve("filler"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                file.write(ByteBuffer.allocate(4096));
            }
        } catch (IOException e) {
            // Full.
        }
    }

    /** Takes away what fills it. */
    void empty() throws IOException {
        Files.deleteIfExists(at.resolve("filler"));
    }

    private static int status(String... command) throws IOException {
        return new ProcessBuilder(List.of(command)).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
    }

    @Override
    public void close() throws IOException {
        assertEquals(0, status("umount", at.toString()));
    }
}
