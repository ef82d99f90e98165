package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Device;
import trm4j.kernels.cases.DeviceContract;
import trm4j.kernels.cases.OperationCase;
import trm4j.kernels.cases.OperationRunner;
import trm4j.kernels.cases.Placement;

class CpuDeviceTest extends DeviceContract {

    private static final int RUNS = 200;

    @Override
    protected Device device() {
        return new CpuDevice(2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.cases.Cases#all")
    void computes(OperationCase operation) {
        OperationRunner.check(device(), operation, Placement.values());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.cases.Cases#all")
    void givesTheSameBitsWithAnyNumberOfThreads(OperationCase operation) {
        var setup = operation.setup();
        long one = digests(1, setup).findFirst().orElseThrow();
        for (int threads = 2; threads <= 3; threads++) {
            assertTrue(digests(threads, setup).allMatch(d -> d == one), operation + " with " + threads + " threads");
        }
    }

    /** Of some runs: threads share out the work differently each time. */
    private static LongStream digests(int threads, OperationCase.Setup setup) {
        try (var runner = new OperationRunner(new CpuDevice(threads), setup)) {
            return LongStream.of(LongStream.range(0, 2).map(_ -> runner.run().digest()).toArray());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.cases.Cases#small")
    void givesTheSameBitsInEveryRun(OperationCase operation) {
        try (var runner = new OperationRunner(new CpuDevice(1), operation.setup())) {
            long first = runner.run().digest();
            for (int i = 1; i < RUNS; i++) {
                assertEquals(first, runner.run().digest(), operation + ", run " + i);
            }
        }
    }

    @Test
    void tellsItsThreadsAndVectors() {
        assertTrue(new CpuDevice(1).description().startsWith("1 thread, " + VectorMath.SPECIES.vectorBitSize()));
        assertTrue(new CpuDevice(3).description().startsWith("3 threads, "));
    }

    @Test
    void scratchSpaceGrowsWithThreads() {
        assertEquals(3 * new CpuDevice(1).scratch(List.of()), new CpuDevice(3).scratch(List.of()));
    }
}
