package trm4j.cli;

import picocli.CommandLine.Option;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Precision;

/** The option {@code --precision}, for commands that have devices compute. */
final class PrecisionOption {

    @Option(
            names = "--precision",
            paramLabel = "PRECISION",
            description =
                    "What factors of matrix products are rounded to: float32; tf32 or bf16, faster, which takes "
                    + "NVIDIA's cuBLAS on --device cuda. All that is kept is float32 (default: ${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    /**
     * Returns a device with its products in this precision.
     *
     * @throws trm4j.kernels.DeviceException if it has no such
     */
    Device of(Device device) {
        return device.withPrecision(precision);
    }
}
