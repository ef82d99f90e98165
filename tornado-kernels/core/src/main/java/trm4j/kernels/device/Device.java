package trm4j.kernels.device;

import java.util.List;
import java.util.Optional;

/** Something that compiles programs and runs them. A {@link DeviceProvider} finds it. */
public interface Device {

    /** Returns what the user calls it, such as {@code cpu}. */
    String name();

    /** Tells what it is, and how much fits. */
    DeviceInfo info();

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
}
