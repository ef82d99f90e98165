package trm4j.kernels.device;

import java.util.List;
import java.util.Optional;

/**
 * Finds the devices of one family. {@link Devices} asks every provider that is named in
 * {@code META-INF/services/trm4j.kernels.device.DeviceProvider} on the class path.
 */
public interface DeviceProvider {

    /** Returns the family's name, such as {@code tornado}. Families are listed in the order of their names. */
    String family();

    /** Returns the names that its devices may have, as messages show them, such as {@code opencl[:N]}. */
    List<String> names();

    /**
     * Returns all devices there are.
     *
     * @throws trm4j.kernels.DeviceException if what finds them is there, but cannot be started
     */
    List<Device> devices();

    /**
     * Returns the device of a name; nothing if the name is not one of the family's.
     *
     * @throws trm4j.kernels.DeviceException if it is, but there is no such device here
     */
    Optional<Device> find(String name);

    /** Says in a sentence why there are no devices, or not all, and what to do; nothing where nothing is amiss. */
    default Optional<String> absence() {
        return Optional.empty();
    }
}
