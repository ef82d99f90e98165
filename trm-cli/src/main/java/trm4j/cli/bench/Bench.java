package trm4j.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import trm4j.cli.bench.BenchReport.DeviceReport;
import trm4j.cli.bench.BenchReport.Run;
import trm4j.cli.bench.OperationResult.Check;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;
import trm4j.kernels.device.Precision;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.model.Solver;
import trm4j.model.Trainer;

/**
 * Measures a model on devices: what each can do, each operation of a step on its own, and whole steps. The
 * operations are those that {@link Trainer} and {@link Solver} run.
 */
public final class Bench {

    /** As a share of the largest number. */
    private static final double TOLERANCE = 1e-4;
    /** Where factors of products are rounded, or what is stored: as often what one number loses at most. */
    private static final double ROUNDINGS = 4;
    /** The device that others are compared with. */
    private static final String REFERENCE = "cpu";
    private static final double SECONDS_PER_DAY = 24 * 3600;

    private final BenchShape shape;
    private final long seed;
    private final double budget;
    private final Consumer<String> notes;
    private final Workload training;
    private final Workload evaluation;
    private final List<Operation> operations;

    /**
     * A bench of a shape.
     *
     * @param stepsOnly whether the operations are left out
     * @param seed of weights, puzzles and operands
     * @param budget seconds to measure one figure, at least; beside it, up to several times as long to warm up
     * @param notes hears what is being done
     */
    public Bench(BenchShape shape, boolean stepsOnly, long seed, double budget, Consumer<String> notes) {
        this.shape = shape;
        this.seed = seed;
        this.budget = budget;
        this.notes = notes;
        var isolation = new Isolation();
        training = Workload.ofTraining(shape.arch(), shape.train(), isolation);
        evaluation = Workload.ofEvaluation(shape.arch(), shape.train(), isolation);
        var all = new ArrayList<>(training.entries());
        all.addAll(evaluation.entries());
        operations = stepsOnly ? List.of() : all.stream().map(Workload.Entry::operation).distinct().toList();
    }

    /** Measures all devices, one after the other. */
    public BenchReport run(List<Device> devices, String version) {
        var reports = devices.stream().map(this::report).toList();
        return new BenchReport(
                version, Runtime.version().toString(), shape.name(), shape.batch(), shape.arch(), shape.train(),
                reports);
    }

    private DeviceReport report(Device device) {
        var name = device.name() + ": ";
        // Whole steps first: after them, the JIT compiler knows all kernels.
        var steps = new StepBench(device, shape.arch(), shape.train(), seed, budget);
        notes.accept(name + "training steps of " + shape.batch());
        var trainingSteps = steps.training();
        notes.accept(name + "evaluation steps of " + shape.batch());
        var evaluationSteps = steps.evaluation();
        notes.accept(name + "what it can do");
        var peak = Peak.of(device, budget);
        if (!operations.isEmpty()) {
            notes.accept(name + operations.size() + " operations");
        }
        var results = operations.isEmpty() ? List.<OperationResult>of() : operations(device, peak);
        var trained = step(trainingSteps, training, results, OperationResult::trainingCalls, peak);
        var evaluated = step(evaluationSteps, evaluation, results, OperationResult::evaluationCalls, peak);
        double run = (double) shape.run() * shape.runBatch() / trained.samplesPerSecond() / SECONDS_PER_DAY;
        return new DeviceReport(
                device.name(), device.info().description(), peak,
                results.stream().map(r -> r.inStep(trained.time().median())).toList(), trained, evaluated,
                shape.run() == 0 ? null : new Run(shape.run(), shape.runBatch(), run));
    }

    private List<OperationResult> operations(Device device, Peak peak) {
        var inputs = new Inputs(seed);
        try (var bench = new OperationBench(device, operations, inputs);
                var reference = device.name().equals(REFERENCE)
                        ? null
                        : new OperationBench(Devices.named(REFERENCE), operations, inputs)) {
            return operations.stream()
                    .map(op -> result(op, bench, reference, peak, tolerance(op, device.precision())))
                    .toList();
        }
    }

    /** What a device may be off, as a share of the largest number. */
    static double tolerance(Operation operation, Precision precision) {
        if (operation.tensors().anyMatch(tensor -> tensor.type() == ElementType.BF16)) {
            return rounded(Precision.BF16);
        }
        return operation instanceof MatMul ? Math.max(TOLERANCE, rounded(precision)) : TOLERANCE;
    }

    private static double rounded(Precision precision) {
        return ROUNDINGS * Math.scalb(1.0, 1 - precision.bits());
    }

    private OperationResult result(
            Operation operation, OperationBench bench, OperationBench reference, Peak peak, double tolerance) {
        double error = reference == null ? 0 : bench.error(operation, reference);
        boolean right = error <= tolerance;
        long flops = operation.flops();
        long bytes = operation.bytes();
        var time = right ? bench.time(operation, peak.programLaunch(), budget) : null;
        double seconds = right ? time.median() : Double.NaN;
        double least = peak.least(flops, bytes);
        return new OperationResult(
                operation.name(), operation.size(), training.calls(operation), evaluation.calls(operation), flops,
                bytes, reference == null ? Check.REFERENCE : right ? Check.OK : Check.MISMATCH,
                reference == null || Double.isInfinite(error) ? null : error, time, rate(flops, seconds),
                rate(bytes, seconds), rate(least, seconds), 0,
                right ? training.calls(operation) * Math.max(0, seconds - least) : 0);
    }

    /** A share of some seconds, 0 where there are none. */
    private static double rate(double amount, double seconds) {
        return seconds > 0 ? amount / seconds : 0;
    }

    private StepReport step(
            StepBench.Result result, Workload workload, List<OperationResult> operations,
            ToLongFunction<OperationResult> calls, Peak peak) {
        double seconds = result.time().median();
        long flops = workload.flops();
        double alone = operations.stream()
                .filter(OperationResult::passes)
                .mapToDouble(o -> calls.applyAsLong(o) * o.time().median())
                .sum();
        return new StepReport(
                result.time(), shape.batch() / seconds, flops, flops / seconds / peak.flops(), alone / seconds,
                peak.launching(workload.programs(), workload.calls()) / seconds, result.compile(),
                Math.max(0, result.first() - seconds), result.footprint(), result.heap());
    }
}
