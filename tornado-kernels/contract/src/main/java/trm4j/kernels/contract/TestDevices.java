package trm4j.kernels.contract;

import java.util.List;
import java.util.Optional;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;

/** The devices that tests run on, found as users find them. */
public final class TestDevices {

    private TestDevices() {}

    /** Returns the cpu device with all cores. */
    public static Device cpu() {
        return Devices.named("cpu");
    }

    /** Returns the cpu device with some threads. */
    public static Device cpu(int threads) {
        return cpu().withCores(threads).orElseThrow();
    }

    /** Returns the devices of TornadoVM, none where it is not installed. */
    public static List<Device> tornado() {
        return Devices.providers().stream()
                .filter(provider -> provider.family().equals("tornado"))
                .flatMap(provider -> provider.devices().stream())
                .toList();
    }

    /** Returns the first device of TornadoVM, if there is one. */
    public static Optional<Device> firstTornado() {
        return tornado().stream().findFirst();
    }
}
