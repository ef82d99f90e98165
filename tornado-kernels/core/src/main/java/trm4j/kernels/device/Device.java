package trm4j.kernels.device;

import java.util.List;
import java.util.Optional;
import trm4j.kernels.ElementType;
import trm4j.kernels.DeviceException;

/** Something that compiles programs and runs them. A {@link DeviceProvider} finds it. */
public interface Device {

    /** Returns what the user calls it, such as {@code cpu}. */
    String name();

    /** Tells what it is, and how much fits. */
    DeviceInfo info();

    /** Tells whether it computes with numbers that are stored so. */
    default boolean stores(ElementType type) {
        return type == ElementType.F32 || type == ElementType.I32;
    }

    /** Tells whether opening a plan compiles something, which takes its time for each size of operands. */
    default boolean compiles() {
        return true;
    }

    /** Works out what some schedules take, before anything is allocated. */
    Plan plan(List<Schedule> schedules);

    /**
     * Plans schedules and opens the plan.
     *
     * @throws trm4j.kernels.DeviceException as {@link Plan#open} does
     */
    default Execution open(List<Schedule> schedules) {
        return plan(schedules).open();
    }

    /**
     * Returns this device with some of its cores only; nothing where that cannot be chosen.
     *
     * @param cores at least 1
     */
    default Optional<Device> withCores(int cores) {
        return Optional.empty();
    }

    /** Returns what it computes matrix products in. */
    default Precision precision() {
        return Precision.FLOAT32;
    }

    /**
     * Returns what its results go by: its name, and the precision of products where that is not float32, as in
     * {@code cuda:0 in tf32}.
     */
    default String computes() {
        return precision() == Precision.FLOAT32 ? name() : name() + " in " + precision();
    }

    /**
     * Returns this device with matrix products in another precision.
     *
     * @throws trm4j.kernels.DeviceException if it has no other than the one it computes in
     */
    default Device withPrecision(Precision precision) {
        if (precision != precision()) {
            throw new DeviceException("Device " + name() + " computes products in " + precision() + " alone, found "
                    + precision + " asked for; leave --precision out, or choose another device.");
        }
        return this;
    }
}
