package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import trm4j.kernels.DeviceException;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * What TornadoVM finds. Apart from {@link TornadoVmProvider}, which is loaded where there is no TornadoVM: to catch its
 * errors, a class has to know them.
 *
 * @param refused what each backend said that could not tell its devices, or not all of them
 */
record FoundDevices(List<TornadoVmDevice> devices, List<String> refused) {

    /**
     * Starts TornadoVM, and asks it.
     *
     * @throws DeviceException if TornadoVM cannot be started
     */
    static FoundDevices ask() {
        configure();
        try {
            return by(TornadoRuntimeProvider.getTornadoRuntime());
        } catch (RuntimeException | LinkageError | TornadoInternalError e) {
            throw new DeviceException("TornadoVM could not be started: " + reason(e)
                    + "; check that its backend's driver is installed (tornado --devices).", e);
        }
    }

    /** Asks all backends; one that fails does not hide the others. */
    static FoundDevices by(TornadoRuntime runtime) {
        var devices = new ArrayList<TornadoVmDevice>();
        var refused = new ArrayList<String>();
        for (int b = 0; b < runtime.getNumBackends(); b++) {
            var name = "number " + b;
            try {
                name = runtime.getBackendType(b).name().toLowerCase(Locale.ROOT);
                var backend = runtime.getBackend(b);
                for (int d = 0; d < backend.getNumDevices(); d++) {
                    device(backend, name + ":" + d, d, devices, refused);
                }
            } catch (RuntimeException | LinkageError | TornadoInternalError e) {
                refused.add(name + " (" + reason(e) + ")");
            }
        }
        return new FoundDevices(devices, refused);
    }

    /** TornadoVM may count devices that it does not take, such as those that say they are of several kinds. */
    private static void device(
            TornadoBackend backend, String name, int number, List<TornadoVmDevice> devices, List<String> refused) {
        try {
            devices.add(new TornadoVmDevice(name, backend.getDevice(number)));
        } catch (RuntimeException | LinkageError | TornadoInternalError e) {
            refused.add("device " + name + " (" + reason(e) + ")");
        }
    }

    /** A sentence to be added to a message, where there is something to tell. */
    String toldOfRefused() {
        return refused.isEmpty() ? "" : " What TornadoVM could not start: " + String.join(", ", refused) + ".";
    }

    /** What an error says, or what lies behind it, without the colours that TornadoVM gives it. */
    static String reason(Throwable error) {
        return error.getMessage() == null && error.getCause() != null
                ? reason(error.getCause())
                : Optional.ofNullable(error.getMessage()).orElse(error.toString()).replaceAll("\u001B\\[\\d*m", "");
    }

    /** Settings that must stand before TornadoVM's first class reads them. */
    private static void configure() {
        // Never compute on the JVM what a device should have.
        System.setProperty("tornado.recover.bailout", "False");
        // TornadoVM's limit is 4 GB; whether something fits is asked of the device itself.
        System.setProperty("tornado.device.memory", "1000000GB");
        // Task graphs name all arenas and up to some dozens of tasks.
        System.setProperty("tornado.tvm.maxbytecodesize", "65536");
        // Lists of events, which only its own analysis of dependencies fills (tornado.vm.deps), are cleared at the
        // start of each graph: 128 KiB for each task by default.
        ask("tornado.max.events", "128");
        // It waits for the device at the end of each graph in any case.
        ask("tornado.vmflush", "False");
    }

    /** Sets what TornadoVM takes for its own default, unless the user has said something else. */
    private static void ask(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
