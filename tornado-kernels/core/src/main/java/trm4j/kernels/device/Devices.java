package trm4j.kernels.device;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trm4j.kernels.DeviceException;

/**
 * The devices by their names: {@code cpu}; {@code tornado} or {@code tornado:N} for any that TornadoVM finds,
 * by its number among all; {@code opencl}, {@code cuda}, {@code ptx}, {@code spirv} or {@code metal}, each
 * also with {@code :N}, for those of one of its backends; {@code auto} for the first GPU, or else cpu; and
 * whatever other families are on the class path.
 */
public final class Devices {

    private static final String AUTO = "auto";
    private static final String CPU = "cpu";

    private Devices() {}

    /** Returns the families that are on the class path, in the order of their names. */
    public static List<DeviceProvider> providers() {
        return ServiceLoader.load(DeviceProvider.class, DeviceProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(DeviceProvider::family))
                .toList();
    }

    /**
     * Returns the device of a name.
     *
     * @throws DeviceException if there is none
     */
    public static Device named(String name) {
        var providers = providers();
        if (name.equals(AUTO)) {
            return providers.stream().flatMap(Devices::gpus).findFirst().orElseGet(() -> named(CPU));
        }
        return providers.stream()
                .map(provider -> provider.find(name))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new DeviceException(
                        "There is no device " + name + ", expected one of " + names(providers) + "."));
    }

    private static String names(List<DeviceProvider> providers) {
        return Stream.concat(Stream.of(AUTO), providers.stream().flatMap(provider -> provider.names().stream()))
                .collect(Collectors.joining(", "));
    }

    private static Stream<Device> gpus(DeviceProvider provider) {
        try {
            return provider.devices().stream().filter(device -> device.info().kind() == DeviceInfo.Kind.GPU);
        } catch (DeviceException e) {
            // An SDK without a driver is as good as none to who asked for nothing in particular.
            return Stream.empty();
        }
    }
}
