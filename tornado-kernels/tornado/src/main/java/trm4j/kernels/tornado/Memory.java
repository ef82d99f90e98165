package trm4j.kernels.tornado;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;

/**
 * Where buffers lie: side by side in one array of ints and one of floats. TornadoVM knows a piece of device
 * memory by the Java array that stands for it, wants every task graph to name all that it leaves on the
 * device, and hangs where a task is given one array twice and writes to it; two arrays avoid all that.
 */
final class Memory {

    /** Ints at the beginning that belong to the table of calls. */
    private static final int RESERVED = 32;

    /** Elements' worth of what TornadoVM puts before an array's first. */
    private static final int HEADER = 4;
    static final int HEADER_BYTES = 4 * HEADER;

    /** Buffers begin at multiples of this many elements, headers counted: threads read whole lines of memory. */
    private static final int ALIGNMENT = 32;

    private final Map<Buffer, Integer> starts = new IdentityHashMap<>();
    private long ints = RESERVED;
    private long floats = ALIGNMENT - HEADER;

    /** Gives each buffer its place. */
    Memory(Collection<Buffer> buffers) {
        for (var buffer : buffers) {
            long size = Math.ceilDiv(buffer.size(), ALIGNMENT) * (long) ALIGNMENT;
            switch (buffer.type()) {
                case I32 -> {
                    starts.put(buffer, (int) ints);
                    ints += size;
                }
                case F32 -> {
                    starts.put(buffer, (int) floats);
                    floats += size;
                }
                default -> throw new DeviceException("Devices of TornadoVM compute with F32 and I32, found "
                        + buffer.type() + " in buffer " + buffer + "; choose another type.");
            }
        }
    }

    boolean has(Buffer buffer) {
        return starts.containsKey(buffer);
    }

    /** The place of a buffer's first element in its array. */
    int start(Buffer buffer) {
        return starts.get(buffer);
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
