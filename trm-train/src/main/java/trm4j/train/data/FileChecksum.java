package trm4j.train.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import trm4j.model.file.InputFile;

/**
 * The size and checksum of a file, which tell whether it is as it was.
 *
 * @param bytes how many it has
 * @param crc32c of all of them, in hexadecimal digits
 */
public record FileChecksum(long bytes, String crc32c) {

    private static final int CHUNK = 1 << 20;

    /** Reads a file and adds it up. */
    public static FileChecksum of(Path file) throws IOException {
        var crc = new CRC32C();
        long bytes = 0;
        try (var channel = InputFile.open(file)) {
            var chunk = ByteBuffer.allocateDirect(Math.clamp(channel.size(), 1, CHUNK));
            while (channel.read(chunk) >= 0) {
                bytes += chunk.flip().remaining();
                crc.update(chunk);
                chunk.clear();
            }
        }
        return new FileChecksum(bytes, "%08x".formatted(crc.getValue()));
    }

    @Override
    public String toString() {
        return bytes + " bytes with checksum " + crc32c;
    }
}
