package trm4j.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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
     * A whole file.
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
}
