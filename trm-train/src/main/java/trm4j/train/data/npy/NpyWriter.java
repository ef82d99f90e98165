package trm4j.train.data.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes a {@code .npy} file row by row; how many rows is settled by {@link #finish()}. */
public final class NpyWriter implements AutoCloseable {

    private static final int SCALAR = 0;

    private final NpyType type;
    private final int columns;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long elements;

    private NpyWriter(Path file, NpyType type, int columns) throws IOException {
        this.type = type;
        this.columns = columns;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        buffer.put(header());
    }

    /** Begins a file of one dimension. */
    public static NpyWriter vector(Path file, NpyType type) throws IOException {
        return new NpyWriter(file, type, SCALAR);
    }

    /** Begins a file of rows with {@code columns} elements each. */
    public static NpyWriter matrix(Path file, NpyType type, int columns) throws IOException {
        return new NpyWriter(file, type, columns);
    }

    public void put(long value) throws IOException {
        if (buffer.remaining() < type.bytes) {
            flush();
        }
        type.put(buffer, value);
        elements++;
    }

    public void put(int[] values) throws IOException {
        for (int value : values) {
            put(value);
        }
    }

    /** Puts the true shape in place and forces the file to disk. */
    public void finish() throws IOException {
        flush();
        var header = header();
        while (header.hasRemaining()) {
            channel.write(header, header.position());
        }
        channel.force(true);
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private ByteBuffer header() {
        var shape = columns == SCALAR ? List.of(elements) : List.of(elements / columns, (long) columns);
        return new NpyHeader(type, shape).encode();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
