package trm4j.kernels.tornado;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;

/**
 * Where buffers lie: side by side in one array of ints and one of floats. TornadoVM knows a piece of device
 * memory by the Java array that stands for it, wants every task graph to name all that it leaves on the
 * device, and hangs where a task is given one array twice and writes to it; two arrays avoid all that. Numbers of
 * bfloat16 are kept two to a float ({@link Halves}).
 */
final class Memory {

    /** Ints at the beginning that belong to the table of calls. */
    private static final int RESERVED = 32;

    /** Elements' worth of what TornadoVM puts before an array's first. */
    private static final int HEADER = 4;
    static final int HEADER_BYTES = 4 * HEADER;

    /** Buffers begin at multiples of this many elements, headers counted: threads read whole lines of memory. */
    private static final int ALIGNMENT = 32;

    /** The floats before those of the first buffer. */
    static final int FIRST = ALIGNMENT - HEADER;

    private final Map<Buffer, Integer> starts = new IdentityHashMap<>();
    private long ints = RESERVED;
    private long floats = FIRST;

    /** Gives each buffer its place. */
    Memory(Collection<Buffer> buffers) {
        for (var buffer : buffers) {
            long size = whole(buffer.size());
            switch (buffer.type()) {
                case I32 -> {
                    starts.put(buffer, (int) ints);
                    ints += size;
                }
                case F32 -> {
                    starts.put(buffer, (int) floats);
                    floats += size;
                }
                case BF16 -> {
                    starts.put(buffer, (int) (2 * (floats - FIRST)));
                    floats += whole(Math.ceilDiv(buffer.size(), 2));
                }
                default -> throw new DeviceException("Devices of TornadoVM compute with F32, BF16 and I32, found "
                        + buffer.type() + " in buffer " + buffer + "; choose another type.");
            }
        }
    }

    /** Has numbers of bfloat16 share the memory of some floats. */
    void share(Buffer halves, Buffer floats, int offset) {
        starts.put(halves, 2 * (start(floats) + offset - FIRST));
    }

    private static long whole(int elements) {
        return Math.ceilDiv(elements, ALIGNMENT) * (long) ALIGNMENT;
    }

    /** The float in whose bits a number of bfloat16 is that begins a block, in whatever layout. */
    private static int floatOf(int number) {
        return (number >>> 1) + FIRST;
    }

    /** How many bytes after the first of the floats a number of bfloat16 is that lies in order. */
    static long bytesOf(int number) {
        return Float.BYTES * (long) FIRST + ElementType.BF16.bytes() * Integer.toUnsignedLong(number);
    }

    boolean has(Buffer buffer) {
        return starts.containsKey(buffer);
    }

    /**
     * The place of a buffer's first element in its array; among all numbers of bfloat16 that the floats could hold, as
     * {@link Halves} counts them, if it has such.
     */
    int start(Buffer buffer) {
        return starts.get(buffer);
    }

    /** The place of a buffer's first float, or of the first float that holds numbers of bfloat16. */
    int firstFloat(Buffer buffer) {
        return buffer.type() == ElementType.BF16 ? floatOf(start(buffer)) : start(buffer);
    }

    /** Elements of the ints, the table of calls behind them not counted. */
    int ints() {
        return (int) Math.min(ints, Buffer.LARGEST);
    }

    /** Elements of the floats. */
    long floats() {
        return floats;
    }
}
