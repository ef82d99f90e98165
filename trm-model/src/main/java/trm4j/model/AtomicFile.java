package trm4j.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file so that it is either whole or as it was before: aside, synced, renamed. */
public final class AtomicFile {

    private AtomicFile() {}

    /** Fills a file. */
    @FunctionalInterface
    public interface Content {
        void write(FileChannel channel) throws IOException;
    }

    /**
     * Replaces a file's content.
     *
     * @throws IOException if it cannot be written; the file is then as before, and nothing is left beside it
     */
    public static void write(Path file, Content content) throws IOException {
        var aside = file.resolveSibling("." + file.getFileName() + ".writing");
        try {
            try (var channel = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                content.write(channel);
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
        syncFolder(file.toAbsolutePath().getParent());
    }

    /** Makes renames in a folder survive a power cut, where the system can (POSIX). */
    public static void syncFolder(Path folder) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return;
        }
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
