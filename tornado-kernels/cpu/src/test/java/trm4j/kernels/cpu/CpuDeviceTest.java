package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.DeviceException;
import trm4j.kernels.contract.DeviceContract;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;

class CpuDeviceTest extends DeviceContract {

    private static final int RUNS = 200;

    @Override
    protected Device device() {
        return new CpuDevice(2);
    }

    @Tag("vectors")
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.Cases#all")
    void computes(OperationCase operation) {
        OperationRunner.check(device(), operation, Placement.values());
    }

    @Tag("vectors")
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.Cases#rounded")
    void computesInBfloat16(OperationCase operation) {
        OperationRunner.check(device(), operation, Placement.AT_AN_INDEX);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource({"trm4j.kernels.contract.Cases#all", "trm4j.kernels.contract.Cases#rounded"})
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

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.Cases#small")
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
        assertTrue(new CpuDevice(1).info().description().startsWith("1 thread, " + VectorMath.SPECIES.vectorBitSize()));
        assertTrue(new CpuDevice(3).info().description().startsWith("3 threads, "));
    }

    @Test
    void scratchSpaceGrowsWithThreads() {
        assertEquals(3 * new CpuDevice(1).plan(List.of()).bytes(), new CpuDevice(3).plan(List.of()).bytes());
    }

    @Test
    void isFoundByItsName() {
        assertEquals("cpu", Devices.named("cpu").name());
        assertEquals("cpu", Devices.named("auto").name());
        assertTrue(Devices.named("cpu").withCores(3).orElseThrow().info().description().startsWith("3 threads"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "cpu:0", "auto:1", "CPU"})
    void otherNamesAreRefusedWithThoseThereAre(String name) {
        var refusal = assertThrows(DeviceException.class, () -> Devices.named(name));
        assertEquals("There is no device " + name + ", expected one of auto, cpu.", refusal.getMessage());
    }
}
