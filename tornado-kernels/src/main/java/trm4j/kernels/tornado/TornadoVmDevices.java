package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import trm4j.kernels.DeviceException;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** The devices that TornadoVM finds. */
public final class TornadoVmDevices {

    private TornadoVmDevices() {}

    /** Whether this JVM was started with TornadoVM's modules. */
    public static boolean present() {
        return ModuleLayer.boot().findModule("tornado.runtime").isPresent();
    }

    /**
     * All devices of all backends, in TornadoVM's order; named by backend and number, {@code opencl:0}.
     *
     * @throws DeviceException if TornadoVM cannot be started
     */
    public static List<TornadoVmDevice> all() {
        configure();
        try {
            var devices = new ArrayList<TornadoVmDevice>();
            var runtime = TornadoRuntimeProvider.getTornadoRuntime();
            for (int b = 0; b < runtime.getNumBackends(); b++) {
                var backend = runtime.getBackend(b);
                var name = runtime.getBackendType(b).name().toLowerCase(Locale.ROOT);
                for (int d = 0; d < backend.getNumDevices(); d++) {
                    devices.add(new TornadoVmDevice(name + ":" + d, backend.getDevice(d)));
                }
            }
            return devices;
        } catch (RuntimeException | LinkageError e) {
            throw new DeviceException("TornadoVM could not be started: " + e.getMessage()
                    + "; check that its backend's driver is installed (tornado --devices).", e);
        }
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
