package trm4j.cli.bench;

/**
 * An operation on a device.
 *
 * @param trainingCalls in a training step; so many in an evaluation step
 * @param flops of one call, and bytes
 * @param check against the cpu device
 * @param error the largest, as a share of the largest number; null where there is none to tell
 * @param time of one call, without starting its program; null where the results were wrong
 * @param flopsPerSecond and bytesPerSecond, in the median time
 * @param ofPeak the least time that it can take by the device's peaks, as a share of the median; above 1 for
 *     what caches hold
 * @param ofTraining its share of a training step
 * @param lost seconds of a training step beyond the least that it can take
 */
public record OperationResult(
        String operation,
        String shape,
        long trainingCalls,
        long evaluationCalls,
        long flops,
        long bytes,
        Check check,
        Double error,
        Times time,
        double flopsPerSecond,
        double bytesPerSecond,
        double ofPeak,
        double ofTraining,
        double lost) {

    /** What became of the comparison. */
    public enum Check {
        /** It is what others are compared with. */
        REFERENCE,
        OK,
        MISMATCH
    }

    /** The same, in a training step that takes some seconds. */
    OperationResult inStep(double seconds) {
        double share = time == null ? 0 : trainingCalls * time.median() / seconds;
        return new OperationResult(
                operation, shape, trainingCalls, evaluationCalls, flops, bytes, check, error, time, flopsPerSecond,
                bytesPerSecond, ofPeak, share, lost);
    }

    /** Whether results were as expected. */
    boolean passes() {
        return check != Check.MISMATCH;
    }
}
