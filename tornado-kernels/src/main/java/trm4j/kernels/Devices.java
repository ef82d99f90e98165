package trm4j.kernels;

import java.util.List;
import java.util.function.Predicate;
import trm4j.kernels.cpu.CpuDevice;
import trm4j.kernels.tornado.TornadoVmDevice;
import trm4j.kernels.tornado.TornadoVmDevices;

/**
 * The devices by their names: {@code cpu}; {@code tornado} or {@code tornado:N} for any that TornadoVM finds,
 * by its number among all; {@code opencl}, {@code cuda}, {@code ptx}, {@code spirv} or {@code metal}, each
 * also with {@code :N}, for those of one of its backends; and {@code auto} for the first GPU, or else cpu.
 */
public final class Devices {

    private static final List<String> BACKENDS = List.of("opencl", "cuda", "ptx", "spirv", "metal");
    private static final String NAMES = "cpu, auto, tornado[:N], " + String.join("[:N], ", BACKENDS) + "[:N]";
    private static final String INSTALL =
            "install its SDK for JDK 25 (sdk install tornadovm, or https://www.tornadovm.org/downloads) and set"
                    + " TORNADOVM_HOME to it";

    private Devices() {}

    /**
     * The device of a name.
     *
     * @throws DeviceException if there is none
     */
    public static Device named(String name) {
        if (name.equals("cpu")) {
            return new CpuDevice();
        }
        if (name.equals("auto")) {
            return gpu();
        }
        int colon = name.indexOf(':');
        var family = colon < 0 ? name : name.substring(0, colon);
        int number = colon < 0 ? 0 : number(name.substring(colon + 1));
        if (number < 0 || !family.equals("tornado") && !BACKENDS.contains(family)) {
            throw new DeviceException("There is no device " + name + ", expected one of " + NAMES + ".");
        }
        return tornado(name, family, number);
    }

    /**
     * What TornadoVM finds; nothing where it is not there.
     *
     * @throws DeviceException if it is, but cannot be started
     */
    public static List<TornadoVmDevice> tornado() {
        return TornadoVmDevices.present() ? TornadoVmDevices.all() : List.of();
    }

    /** Why {@link #tornado} finds nothing, and what to do: a sentence. */
    public static String absence() {
        return TornadoVmDevices.present()
                ? "TornadoVM finds no device; install the device's driver and an SDK with its backend."
                : "TornadoVM was not found; " + INSTALL + ".";
    }

    private static Device gpu() {
        try {
            return tornado().stream()
                    .filter(TornadoVmDevice::isGpu)
                    .<Device>map(device -> device)
                    .findFirst()
                    .orElseGet(CpuDevice::new);
        } catch (DeviceException e) {
            // An SDK without a driver is as good as none to who asked for nothing in particular.
            return new CpuDevice();
        }
    }

    private static Device tornado(String name, String family, int number) {
        if (!TornadoVmDevices.present()) {
            throw new DeviceException("Device " + name + ": " + absence());
        }
        var all = TornadoVmDevices.all();
        Predicate<TornadoVmDevice> belongs = d -> family.equals("tornado") || d.name().startsWith(family + ":");
        var devices = all.stream().filter(belongs).toList();
        if (number >= devices.size()) {
            var found = all.isEmpty() ? "none" : String.join(", ", all.stream().map(TornadoVmDevice::name).toList());
            throw new DeviceException("There is no device " + name + ": TornadoVM's devices are " + found
                    + "; install the device's driver and an SDK with its backend.");
        }
        return devices.get(number);
    }

    /** A number from 0 on, or -1 for anything else. */
    private static int number(String text) {
        return text.matches("\\d{1,4}") ? Integer.parseInt(text) : -1;
    }
}
