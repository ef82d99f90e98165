package trm4j.train.data.npy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import trm4j.model.file.InputFile;
import trm4j.train.DatasetException;

/**
 * A {@code .npy} file mapped into memory, so that it may be larger than memory.
 *
 * @param shape one number of elements per dimension, outermost first
 */
public record NpyArray(Path file, NpyType type, List<Long> shape, MemorySegment data) {

    private static final int MAX_HEADER = 1 << 16;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong EIGHT_BYTES = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;

    /** Maps a file for as long as the arena lives. */
    public static NpyArray map(Path file, Arena arena) {
        try (var channel = InputFile.open(file)) {
            return of(file, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (NoSuchFileException e) {
            throw new DatasetException(file + " is missing; copy or make the dataset again.", e);
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be read (" + e + ").", e);
        }
    }

    private static NpyArray of(Path file, MemorySegment bytes) {
        var magic = NpyHeader.MAGIC;
        if (bytes.byteSize() < magic.length + 6
                || !Arrays.equals(bytes.asSlice(0, magic.length).toArray(ValueLayout.JAVA_BYTE), magic)) {
            throw new DatasetException(
                    file + " is not a .npy file: expected it to start with \\x93NUMPY; save it with numpy.save.");
        }
        int version = bytes.get(ValueLayout.JAVA_BYTE, magic.length);
        if (version < 1 || version > 3) {
            throw new DatasetException(file + " has .npy format version " + version
                    + ", expected 1, 2 or 3; save it again with numpy.save.");
        }
        long length = version == 1
                ? Short.toUnsignedLong(bytes.get(SHORT, magic.length + 2))
                : Integer.toUnsignedLong(bytes.get(INT, magic.length + 2));
        long start = magic.length + (version == 1 ? 4 : 6);
        long available = bytes.byteSize() - start;
        if (length > Math.min(available, MAX_HEADER)) {
            throw new DatasetException(file + " is truncated or damaged: its header claims " + length
                    + " bytes and " + available + " are left; copy or make it again.");
        }
        var text = bytes.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
        var header = NpyHeader.parse(file, new String(text, StandardCharsets.ISO_8859_1));
        return new NpyArray(file, header.type(), header.shape(), data(file, header, bytes.asSlice(start + length)));
    }

    private static MemorySegment data(Path file, NpyHeader header, MemorySegment data) {
        long expected;
        try {
            expected = header.dataBytes();
        } catch (ArithmeticException e) {
            throw new DatasetException(file + " has the shape " + header.shape()
                    + " in its header, which no file can hold; copy or make it again.", e);
        }
        if (data.byteSize() != expected) {
            throw new DatasetException(file + (data.byteSize() < expected ? " is truncated" : " has bytes at its end")
                    + ": expected " + expected + " bytes after the header for shape " + header.shape() + " of "
                    + header.type().descr + ", found " + data.byteSize() + "; copy or make it again.");
        }
        return data;
    }

    public long size() {
        return data.byteSize() / type.bytes;
    }

    public long get(long index) {
        return type.get(data, index);
    }

    /** Finds the first element from {@code from} on that is not in [0, limit), or {@link #size()} if there is none. */
    public long outside(long from, int limit) {
        long i = from;
        while (i < size()) {
            // Large files are of bytes: eight are looked at together.
            if (type.bytes == 1 && limit < 128 && i + 8 <= size() && areBelow(limit, data.get(EIGHT_BYTES, i))) {
                i += 8;
            } else if (get(i) < 0 || get(i) >= limit) {
                return i;
            } else {
                i++;
            }
        }
        return i;
    }

    /** Whether each byte is in [0, limit), as its highest bit tells once it is moved up. */
    private static boolean areBelow(int limit, long bytes) {
        return ((bytes | bytes + (128 - limit) * EACH_BYTE) & 128 * EACH_BYTE) == 0;
    }

    /** Copies a stretch of elements, which must fit an int, into {@code to} from position {@code at}. */
    public void copy(long from, int[] to, int at, int count) {
        for (int i = 0; i < count; i++) {
            to[at + i] = (int) type.get(data, from + i);
        }
    }
}
