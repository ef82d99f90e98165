package trm4j.kernels.cpu;

import trm4j.kernels.op.Halting;

/** Halting, one sequence after the other: a few numbers each, so one thread does it all. */
final class HaltingKernels {

    private HaltingKernels() {}

    static Kernel of(Halting op, Memory memory) {
        return switch (op) {
            case Halting.Step step -> step(step, memory);
            case Halting.ContinueTarget target -> continueTarget(target, memory);
            case Halting.Metrics metrics -> metrics(metrics, memory);
        };
    }

    private static Kernel step(Halting.Step op, Memory memory) {
        var q = memory.view(op.q());
        var minSteps = memory.view(op.minSteps());
        var steps = memory.view(op.steps());
        var halted = memory.view(op.halted());
        return values -> {
            for (int b = 0; b < op.steps().size(); b++) {
                int qAt = q.at(values) + 2 * b;
                float bar = op.againstContinue() ? q.floats()[qAt + 1] : 0;
                int taken = ++steps.ints()[steps.at(values) + b];
                boolean says = q.floats()[qAt] > bar && taken >= minSteps.ints()[minSteps.at(values) + b];
                halted.ints()[halted.at(values) + b] = taken >= op.maxSteps() || says ? 1 : 0;
            }
        };
    }

    private static Kernel continueTarget(Halting.ContinueTarget op, Memory memory) {
        var nextQ = memory.view(op.nextQ());
        var steps = memory.view(op.steps());
        var target = memory.view(op.target());
        return values -> {
            for (int b = 0; b < op.steps().size(); b++) {
                float halt = nextQ.floats()[nextQ.at(values) + 2 * b];
                float goOn = nextQ.floats()[nextQ.at(values) + 2 * b + 1];
                boolean last = steps.ints()[steps.at(values) + b] + 1 >= op.maxSteps();
                double value = last ? halt : Math.max(halt, goOn);
                target.floats()[target.at(values) + b] = (float) (1 / (1 + Math.exp(-value)));
            }
        };
    }

    private static Kernel metrics(Halting.Metrics op, Memory memory) {
        var q = memory.view(op.q());
        var right = memory.view(op.right());
        var labelled = memory.view(op.labelled());
        var exact = memory.view(op.exact());
        var steps = memory.view(op.steps());
        var halted = memory.view(op.halted());
        var loss = memory.view(op.loss());
        var haltLoss = memory.view(op.haltLoss());
        var continueLoss = memory.view(op.continueLoss());
        var sums = memory.view(op.sums());
        return values -> {
            var total = new double[Halting.Metrics.SUMS];
            for (int b = 0; b < op.steps().size(); b++) {
                int count = labelled.ints()[labelled.at(values) + b];
                if (halted.ints()[halted.at(values) + b] != 0 && count > 0) {
                    boolean solved = exact.floats()[exact.at(values) + b] > 0;
                    boolean says = q.floats()[q.at(values) + 2 * b] >= 0;
                    total[0]++;
                    total[1] += (double) right.ints()[right.at(values) + b] / count;
                    total[2] += solved ? 1 : 0;
                    total[3] += says == solved ? 1 : 0;
                    total[4] += steps.ints()[steps.at(values) + b];
                }
                total[5] += loss.floats()[loss.at(values) + b];
                total[6] += haltLoss.floats()[haltLoss.at(values) + b];
                total[7] += continueLoss.floats()[continueLoss.at(values) + b];
            }
            for (int i = 0; i < total.length; i++) {
                sums.floats()[sums.at(values) + i] = (float) total[i];
            }
        };
    }
}
