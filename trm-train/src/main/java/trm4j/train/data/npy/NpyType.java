package trm4j.train.data.npy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The elements of the {@code .npy} files that are read and written: whole numbers, little endian. */
public enum NpyType {
    U1("|u1", 1), I1("|i1", 1), U2("<u2", 2), I2("<i2", 2), I4("<i4", 4), I8("<i8", 8);

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    final String descr;
    final int bytes;

    NpyType(String descr, int bytes) {
        this.descr = descr;
        this.bytes = bytes;
    }

    static Optional<NpyType> of(String descr) {
        return Arrays.stream(values()).filter(type -> type.descr.equals(descr)).findAny();
    }

    static String all() {
        return Arrays.stream(values()).map(type -> type.descr).collect(Collectors.joining(", "));
    }

    long get(MemorySegment data, long index) {
        return switch (this) {
            case U1 -> Byte.toUnsignedLong(data.get(BYTE, index));
            case I1 -> data.get(BYTE, index);
            case U2 -> Short.toUnsignedLong(data.get(SHORT, 2 * index));
            case I2 -> data.get(SHORT, 2 * index);
            case I4 -> data.get(INT, 4 * index);
            case I8 -> data.get(LONG, 8 * index);
        };
    }

    /** Appends the low bytes of {@code value} to a little endian buffer. */
    void put(ByteBuffer to, long value) {
        switch (this) {
            case U1, I1 -> to.put((byte) value);
            case U2, I2 -> to.putShort((short) value);
            case I4 -> to.putInt((int) value);
            case I8 -> to.putLong(value);
        }
    }
}
