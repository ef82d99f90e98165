package trm4j.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;

/** The option {@code --device}, and its precision, for commands that run a model on one device. */
final class DeviceOption {

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description =
                    "What computes: cpu; auto, a GPU if there is one; tornado, the first of TornadoVM's devices; "
                    + "opencl, cuda, ptx, spirv or metal, the first of a backend; any of these with :N, as trm devices "
                    + "lists them (default: ${DEFAULT-VALUE}).")
    private String name;

    @Mixin
    private PrecisionOption precision;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private Device device;

    /**
     * Returns the device that was named. Where it comes with a caution, the user is told, once.
     *
     * @throws trm4j.kernels.DeviceException if there is no such device, or it has not the precision
     */
    Device open() {
        if (device == null) {
            device = precision.of(Devices.named(name));
            device.info().caution().ifPresent(caution -> {
                spec.commandLine().getErr().println("trm: " + caution);
                spec.commandLine().getErr().flush();
            });
        }
        return device;
    }
}
