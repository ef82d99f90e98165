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
            description = {
                "What computes: cpu; auto, a GPU if there is one; tornado[:N], the Nth of TornadoVM's devices;",
                "opencl[:N], cuda[:N], ptx[:N], spirv[:N] or metal[:N], the Nth of one of its backends.",
                "trm devices lists them (default: ${DEFAULT-VALUE})."
            })
    private String name;

    Device open() {
        return Devices.named(name);
    }
}
