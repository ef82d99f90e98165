package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;
import trm4j.kernels.contract.DeviceContract;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Fill;

class CpuDeviceTest extends DeviceContract {

    private static final int RUNS = 200;

    @Override
    protected Device device() {
        return new CpuDevice(2);
    }

    @Tag("vectors")
    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.Cases#all")
    void computes(OperationCase operation) {
        OperationRunner.check(device(), operation, Placement.values());
    }

    @Tag("vectors")
    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.Cases#rounded")
    void computesInBfloat16(OperationCase operation) {
        OperationRunner.check(device(), operation, Placement.AT_AN_INDEX);
    }

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

    /** Nobody may find buffers of a type for which there are no kernels half allocated, or threads left over. */
    @Test
    void refusesTypesThatItDoesNotComputeWithAndLeavesNoThreads() {
        var buffer = Buffer.of("halves", ElementType.F16, 3);
        var schedule = Schedule.named("fill").run(new Program("fill", new Fill(buffer.all(), 1))).build();
        var before = threads();
        var refusal = assertThrows(DeviceException.class, () -> new CpuDevice(5).open(List.of(schedule)));
        assertTrue(refusal.getMessage().contains("found F16 in buffer halves[3]"), refusal.getMessage());
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            while (threads() > before) {
                Thread.sleep(10);
            }
        });
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("cpu-device-"))
                .count();
    }
}
