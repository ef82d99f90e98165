package trm4j.model.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
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
        var aside = file.resolveSibling(aside(file.getFileName().toString()));
        try {
            if (Files.exists(aside)) {
                InputFile.size(aside);
            }
            try (var channel = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                content.write(channel);
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            delete(aside, e);
            // Without the name of the file aside, which means nothing to anyone.
            throw new IOException(e.getReason() == null ? e.getClass().getSimpleName() : e.getReason(), e);
        } catch (IOException | RuntimeException e) {
            delete(aside, e);
            throw e;
        }
        syncFolder(file.toAbsolutePath().getParent());
    }

    /** Returns the name, in the same folder, under which a file of some name is written aside. */
    public static String aside(String name) {
        return "." + name + ".writing";
    }

    /** Replaces a file's content by some bytes, as {@link #write(Path, Content)} does. */
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, channel -> {
            var left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        });
    }

    /** Replaces a file's content by a text in UTF-8, as {@link #write(Path, Content)} does. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void delete(Path aside, Exception e) {
        try {
            Files.deleteIfExists(aside);
        } catch (IOException later) {
            e.addSuppressed(later);
        }
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
