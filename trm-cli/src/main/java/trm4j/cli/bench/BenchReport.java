package trm4j.cli.bench;

import java.util.List;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/**
 * All that a bench measured. Times are in seconds.
 *
 * @param batch puzzles in a step
 */
public record BenchReport(
        String version, String java, String shape, int batch, TrmConfig arch, TrainConfig train,
        List<DeviceReport> devices) {

    /**
     * What was measured on one device.
     *
     * @param run the whole training that the shape is of; null where its length depends on the data
     */
    public record DeviceReport(
            String device, String description, Peak peak, List<OperationResult> operations, StepReport training,
            StepReport evaluation, Run run) {}

    /** A whole training, worked out from a step's samples a second. */
    public record Run(long steps, int batch, double days) {}

    /** Whether all devices computed what the cpu device did. */
    public boolean passes() {
        return devices.stream().flatMap(d -> d.operations().stream()).allMatch(OperationResult::passes);
    }
}
