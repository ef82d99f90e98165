package trm4j.model.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** Opens files that may come from elsewhere: no pipes or devices, which may never end. */
public final class InputFile {

    private InputFile() {}

    /**
     * Refuses what is not a file with an end.
     *
     * @return its bytes
     * @throws java.nio.file.NoSuchFileException if there is nothing
     * @throws IOException if it is a folder, a pipe or a device
     */
    public static long size(Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException("expected a regular file, found "
                    + (attributes.isDirectory() ? "a folder" : "a pipe or a device"));
        }
        return attributes.size();
    }

    /** Opens a file to read. */
    public static FileChannel open(Path file) throws IOException {
        size(file);
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    /**
     * Opens a file to go on with, or makes it.
     *
     * @throws IOException if it is something else, or a link, which may lead to a file of others
     */
    public static FileChannel openToGoOn(Path file) throws IOException {
        if (Files.exists(file)) {
            size(file);
        }
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Reads the first bytes of a file, fewer if it has no more, in little-endian order. */
    public static ByteBuffer begin(Path file, int bytes) throws IOException {
        var begin = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try (var channel = open(file)) {
            while (begin.hasRemaining() && channel.read(begin) >= 0) {
                // Reads on.
            }
        }
        return begin.flip();
    }

    /**
     * Reads a whole file.
     *
     * @throws IOException if it cannot be read, or is larger than that
     */
    public static byte[] bytes(Path file, int most) throws IOException {
        long size = size(file);
        if (size > most) {
            throw new IOException("expected at most " + most + " bytes, found " + size);
        }
        return Files.readAllBytes(file);
    }

    /**
     * Reads a whole file of text.
     *
     * @throws java.nio.charset.CharacterCodingException if it is not in UTF-8
     * @throws IOException if it cannot be read, or has more bytes than that
     */
    public static String text(Path file, int most) throws IOException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(file, most))).toString();
    }
}
