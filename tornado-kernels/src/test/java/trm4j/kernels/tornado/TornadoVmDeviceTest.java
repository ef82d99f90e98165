package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.Device;
import trm4j.kernels.DeviceException;
import trm4j.kernels.Devices;
import trm4j.kernels.Program;
import trm4j.kernels.Schedule;
import trm4j.kernels.cases.Cases;
import trm4j.kernels.cases.DeviceContract;
import trm4j.kernels.cases.OperationCase;
import trm4j.kernels.cases.OperationRunner;
import trm4j.kernels.cases.Placement;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.MatMul;

/** Kernels where they belong; skipped where there is no TornadoVM. */
@EnabledIf(value = "hasDevice", disabledReason = "needs a TornadoVM SDK, named by TORNADOVM_HOME, with a device")
class TornadoVmDeviceTest extends DeviceContract {

    static boolean hasDevice() {
        return !Devices.tornado().isEmpty();
    }

    @Override
    protected Device device() {
        return Devices.named("tornado");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.cases.Cases#some")
    void computes(OperationCase operation) {
        OperationRunner.check(device(), operation, Placement.AT_AN_INDEX);
    }

    static Stream<OperationCase> sumsOfWholeVectors() {
        return Cases.of(op -> op instanceof MatMul product && MatMulDots.fits(product));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sumsOfWholeVectors")
    void sumsWholeVectors(OperationCase operation) {
        OperationRunner.check(device(), operation, Placement.AT_AN_OFFSET);
    }

    /** The device, with kernels cut as for a GPU. */
    private static Device gpu() {
        return Devices.tornado().getFirst().cutFor(new Traits(true, 132, 1024));
    }

    static Stream<OperationCase> cutByDevice() {
        var random = new Random(1);
        return Stream.concat(
                Cases.of(op -> op instanceof MatMul || op instanceof Attention).filter(_ -> random.nextInt(10) == 0),
                Cases.of(op -> op instanceof FmaChain));
    }

    /** Work-groups with local memory, and sums in parts. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cutByDevice")
    void computesWhatIsCutForAGpu(OperationCase operation) {
        OperationRunner.check(gpu(), operation, Placement.AT_AN_OFFSET);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.cases.Cases#some")
    void givesTheSameBitsInEveryRun(OperationCase operation) {
        try (var runner = new OperationRunner(device(), operation.setup())) {
            assertEquals(runner.run().digest(), runner.run().digest());
        }
    }

    /** Longer than what travels at a time. */
    @Test
    void movesLargeBuffersInParcels() {
        var floats = Buffer.floats("floats", 40_001);
        var schedule = Schedule.named("fill").run(new Program("fill", new Fill(floats.at(40_000), 7))).build();
        try (var execution = device().compile(List.of(schedule))) {
            var values = new float[40_001];
            for (int i = 0; i < values.length; i++) {
                values[i] = i;
            }
            execution.write(floats, values);
            execution.run(schedule);
            values[40_000] = 7;
            assertArrayEquals(values, execution.floats(floats));
        }
    }

    @Test
    void refusesHeadsTooLargeForLocalMemory() {
        var qkv = Buffer.floats("qkv", 1, 2, 3, 1, 160).all();
        var forward = new Attention.Forward(
                qkv, Buffer.floats("out", 1, 2, 1, 160).all(), Buffer.floats("logSumExp", 1, 1, 2).all());
        var schedule = Schedule.named("attend").run(new Program("attend", forward)).build();
        var refusal = assertThrows(DeviceException.class, () -> gpu().compile(List.of(schedule)));
        assertTrue(refusal.getMessage().contains("160") && refusal.getMessage().contains("128"), refusal.getMessage());
    }

    @Test
    void isOneOfTheDevicesByEachOfItsNames() {
        var first = Devices.tornado().getFirst();
        assertEquals(first.name(), Devices.named("tornado:0").name());
        assertEquals(first.name(), Devices.named(first.name()).name());
        assertEquals(first.name(), Devices.named(first.name().replaceFirst(":.*", "")).name());
        var refusal = assertThrows(DeviceException.class, () -> Devices.named("tornado:99"));
        assertTrue(refusal.getMessage().contains(first.name()), refusal.getMessage());
    }
}
