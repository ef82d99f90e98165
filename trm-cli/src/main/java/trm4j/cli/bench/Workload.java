package trm4j.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Operation;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;
import trm4j.model.net.SolvingPrograms;
import trm4j.model.net.TrainingPrograms;

/**
 * What schedules run: each different operation once, with how often it is called.
 *
 * @param entries in the order of their first calls
 * @param programs calls of programs, each of which a device starts on its own
 */
record Workload(List<Entry> entries, long programs) {

    /** An operation on buffers of its own, called so many times. */
    record Entry(Operation operation, long calls) {}

    /** Of a training step. */
    static Workload ofTraining(TrmConfig arch, TrainConfig train, Isolation isolation) {
        var programs = new TrainingPrograms(arch, train, new Parameters(arch), train.microBatches());
        return of(List.of(programs.gradients(arch.depth()), programs.norms, programs.update), isolation);
    }

    /** Of a supervision step of an evaluation. */
    static Workload ofEvaluation(TrmConfig arch, TrainConfig train, Isolation isolation) {
        var programs = new SolvingPrograms(arch, new Parameters(arch), train.loss(), train.batchSize(), false);
        return of(List.of(programs.step), isolation);
    }

    static Workload of(List<Schedule> schedules, Isolation isolation) {
        Map<Operation, Long> calls = new LinkedHashMap<>();
        long programs = 0;
        for (var schedule : schedules) {
            for (var call : schedule.calls()) {
                programs++;
                call.program().operations().forEach(op -> calls.merge(isolation.of(op), 1L, Long::sum));
            }
        }
        var entries = calls.entrySet().stream().map(e -> new Entry(e.getKey(), e.getValue())).toList();
        return new Workload(entries, programs);
    }

    /** Calls of operations. */
    long calls() {
        return entries.stream().mapToLong(Entry::calls).sum();
    }

    long calls(Operation operation) {
        return entries.stream().filter(e -> e.operation.equals(operation)).mapToLong(Entry::calls).sum();
    }

    /** Returns the FLOPs of all calls. */
    long flops() {
        return entries.stream().mapToLong(e -> e.calls * e.operation.flops()).sum();
    }
}
