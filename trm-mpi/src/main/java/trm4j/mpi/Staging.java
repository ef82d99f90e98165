package trm4j.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory that data passes through, as much as was needed at most. Asked anew, what it held is void. */
final class Staging {

    private static final int ALIGNMENT = 64;

    private MemorySegment memory = MemorySegment.NULL;

    /** Returns memory for numbers of 4 bytes each. */
    MemorySegment numbers(int count) {
        return bytes((long) Integer.BYTES * count);
    }

    MemorySegment bytes(long bytes) {
        if (memory.byteSize() < bytes) {
            memory = Arena.ofAuto().allocate(bytes, ALIGNMENT);
        }
        return memory.asSlice(0, bytes);
    }
}
