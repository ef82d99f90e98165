package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Device;
import trm4j.kernels.cases.DeviceContract;
import trm4j.kernels.cases.OperationCase;
import trm4j.kernels.cases.OperationRunner;

class CpuDeviceTest extends DeviceContract {

    private static final int RUNS = 200;

    @Override
    protected Device device() {
        return new CpuDevice(2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.cases.Cases#all")
    void givesTheSameBitsWithAnyNumberOfThreads(OperationCase operation) {
        var setup = operation.setup();
        long one = digest(1, setup);
        assertEquals(one, digest(2, setup), operation::toString);
        assertEquals(one, digest(3, setup), operation::toString);
    }

    private static long digest(int threads, OperationCase.Setup setup) {
        try (var runner = new OperationRunner(new CpuDevice(threads), setup)) {
            return runner.run().digest();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.cases.Cases#small")
    void givesTheSameBitsInEveryRun(OperationCase operation) {
        try (var runner = new OperationRunner(device(), operation.setup())) {
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
