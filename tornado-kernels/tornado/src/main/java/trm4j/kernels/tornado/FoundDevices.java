package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import trm4j.kernels.DeviceException;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * What TornadoVM finds. Apart from {@link TornadoVmProvider}, which is loaded where there is no TornadoVM: to catch its
 * errors, a class has to know them.
 *
 * @param refused what each backend said that could not tell its devices
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
                    devices.add(new TornadoVmDevice(name + ":" + d, backend.getDevice(d)));
                }
            } catch (RuntimeException | LinkageError | TornadoInternalError e) {
                refused.add(name + " (" + reason(e) + ")");
            }
        }
        return new FoundDevices(devices, refused);
    }

    /** A sentence to be added to a message, where there is something to tell. */
    String toldOfRefused() {
        return refused.isEmpty() ? "" : " TornadoVM's backends that failed are " + String.join(", ", refused) + ".";
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
