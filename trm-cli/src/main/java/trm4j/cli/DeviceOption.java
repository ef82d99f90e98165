package trm4j.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import trm4j.kernels.device.Device;
import trm4j.model.ranks.Ranks;

/** The option {@code --device}, and its precision, for commands that run a model on one device. */
final class DeviceOption {

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description =
                    "What computes: cpu; auto, a GPU if there is one; tornado, the first of TornadoVM's devices; "
                    + "opencl, cuda, ptx, spirv or metal, the first of a backend; any of these with :N, as trm devices "
                    + "lists them (default: ${DEFAULT-VALUE}). Of several processes that mpirun started on a machine, "
                    + "each takes its own by cuda:%%r, or of a list.")
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
        return open(Ranks.ALONE);
    }

    /**
     * Together: returns the processes that this command is done by; where they are several, each has opened its device.
     *
     * @throws trm4j.model.ranks.RanksException if they cannot be connected, or are not alike
     * @throws trm4j.kernels.DeviceException as {@link #open} does
     */
    Ranks ranks() {
        var ranks = Main.ranks(spec);
        // Alone, a device is opened when one is needed.
        if (ranks.areSeveral()) {
            RankDevices.requireAlike(ranks, open(ranks)).ifPresent(this::warn);
        }
        return ranks;
    }

    private Device open(Ranks ranks) {
        if (device == null) {
            device = precision.of(RankDevices.open(name, ranks));
            device.info().caution().ifPresent(this::warn);
        }
        return device;
    }

    private void warn(String sentence) {
        spec.commandLine().getErr().println("trm: " + sentence);
        spec.commandLine().getErr().flush();
    }
}
