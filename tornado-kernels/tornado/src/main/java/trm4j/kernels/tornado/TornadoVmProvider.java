package trm4j.kernels.tornado;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceProvider;

/** The devices that TornadoVM finds, by their number among all, or among those of one of its backends. */
public final class TornadoVmProvider implements DeviceProvider {

    private static final String ALL = "tornado";
    private static final List<String> BACKENDS = List.of("opencl", "cuda", "ptx", "spirv", "metal");
    private static final String NO_SDK = "TornadoVM was not found; install its SDK for JDK 25 (sdk install tornadovm,"
            + " or https://www.tornadovm.org/downloads) and set TORNADOVM_HOME to it.";
    private static final String NO_DEVICE =
            "TornadoVM finds no device; install the device's driver and an SDK with its backend.";

    @Override
    public String family() {
        return ALL;
    }

    @Override
    public List<String> names() {
        return Stream.concat(Stream.of(ALL), BACKENDS.stream()).map(name -> name + "[:N]").toList();
    }

    /** Whether this JVM was started with TornadoVM's modules. */
    private static boolean present() {
        return ModuleLayer.boot().findModule("tornado.runtime").isPresent();
    }

    @Override
    public List<Device> devices() {
        return present() ? List.copyOf(all()) : List.of();
    }

    @Override
    public Optional<String> absence() {
        return present() ? absence(FoundDevices.ask()) : Optional.of(NO_SDK);
    }

    /** Says why TornadoVM finds none, or which of its backends failed though others did not. */
    static Optional<String> absence(FoundDevices found) {
        var sentences = (found.devices().isEmpty() ? NO_DEVICE : "") + found.toldOfRefused();
        return Optional.of(sentences.strip()).filter(told -> !told.isEmpty());
    }

    @Override
    public Optional<Device> find(String name) {
        int colon = name.indexOf(':');
        var backend = colon < 0 ? name : name.substring(0, colon);
        int number = colon < 0 ? 0 : number(name.substring(colon + 1));
        if (number < 0 || !backend.equals(ALL) && !BACKENDS.contains(backend)) {
            return Optional.empty();
        }
        if (!present()) {
            throw new DeviceException("Device " + name + ": " + NO_SDK + instead(backend));
        }
        var found = FoundDevices.ask();
        var all = found.devices();
        var devices = all.stream().filter(d -> backend.equals(ALL) || d.name().startsWith(backend + ":")).toList();
        if (number >= devices.size()) {
            var names = all.isEmpty() ? "none" : String.join(", ", all.stream().map(Device::name).toList());
            throw new DeviceException("There is no device " + name + ": TornadoVM's devices are " + names
                    + "; install the device's driver and an SDK with its backend." + found.toldOfRefused()
                    + instead(backend));
        }
        return Optional.of(devices.get(number));
    }

    /** What to take in the place of a backend that newer versions of TornadoVM do not have; nothing for others. */
    private static String instead(String backend) {
        return switch (backend) {
            case "ptx" -> " TornadoVM has no ptx from version 6.0 on: take cuda instead, for the same GPUs.";
            case "spirv" -> " TornadoVM has no spirv from version 6.0 on: take opencl instead, for the same GPUs.";
            default -> "";
        };
    }

    /** A number from 0 on, or -1 for anything else. */
    private static int number(String text) {
        return text.matches("\\d{1,4}") ? Integer.parseInt(text) : -1;
    }

    /**
     * Returns all devices of all backends, in TornadoVM's order; named by backend and number, {@code opencl:0}.
     *
     * @throws DeviceException if TornadoVM cannot be started
     */
    static List<TornadoVmDevice> all() {
        return FoundDevices.ask().devices();
    }
}
