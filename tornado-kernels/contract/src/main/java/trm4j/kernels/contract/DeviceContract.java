package trm4j.kernels.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.SelectRows;

/** What every device must do. A device's own test extends this. */
public abstract class DeviceContract {

    private static final Buffer COUNT = Buffer.floats("count", 3);
    private static final Buffer ONE = Buffer.floats("one", 3);
    private static final Buffer CHOSEN = Buffer.ints("chosen", 3);
    /** count += 1 everywhere, then once more where it is chosen. */
    private static final Schedule COUNTING = counting();

    /** Returns the device under test. */
    protected abstract Device device();

    @Test
    void buffersStartZeroedAndKeepTheirValues() {
        try (var execution = device().open(List.of(COUNTING))) {
            assertArrayEquals(new float[3], execution.floats(COUNT));
            assertArrayEquals(new int[3], execution.ints(CHOSEN));
            execution.write(CHOSEN, new int[] {1, 0, 1});
            execution.run(COUNTING);
            execution.run(COUNTING);
            assertArrayEquals(new float[] {4, 2, 4}, execution.floats(COUNT));
        }
    }

    @Test
    void executionsHaveBuffersOfTheirOwn() {
        try (var one = device().open(List.of(COUNTING)); var other = device().open(List.of(COUNTING))) {
            one.run(COUNTING);
            assertArrayEquals(new float[3], other.floats(COUNT));
        }
    }

    @Test
    void whatIsReadIsACopy() {
        try (var execution = device().open(List.of(COUNTING))) {
            execution.floats(COUNT)[0] = 9;
            execution.ints(CHOSEN)[0] = 9;
            assertArrayEquals(new float[3], execution.floats(COUNT));
            assertArrayEquals(new int[3], execution.ints(CHOSEN));
        }
    }

    @Test
    void whatIsWrittenIsACopy() {
        try (var execution = device().open(List.of(COUNTING))) {
            var values = new float[] {1, 2, 3};
            execution.write(COUNT, values);
            values[0] = 9;
            assertArrayEquals(new float[] {1, 2, 3}, execution.floats(COUNT));
        }
    }

    @Test
    void refusesMoreOrFewerValuesThanABufferHolds() {
        try (var execution = device().open(List.of(COUNTING))) {
            for (int length : new int[] {2, 4}) {
                refuses("count[3]", () -> execution.write(COUNT, new float[length]));
                refuses("chosen[3]", () -> execution.write(CHOSEN, new int[length]));
            }
        }
    }

    @Test
    void refusesBuffersAndSchedulesItWasNotCompiledFor() {
        var other = Buffer.floats("other", 3);
        var filling = Schedule.named("filling").run(new Program("fill", new Fill(other.all(), 1))).build();
        try (var execution = device().open(List.of(COUNTING))) {
            refuses("other[3]", () -> execution.floats(other));
            refuses("other[3]", () -> execution.write(other, new float[3]));
            refuses("filling", () -> execution.run(filling));
        }
    }

    @Test
    void countsEveryBufferOnce() {
        int bytes = 4 << 14;
        var filling = Schedule.named("filling")
                .run(new Program("fill", new Fill(Buffer.floats("filled", bytes / 4).all(), 1))).build();
        var again = new Schedule("again", filling.calls());
        long once = device().plan(List.of(filling)).bytes();
        assertTrue(once >= bytes, once + " bytes");
        // Another schedule may take a table of its own, but no buffers.
        long more = device().plan(List.of(filling, again)).bytes() - once;
        assertTrue(more >= 0 && more < bytes, more + " bytes more");
    }

    @Test
    void refusesWhatDoesNotFitItsMemory() {
        int elements = 1 << 30;
        long buffers = device().info().capacity() / (4L * elements) + 1;
        var fills = LongStream.range(0, buffers)
                .<Operation>mapToObj(i -> new Fill(Buffer.floats("large", elements).all(), 1))
                .toList();
        var schedule = Schedule.named("large").run(new Program("fill", fills)).build();
        var refusal = assertThrows(DeviceException.class, () -> device().open(List.of(schedule)));
        var sentence = "Needs " + (buffers << 12) + " MiB of memory but device " + device().name() + " has ";
        assertTrue(refusal.getMessage().startsWith(sentence), refusal.getMessage());
    }

    static Stream<Arguments> operations() {
        return Cases.ofEach().entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    /** Fails, by the operation's name, where the device has no kernel for it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.DeviceContract#operations")
    void computesEveryOperation(String name, OperationCase smallest) {
        OperationRunner.check(device(), smallest, Placement.ALONE);
    }

    static Stream<Arguments> roundedOperations() {
        return Cases.ofEachRounded().entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    /** Fails where the device says that it takes bfloat16, and has no kernel for an operation on it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("trm4j.kernels.contract.DeviceContract#roundedOperations")
    void computesActivationsOfBfloat16(String name, OperationCase smallest) {
        assumeTrue(device().stores(ElementType.BF16));
        OperationRunner.check(device(), smallest, Placement.ALONE);
    }

    @Test
    void roundsToBfloat16ToNearestAndHalfToEven() {
        assumeTrue(device().stores(ElementType.BF16));
        var buffer = Buffer.of("rounded", ElementType.BF16, 6);
        var last = new Program("fill", new Fill(buffer.all().part(5, 1), 1.01f));
        var schedule = Schedule.named("fill").run(last).build();
        try (var execution = device().open(List.of(schedule))) {
            float half = 1 + 0x1p-8f;
            execution.write(
                    buffer, new float[] {half, 1 + 0x3p-8f, Math.nextUp(half), -3.4e38f, Float.NaN, 0});
            execution.run(schedule);
            assertArrayEquals(
                    new float[] {1, 1 + 0x1p-6f, 1 + 0x1p-7f, Float.NEGATIVE_INFINITY, Float.NaN, 1 + 0x1p-7f},
                    execution.floats(buffer));
        }
    }

    /** Of three terms the last two are added and rounded before the first, as z_H + x before z_L. */
    @Test
    void roundsTheSumOfTheLastTwoOfThreeTerms() {
        assumeTrue(device().stores(ElementType.BF16));
        var terms = Stream.of("one", "two", "three").map(name -> Buffer.of(name, ElementType.BF16, 2)).toList();
        var sum = new Add(terms.stream().map(Buffer::all).toList(), terms.getFirst().all());
        var schedule = Schedule.named("sum").run(new Program("sum", sum)).build();
        try (var execution = device().open(List.of(schedule))) {
            execution.write(terms.get(0), new float[] {-1, 0x1p-8f});
            execution.write(terms.get(1), new float[] {1, 1});
            execution.write(terms.get(2), new float[] {0x1p-8f, -1});
            execution.run(schedule);
            assertArrayEquals(new float[] {0, 0x1p-8f}, execution.floats(terms.getFirst()));
        }
    }

    /** A sum that bfloat16 does not hold is rounded when it is whole, whatever its length; then it is added. */
    @ParameterizedTest
    @CsvSource({"257, 256", "259, 260", "1028, 1024", "1029, 1032"})
    void roundsWholeProducts(int length, float rounded) {
        assumeTrue(device().stores(ElementType.BF16));
        var a = Buffer.of("a", ElementType.BF16, 1, length);
        var b = Buffer.floats("b", length, 1);
        var product = Buffer.of("product", ElementType.BF16, 1, 1);
        var sum = Buffer.floats("sum", 1, 1);
        var schedule = Schedule.named("products")
                .run(new Program(
                        "products", new Fill(a.all(), 1), new Fill(b.all(), 1.001f), new Fill(sum.all(), 0.25f),
                        MatMul.set(a.all(), false, b.all(), false, product.all()),
                        MatMul.add(a.all(), false, b.all(), false, sum.all())))
                .build();
        try (var execution = device().open(List.of(schedule))) {
            execution.run(schedule);
            assertArrayEquals(new float[] {rounded}, execution.floats(product));
            assertArrayEquals(new float[] {rounded + 0.25f}, execution.floats(sum));
        }
    }

    /** An operation that no device has a kernel for. */
    private record Unheard(Tensor out) implements Operation {

        @Override
        public String name() {
            return "unheard of";
        }

        @Override
        public String size() {
            return out.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of();
        }

        @Override
        public List<Tensor> writes() {
            return List.of(out);
        }

        @Override
        public Unheard map(UnaryOperator<Tensor> to) {
            return new Unheard(to.apply(out));
        }
    }

    @Test
    void refusesAnOperationThatItHasNoKernelFor() {
        var schedule = Schedule.named("unheard").run(new Program("one", new Unheard(COUNT.all()))).build();
        var refusal = assertThrows(DeviceException.class, () -> device().open(List.of(schedule)));
        assertTrue(refusal.getMessage().contains(" unheard of"), refusal.getMessage());
    }

    private static Schedule counting() {
        var more = Buffer.floats("more", 3);
        return Schedule.named("counting")
                .run(new Program(
                        "count", new Fill(ONE.all(), 1), new Add(List.of(COUNT.all(), ONE.all()), COUNT.all())))
                .run(new Program(
                        "count chosen", new Add(List.of(COUNT.all(), ONE.all()), more.all()),
                        new SelectRows(CHOSEN.all(), more.all(), COUNT.all())))
                .build();
    }

    private static void refuses(String named, Executable action) {
        var refusal = assertThrows(IllegalArgumentException.class, action);
        assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
    }
}
