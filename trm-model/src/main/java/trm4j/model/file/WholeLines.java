package trm4j.model.file;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** Reads the lines of a file that have an end; what follows may be being written, or have been cut off. */
public final class WholeLines {

    /** Bytes, far more than we write. */
    private static final int LONGEST = 1 << 24;
    private static final int CHUNK = 1 << 16;

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long end;

    /**
     * Begins to read an open file.
     *
     * @param start the byte with which the first one begins
     */
    public WholeLines(FileChannel channel, long start) throws IOException {
        in = new BufferedInputStream(Channels.newInputStream(channel.position(start)), CHUNK);
        end = start;
    }

    /**
     * Reads the next line, with what ends it; nothing after the last.
     *
     * @throws IOException if the file cannot be read, or the line has more than 16 MiB
     */
    public Optional<byte[]> next() throws IOException {
        line.reset();
        for (int b = in.read(); b >= 0; b = in.read()) {
            line.write(b);
            if (b == '\n') {
                end += line.size();
                return Optional.of(line.toByteArray());
            }
            if (line.size() == LONGEST) {
                throw new IOException("expected lines of less than " + LONGEST + " bytes, found a longer one");
            }
        }
        return Optional.empty();
    }

    /** Returns the bytes up to the end of the line that was read last. */
    public long end() {
        return end;
    }
}
