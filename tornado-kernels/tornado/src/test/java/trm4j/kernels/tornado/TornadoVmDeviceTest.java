package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Bfloat16;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;
import trm4j.kernels.contract.Cases;
import trm4j.kernels.contract.DeviceContract;
import trm4j.kernels.contract.OperationCase;
import trm4j.kernels.contract.OperationRunner;
import trm4j.kernels.contract.Placement;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SelectRows;
import trm4j.kernels.op.SquareSums;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Kernels where they belong; skipped where there is no TornadoVM. */
@EnabledIf(value = "hasDevice", disabledReason = "needs a TornadoVM SDK, named by TORNADOVM_HOME, with a device")
class TornadoVmDeviceTest extends DeviceContract {

    static boolean hasDevice() {
        return TestDevices.firstTornado().isPresent();
    }

    @Override
    protected Device device() {
        return Devices.named("tornado");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.Cases#some")
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

    /** The device, with kernels for GPUs. */
    private static Device gpu(int units) {
        return TornadoVmProvider.all().getFirst().with(new GpuKernels(units));
    }

    static Stream<OperationCase> otherOnGpus() {
        var random = new Random(1);
        return Stream.concat(
                Cases.of(op -> op instanceof MatMul || op instanceof Attention).filter(_ -> random.nextInt(10) == 0),
                Cases.of(op -> op instanceof FmaChain || op instanceof SquareSums || op instanceof RmsNorm));
    }

    /** Work-groups with local memory, and sums in parts. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("otherOnGpus")
    void computesWithKernelsForGpus(OperationCase operation) {
        OperationRunner.check(gpu(132), operation, Placement.AT_AN_OFFSET);
    }

    static Stream<OperationCase> roundedOnGpus() {
        return Cases.ofEachRounded().entrySet().stream()
                .filter(each -> each.getKey().matches("matmul|attention.*|rmsNorm columns.*"))
                .map(Map.Entry::getValue);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roundedOnGpus")
    void computesInBfloat16WithKernelsForGpus(OperationCase operation) {
        OperationRunner.check(gpu(132), operation, Placement.AT_AN_OFFSET);
    }

    /** Sixteen words at a time, on processors. */
    @Test
    void convertsWholeBlocksOfBfloat16() {
        int size = 30 * Halves.BLOCK;
        var floats = Buffer.floats("floats", size);
        var halves = Buffer.of("halves", ElementType.BF16, size);
        var copy = Buffer.of("copy", ElementType.BF16, size);
        var widened = Buffer.floats("widened", size);
        var schedule = Schedule.named("copies")
                .run(new Program(
                        "copies", CopyColumns.all(floats.all(), halves.all()),
                        CopyColumns.all(halves.all(), copy.all()), CopyColumns.all(copy.all(), widened.all())))
                .build();
        var random = new Random(3);
        var values = new float[size];
        var expected = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = Float.intBitsToFloat(i % 3 == 0 ? random.nextInt() & Halves.UPPER | 0x8000 : random.nextInt());
            expected[i] = Bfloat16.round(values[i]);
        }
        values[7] = Float.NaN;
        expected[7] = Float.NaN;
        try (var execution = device().open(List.of(schedule))) {
            execution.write(floats, values);
            execution.run(schedule);
            for (var buffer : List.of(halves, copy, widened)) {
                assertArrayEquals(expected, execution.floats(buffer), buffer.name());
            }
        }
    }

    static Stream<OperationCase> productsOfWholeTiles() {
        return Cases.of(op -> op instanceof MatMul product && product.m() > 128 && product.n() > 128);
    }

    /** The largest tiles, which one unit is enough for. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("productsOfWholeTiles")
    void computesWithTheLargestTiles(OperationCase operation) {
        OperationRunner.check(gpu(1), operation, Placement.AT_AN_OFFSET);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.Cases#some")
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
        try (var execution = device().open(List.of(schedule))) {
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

    /** Up: what is written, and little else. Down: what is read, in whole parcels. However large the buffers are. */
    @Test
    void movesWhatIsWrittenAndReadOnly() {
        var buffer = Buffer.floats("large", 1 << 20);
        var small = Buffer.ints("small", 40);
        var program = new Program("fill", new Fill(buffer.all(), 1), new SelectRows(
                small.all(), Buffer.ints("one", 1).all(), Buffer.ints("out", 40, 1).all()));
        var schedule = Schedule.named("fill").run(program).build();
        var traffic = new TaskGraphs.Traffic();
        try (var execution = TornadoVmProvider.all().getFirst().counting(traffic).open(List.of(schedule))) {
            execution.run(schedule);
            long up = traffic.up();
            long down = traffic.down();
            execution.write(small, new int[40]);
            execution.run(schedule);
            execution.ints(small);
            long perKernel = 24;
            long smallParcel = 64 * 4;
            assertTrue(traffic.up() - up >= 40 * 4, traffic.up() - up + " bytes up");
            assertTrue(traffic.up() - up <= 4 * smallParcel + 20 * perKernel, traffic.up() - up + " bytes up");
            assertTrue(traffic.down() - down <= 2 * smallParcel, traffic.down() - down + " bytes down");
        }
    }

    @Test
    void refusesHeadsTooLargeForLocalMemory() {
        var qkv = Buffer.floats("qkv", 1, 2, 3, 1, 160).all();
        var forward = new Attention.Forward(
                qkv, Buffer.floats("out", 1, 2, 1, 160).all(), Buffer.floats("logSumExp", 1, 1, 2).all());
        var schedule = Schedule.named("attend").run(new Program("attend", forward)).build();
        var refusal = assertThrows(DeviceException.class, () -> gpu(132).open(List.of(schedule)));
        assertTrue(refusal.getMessage().contains("160") && refusal.getMessage().contains("128"), refusal.getMessage());
    }

    /** No device has strings. */
    static void strings(int[] ints, int at, float[] f) {
        for (@Parallel int i = 0; i < 8; i++) {
            f[i] = String.valueOf(ints[at]).length();
        }
    }

    /** A set with a kernel that does not compile. */
    private record Broken() implements KernelSet {

        @Override
        public String name() {
            return "broken";
        }

        @Override
        public Optional<Recipe> recipe(Operation operation) {
            var row = Launch.of("strings", 1).operand(0, operation.writes().getFirst());
            return Optional.of(Recipe.of(
                    row.on(Threads.of(8), caller -> caller.loop(TornadoVmDeviceTest::strings))));
        }
    }

    @Test
    void namesAKernelThatDoesNotCompileAndGoesOnWithOthers() {
        var device = TornadoVmProvider.all().getFirst();
        var values = Buffer.floats("values", 40);
        var schedule = Schedule.named("fill").run(new Program("fill", new Fill(values.all(), 3))).build();
        var refusal = assertThrows(
                DeviceException.class, () -> device.with(new Broken()).open(List.of(schedule)));
        assertTrue(
                refusal.getMessage().startsWith("Device " + device.name() + " could not run program fill")
                        && refusal.getMessage().contains("strings [values[40]]"),
                refusal.getMessage());
        try (var execution = device.open(List.of(schedule))) {
            execution.run(schedule);
            assertEquals(3, execution.floats(values)[39]);
        }
    }

    @Test
    void isOneOfTheDevicesByEachOfItsNames() {
        var first = TornadoVmProvider.all().getFirst();
        assertEquals(first.name(), Devices.named("tornado:0").name());
        assertEquals(first.name(), Devices.named(first.name()).name());
        assertEquals(first.name(), Devices.named(first.name().replaceFirst(":.*", "")).name());
        var refusal = assertThrows(DeviceException.class, () -> Devices.named("tornado:99"));
        assertTrue(refusal.getMessage().contains(first.name()), refusal.getMessage());
    }
}
