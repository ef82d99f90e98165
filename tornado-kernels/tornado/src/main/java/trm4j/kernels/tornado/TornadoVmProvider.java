package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.DeviceProvider;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

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
        return Optional.of(present() ? NO_DEVICE + found().toldOfRefused() : NO_SDK);
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
            throw new DeviceException("Device " + name + ": " + NO_SDK);
        }
        var found = found();
        var all = found.devices;
        var devices = all.stream().filter(d -> backend.equals(ALL) || d.name().startsWith(backend + ":")).toList();
        if (number >= devices.size()) {
            var names = all.isEmpty() ? "none" : String.join(", ", all.stream().map(Device::name).toList());
            throw new DeviceException("There is no device " + name + ": TornadoVM's devices are " + names
                    + "; install the device's driver and an SDK with its backend." + found.toldOfRefused());
        }
        return Optional.of(devices.get(number));
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
        return found().devices;
    }

    private static Found found() {
        configure();
        try {
            return Found.by(TornadoRuntimeProvider.getTornadoRuntime());
        } catch (DeviceException e) {
            throw e;
        } catch (RuntimeException | LinkageError | TornadoInternalError e) {
            throw new DeviceException("TornadoVM could not be started: " + reason(e)
                    + "; check that its backend's driver is installed (tornado --devices).", e);
        }
    }

    /**
     * What TornadoVM finds.
     *
     * @param refused what each backend said that could not tell its devices
     */
    record Found(List<TornadoVmDevice> devices, List<String> refused) {

        /** Asks all backends; one that fails does not hide the others. */
        static Found by(TornadoRuntime runtime) {
            var devices = new ArrayList<TornadoVmDevice>();
            var refused = new ArrayList<String>();
            for (int b = 0; b < runtime.getNumBackends(); b++) {
                var name = "number " + b;
                try {
                    name = runtime.getBackendType(b).name().toLowerCase(Locale.ROOT);
                    var backend = runtime.getBackend(b);
                    for (int d = 0; d < backend.getNumDevices(); d++) {
                        devices.add(new TornadoVmDevice(name + ":" + d, backend.getDevice(d)));
                    }
                } catch (DeviceException e) {
                    throw e;
                } catch (RuntimeException | LinkageError | TornadoInternalError e) {
                    refused.add(name + " (" + reason(e) + ")");
                }
            }
            return new Found(devices, refused);
        }

        /** A sentence to be added to a message, where there is something to tell. */
        String toldOfRefused() {
            return refused.isEmpty() ? "" : " Its backends that failed are " + String.join(", ", refused) + ".";
        }
    }

    /** What an error says, or what lies behind it. */
    private static String reason(Throwable error) {
        return error.getMessage() == null && error.getCause() != null
                ? reason(error.getCause())
                : Optional.ofNullable(error.getMessage()).orElse(error.toString());
    }

    /** Settings that must stand before TornadoVM's first class reads them. */
    private static void configure() {
        // Never compute on the JVM what a device should have.
        System.setProperty("tornado.recover.bailout", "False");
        // TornadoVM's limit is 4 GB; whether something fits is asked of the device itself.
        System.setProperty("tornado.device.memory", "1000000GB");
        // Task graphs name all arenas and up to some fifteen tasks.
        System.setProperty("tornado.tvm.maxbytecodesize", "65536");
    }
}
