package trm4j.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Execution;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Operation;

/** Operations on a device, each on its own: checked against another device first, then timed. */
final class OperationBench implements AutoCloseable {

    /** Calls in one sample: as many as take a while together, so that starting them does not count. */
    private static final List<Integer> CALLS = List.of(1, 8, 64);
    private static final double LONG_ENOUGH = 0.05;

    private final Inputs inputs;
    private final Execution execution;
    private final Map<Operation, List<Schedule>> schedules = new IdentityHashMap<>();

    /**
     * Compiles operations.
     *
     * @param operations on buffers of their own
     */
    OperationBench(Device device, List<Operation> operations, Inputs inputs) {
        this.inputs = inputs;
        var all = new ArrayList<Schedule>();
        for (var operation : operations) {
            var program = new Program(operation.name(), operation);
            var forms = CALLS.stream().map(calls -> repeated(program, calls)).toList();
            schedules.put(operation, forms);
            all.addAll(forms);
        }
        execution = device.open(all);
    }

    /** A program so many times. */
    static Schedule repeated(Program program, int calls) {
        var schedule = Schedule.named(program.name() + " x" + calls);
        for (int i = 0; i < calls; i++) {
            schedule.run(program);
        }
        return schedule.build();
    }

    /**
     * How far the results of an operation are from another device's, as a share of the largest of them; infinite
     * where whole numbers differ or something is not a number.
     */
    double error(Operation operation, OperationBench reference) {
        run(operation);
        reference.run(operation);
        var written = new LinkedHashSet<Buffer>();
        operation.writes().forEach(t -> written.add(t.buffer()));
        return written.stream().mapToDouble(buffer -> error(buffer, reference)).max().orElse(0);
    }

    private void run(Operation operation) {
        inputs.write(operation, execution);
        execution.run(schedules.get(operation).getFirst());
    }

    private double error(Buffer buffer, OperationBench reference) {
        if (buffer.type() == ElementType.I32) {
            boolean same = Arrays.equals(execution.ints(buffer), reference.execution.ints(buffer));
            return same ? 0 : Double.POSITIVE_INFINITY;
        }
        return error(execution.floats(buffer), reference.execution.floats(buffer));
    }

    static double error(float[] found, float[] expected) {
        double largest = 0;
        double error = 0;
        for (int i = 0; i < found.length; i++) {
            double difference = Math.abs((double) found[i] - expected[i]);
            if (!Double.isFinite(difference)) {
                return Double.POSITIVE_INFINITY;
            }
            largest = Math.max(largest, Math.abs(expected[i]));
            error = Math.max(error, difference);
        }
        return error == 0 ? 0 : error / largest;
    }

    /**
     * The time of one call, without starting its program.
     *
     * @param launch seconds to start a program
     * @param budget seconds to measure, and half of that to warm up: whole steps, which ran before, have compiled
     *     the code
     */
    Times time(Operation operation, double launch, double budget) {
        var forms = schedules.get(operation);
        inputs.write(operation, execution);
        double once = Times.warmUp(budget / 2, () -> execution.run(forms.getFirst()));
        int form = 0;
        while (form + 1 < CALLS.size() && once * CALLS.get(form + 1) <= LONG_ENOUGH) {
            form++;
        }
        var chosen = forms.get(form);
        Runnable before = operation.decays() ? () -> inputs.write(operation, execution) : () -> {};
        return Times.measure(budget, before, () -> execution.run(chosen)).per(CALLS.get(form)).less(launch);
    }

    @Override
    public void close() {
        execution.close();
    }
}
