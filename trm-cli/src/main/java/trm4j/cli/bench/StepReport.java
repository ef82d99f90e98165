package trm4j.cli.bench;

/**
 * A whole step on a device.
 *
 * @param flops counted in its operations
 * @param utilisation the flops a second, as a share of the device's peak
 * @param operations what its operations take one by one, as a share of its time
 * @param launching what starting its programs and kernels takes, as a share of its time
 * @param compileSeconds until the device was ready
 * @param firstStepSeconds what the first step takes beyond the others
 * @param footprintBytes of memory as computed beforehand
 * @param heapBytes of the Java heap as measured
 */
public record StepReport(
        Times time,
        double samplesPerSecond,
        long flops,
        double utilisation,
        double operations,
        double launching,
        double compileSeconds,
        double firstStepSeconds,
        long footprintBytes,
        long heapBytes) {}
