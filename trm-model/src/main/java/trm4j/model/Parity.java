package trm4j.model;

import java.nio.file.Path;
import java.util.List;
import trm4j.kernels.device.Device;

/**
 * Replays training that the reference recorded, and compares every number on the way. A recording is a folder; {@code
 * format} in its {@code config.json} says of which kind: a run that goes on from its first step to its last (1, or none),
 * or steps that are sealed, each with all that it starts from (2).
 */
public final class Parity {

    private Parity() {}

    /**
     * One compared tensor.
     *
     * @param name such as {@code step-1 grad.inner.lm_head.weight}
     * @param error the largest difference, relative to the largest element recorded
     * @param tolerance the largest error that passes
     */
    public record Quantity(String name, double error, double tolerance) {

        public boolean passes() {
            return error <= tolerance;
        }

        /** Compares a tensor with what was recorded. */
        static Quantity of(String name, float[] want, float[] got, double tolerance) {
            double largest = 0;
            double difference = want.length == got.length ? 0 : Double.POSITIVE_INFINITY;
            for (int i = 0; i < Math.min(want.length, got.length); i++) {
                largest = Math.max(largest, Math.abs(want[i]));
                double d = Math.abs((double) want[i] - got[i]);
                difference = d <= difference ? difference : Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
            }
            return new Quantity(name, difference == 0 ? 0 : difference / largest, tolerance);
        }
    }

    /**
     * Replays one recording on a device.
     *
     * @return every quantity, in the order of the run
     * @throws trm4j.model.file.CheckpointException if the recording is not whole
     * @throws trm4j.model.config.ConfigException if its settings are none that can be trained with
     */
    public static List<Quantity> replay(Path folder, Device device) {
        var recording = Recording.of(folder);
        return recording.format() == 1
                ? new RecordedRun(recording).replay(device)
                : new SealedSteps(recording).replay(device);
    }
}
