package trm4j.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where the ranks' parts of an array are, in native memory, where MPI reads it until an exchange is done. */
final class Parts {

    final MemorySegment counts;
    final MemorySegment starts;
    private final int size;

    Parts(int size) {
        this.size = size;
        var arena = Arena.ofAuto();
        counts = arena.allocate(JAVA_INT, size);
        starts = arena.allocate(JAVA_INT, size);
    }

    /**
     * Sets them.
     *
     * @param ends where parts begin in an array, and where the last ends; memory has what is between
     */
    Parts set(int[] ends) {
        for (int rank = 0; rank < size; rank++) {
            counts.setAtIndex(JAVA_INT, rank, ends[rank + 1] - ends[rank]);
            starts.setAtIndex(JAVA_INT, rank, ends[rank] - ends[0]);
        }
        return this;
    }

    /** Takes a rank's part for empty, as it goes nowhere. */
    Parts without(int rank) {
        counts.setAtIndex(JAVA_INT, rank, 0);
        return this;
    }
}
