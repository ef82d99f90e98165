package trm4j.train.cli;

import picocli.CommandLine.Option;
import trm4j.kernels.Device;
import trm4j.kernels.Devices;

/** {@code --device}. */
final class DeviceOption {

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description = "What computes: cpu (default: ${DEFAULT-VALUE}).")
    private String name;

    Device open() {
        return Devices.named(name);
    }
}
