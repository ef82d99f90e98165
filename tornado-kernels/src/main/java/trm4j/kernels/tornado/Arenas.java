package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;

/**
 * Where buffers lie: side by side in one array of ints and in as few arrays of floats as may be. TornadoVM
 * knows a piece of device memory by the Java array that stands for it, and each task graph names all of
 * them; so there are few.
 */
final class Arenas {

    /** The largest Java array, with room for what the VM puts before it. */
    static final int LARGEST = Integer.MAX_VALUE - 64;

    /** Cells at the beginning of the ints that belong to the table of calls. */
    static final int RESERVED = 32;

    /** Buffers begin at multiples of this many elements, so that threads read whole lines of memory. */
    private static final int ALIGNMENT = 32;

    /** The ints' arena; floats have theirs from 0 on. */
    private static final int INTS = -1;

    private final Map<Buffer, Place> places = new IdentityHashMap<>();
    private final List<Integer> floats = new ArrayList<>();
    private int ints = RESERVED;

    /**
     * An arena and the place of a buffer's first element.
     */
    private record Place(int arena, int start) {}

    /**
     * Gives each buffer its place.
     *
     * @param largest elements of one array, at least those of the largest buffer
     */
    Arenas(Collection<Buffer> buffers, int largest) {
        for (var buffer : buffers) {
            int size = Math.ceilDiv(buffer.size(), ALIGNMENT) * ALIGNMENT;
            if (buffer.type() == ElementType.I32) {
                places.put(buffer, new Place(INTS, ints));
                ints = Math.addExact(ints, size);
                continue;
            }
            if (floats.isEmpty() || (long) floats.getLast() + size > largest) {
                floats.add(0);
            }
            int arena = floats.size() - 1;
            places.put(buffer, new Place(arena, floats.get(arena)));
            floats.set(arena, floats.get(arena) + size);
        }
    }

    boolean has(Buffer buffer) {
        return places.containsKey(buffer);
    }

    /** The place of a buffer's first element in its array. */
    int start(Buffer buffer) {
        return places.get(buffer).start;
    }

    /** Which of the arrays of floats a buffer of floats lies in. */
    int arena(Buffer buffer) {
        return places.get(buffer).arena;
    }

    /** Elements of the ints' array, the table of calls not counted. */
    int ints() {
        return ints;
    }

    /** Elements of each array of floats. */
    List<Integer> floats() {
        return floats;
    }
}
