package trm4j.kernels;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Something that compiles programs and runs them. */
public interface Device {

    /** What the user calls it, such as {@code cpu}. */
    String name();

    /** A few words on what it is: cores, vectors. */
    String description();

    /** Bytes that one execution's buffers and scratch space may take altogether. */
    long memory();

    /** Bytes of scratch space that these schedules need beside their buffers. */
    long scratch(List<Schedule> schedules);

    /**
     * Allocates every buffer of the schedules, zeroed, and compiles their programs.
     *
     * @throws DeviceException if they do not fit in {@link #memory()}
     */
    Execution compile(List<Schedule> schedules);

    /** All bytes that the schedules take on this device, scratch space included. */
    default long footprint(List<Schedule> schedules) {
        return buffers(schedules).stream().mapToLong(Buffer::bytes).sum() + scratch(schedules);
    }

    static Set<Buffer> buffers(Collection<Schedule> schedules) {
        var buffers = new LinkedHashSet<Buffer>();
        schedules.forEach(s -> buffers.addAll(s.buffers()));
        return buffers;
    }
}
