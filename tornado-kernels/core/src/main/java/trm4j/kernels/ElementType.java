package trm4j.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * How numbers are stored, little-endian where it matters, by the names that safetensors has for them. Devices compute
 * with F32 and I32; files may have any.
 */
public enum ElementType {
    F64(8) {
        @Override
        public float at(MemorySegment bytes, long at) {
            return (float) Double.longBitsToDouble(bytes.get(LONG, at));
        }
    },
    F32(4) {
        @Override
        public float at(MemorySegment bytes, long at) {
            return bytes.get(FLOAT, at);
        }

        @Override
        public void copy(MemorySegment bytes, long from, float[] to, int at, int count) {
            MemorySegment.copy(bytes, FLOAT, from, to, at, count);
        }
    },
    F16(2) {
        @Override
        public float at(MemorySegment bytes, long at) {
            return Float.float16ToFloat(bytes.get(SHORT, at));
        }
    },
    BF16(2) {
        @Override
        public float at(MemorySegment bytes, long at) {
            return Float.intBitsToFloat(bytes.get(SHORT, at) << 16);
        }
    },
    I64(8) {
        @Override
        public float at(MemorySegment bytes, long at) {
            return bytes.get(LONG, at);
        }
    },
    I32(4) {
        @Override
        public float at(MemorySegment bytes, long at) {
            return bytes.get(INT, at);
        }
    },
    I16(2) {
        @Override
        public float at(MemorySegment bytes, long at) {
            return bytes.get(SHORT, at);
        }
    },
    I8(1) {
        @Override
        public float at(MemorySegment bytes, long at) {
            return bytes.get(ValueLayout.JAVA_BYTE, at);
        }
    },
    U8(1) {
        @Override
        public float at(MemorySegment bytes, long at) {
            return bytes.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
        }
    },
    BOOL(1) {
        @Override
        public float at(MemorySegment bytes, long at) {
            return bytes.get(ValueLayout.JAVA_BYTE, at) == 0 ? 0 : 1;
        }
    };

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Returns the type of a name; nothing if there is none. */
    public static Optional<ElementType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** Returns the element that begins at a byte, as a float. */
    public abstract float at(MemorySegment bytes, long at);

    /**
     * Reads elements that follow one another, as floats.
     *
     * @param from the byte at which they begin
     * @param at where they go
     */
    public void copy(MemorySegment bytes, long from, float[] to, int at, int count) {
        for (int i = 0; i < count; i++) {
            to[at + i] = at(bytes, from + (long) i * this.bytes);
        }
    }
}
