package trm4j.kernels.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;

/** A case compiled for a device, with its operands placed in buffers that hold other elements too. */
public final class OperationRunner implements AutoCloseable {

    /** Surrounds operands: whatever reads it gets NaN, or an id that no table has. */
    private static final int SENTINEL = Float.floatToRawIntBits(Float.NaN);

    private final Placement placement;
    private final Map<Operand, Tensor> tensors = new LinkedHashMap<>();
    private final List<Schedule> schedules;
    private final Execution execution;

    /** Makes a runner that gives each operand a buffer of its own. */
    public OperationRunner(Device device, OperationCase.Setup setup) {
        this(device, setup, Placement.ALONE);
    }

    OperationRunner(Device device, OperationCase.Setup setup, Placement placement) {
        this.placement = placement;
        // Neighbouring operands go by different indices with different values, so that a mix-up shows.
        var up = new Index("up", placement.slots());
        var down = new Index("down", placement.slots());
        for (var operand : setup.operands()) {
            tensors.put(operand, place(operand, tensors.size() % 2 == 0 ? up : down));
        }
        var program = new Program("case", setup.operations().apply(tensors::get));
        schedules = IntStream.range(0, placement.slots())
                .mapToObj(slot -> Schedule.named("slot " + slot)
                        .with(up, slot)
                        .with(down, placement.slots() - 1 - slot)
                        .run(program)
                        .build())
                .toList();
        execution = device.open(schedules);
    }

    /** Runs a case on a device, with its operands in each of some placements, and checks what comes out. */
    public static void check(Device device, OperationCase operation, Placement... placements) {
        var setup = operation.setup();
        var outcomes = new ArrayList<Outcome>();
        for (var placement : placements) {
            try (var runner = new OperationRunner(device, setup, placement)) {
                placement.ends().mapToObj(runner::run).forEach(outcomes::add);
            }
        }
        for (var operand : setup.operands()) {
            var after = operand.after().get();
            outcomes.forEach(outcome -> after.check(operation + ": " + operand.name(), outcome.numbers(operand)));
        }
    }

    /** Runs a case on two devices, and checks that they give the same bits; what is right, others check. */
    public static void checkSame(Device device, Device other, OperationCase operation, Placement placement) {
        var setup = operation.setup();
        try (var one = new OperationRunner(device, setup, placement);
                var two = new OperationRunner(other, setup, placement)) {
            placement.ends().forEach(slot ->
                    assertEquals(two.run(slot).digest(), one.run(slot).digest(), operation::toString));
        }
    }

    private Tensor place(Operand operand, Index index) {
        int slot = placement.slot(operand.size());
        var buffer = Buffer.of(operand.name(), operand.type(), placement.slots(), slot);
        var chosen = placement.slots() == 1 ? buffer.at(0) : buffer.at(index);
        int[] dimensions = operand.shape().dimensions().stream().mapToInt(d -> d).toArray();
        return chosen.part(placement.before(), dimensions);
    }

    /** Runs once, on operands in the first slots. */
    public Outcome run() {
        return run(0);
    }

    /** Runs once, on operands in these slots. */
    Outcome run(int slot) {
        tensors.forEach((operand, tensor) -> {
            var bits = new int[tensor.buffer().size()];
            Arrays.fill(bits, SENTINEL);
            for (int i = 0; i < operand.size(); i++) {
                bits[start(tensor, slot) + i] = operand.type() == ElementType.I32
                        ? (int) operand.before()[i]
                        : Float.floatToRawIntBits((float) operand.before()[i]);
            }
            write(tensor.buffer(), bits);
        });
        execution.run(schedules.get(slot));
        var bits = new LinkedHashMap<Operand, int[]>();
        tensors.forEach((operand, tensor) -> {
            var all = read(tensor.buffer());
            int start = start(tensor, slot);
            for (int i = 0; i < all.length; i++) {
                if ((i < start || i >= start + operand.size()) && all[i] != SENTINEL) {
                    fail(operand.name() + ": element " + (i - start) + ", beside it, was written");
                }
            }
            bits.put(operand, Arrays.copyOfRange(all, start, start + operand.size()));
        });
        return new Outcome(bits);
    }

    private int start(Tensor tensor, int slot) {
        var index = tensor.index();
        int value = index == null ? 0 : index.name().equals("up") ? slot : placement.slots() - 1 - slot;
        return tensor.offset() + value * tensor.stride();
    }

    private void write(Buffer buffer, int[] bits) {
        if (buffer.type() == ElementType.I32) {
            execution.write(buffer, bits);
            return;
        }
        var values = new float[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = Float.intBitsToFloat(bits[i]);
        }
        execution.write(buffer, values);
    }

    private int[] read(Buffer buffer) {
        if (buffer.type() == ElementType.I32) {
            return execution.ints(buffer);
        }
        var values = execution.floats(buffer);
        var bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @Override
    public void close() {
        execution.close();
    }

    /** The bits that operands held after a run. */
    public record Outcome(Map<Operand, int[]> bits) {

        double[] numbers(Operand operand) {
            var found = bits.get(operand);
            var numbers = new double[found.length];
            for (int i = 0; i < found.length; i++) {
                numbers[i] = operand.type() == ElementType.I32 ? found[i] : Float.intBitsToFloat(found[i]);
            }
            return numbers;
        }

        /** Returns a number that differs where a bit differs, but for a rare accident. */
        public long digest() {
            long digest = 0;
            for (var found : bits.values()) {
                for (int word : found) {
                    digest = 0x9E3779B97F4A7C15L * (digest ^ Integer.toUnsignedLong(word)) + 1;
                    digest ^= digest >>> 29;
                }
            }
            return digest;
        }
    }
}
