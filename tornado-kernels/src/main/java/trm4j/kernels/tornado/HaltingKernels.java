package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.Halting;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Who halts, what the continue logit should be, and the sums for a progress line. */
final class HaltingKernels {

    private HaltingKernels() {}

    /** Each thread decides on one sequence. */
    static void step(
            int[] calls, int at, int maxSteps, int againstContinue, float[] q, int[] minSteps, int[] steps,
            int[] halted) {
        int row = calls[Calls.ROW] + at;
        int qAt = calls[row];
        int minStepsAt = calls[row + 1];
        int stepsAt = calls[row + 2];
        int haltedAt = calls[row + 3];
        int batch = calls[row + 4];
        for (@Parallel int b = 0; b < batch; b++) {
            Calls.count(calls, b);
            float bar = 0;
            if (againstContinue == 1) {
                bar = q[qAt + 2 * b + 1];
            }
            int taken = steps[stepsAt + b] + 1;
            steps[stepsAt + b] = taken;
            int halts = 0;
            if (taken >= maxSteps) {
                halts = 1;
            }
            if (taken >= minSteps[minStepsAt + b] && q[qAt + 2 * b] > bar) {
                halts = 1;
            }
            halted[haltedAt + b] = halts;
        }
    }

    /** Each thread computes one sequence. */
    static void continueTarget(int[] calls, int at, int maxSteps, float[] nextQ, int[] steps, float[] target) {
        int row = calls[Calls.ROW] + at;
        int nextQAt = calls[row];
        int stepsAt = calls[row + 1];
        int targetAt = calls[row + 2];
        int batch = calls[row + 3];
        for (@Parallel int b = 0; b < batch; b++) {
            Calls.count(calls, b);
            float value = nextQ[nextQAt + 2 * b];
            if (steps[stepsAt + b] + 1 < maxSteps) {
                value = TornadoMath.max(value, nextQ[nextQAt + 2 * b + 1]);
            }
            target[targetAt + b] = 1f / (1f + TornadoMath.exp(-value));
        }
    }

    /** Each thread computes one of the sums, over the batch in order. */
    static void metrics(
            int[] calls, int at, float[] q, int[] right, int[] labelled, float[] exact, int[] steps, int[] halted,
            float[] loss, float[] haltLoss, float[] continueLoss, float[] sums) {
        int row = calls[Calls.ROW] + at;
        int batch = calls[row + 11];
        for (@Parallel int i = 0; i < Halting.Metrics.SUMS; i++) {
            Calls.count(calls, i);
            float sum = 0;
            for (int b = 0; b < batch; b++) {
                if (i == 5) {
                    sum += loss[calls[row + 6] + b];
                } else if (i == 6) {
                    sum += haltLoss[calls[row + 7] + b];
                } else if (i == 7) {
                    sum += continueLoss[calls[row + 8] + b];
                } else {
                    int count = labelled[calls[row + 2] + b];
                    if (count > 0 && halted[calls[row + 5] + b] != 0) {
                        float value = 1f;
                        if (i == 1) {
                            value = (float) right[calls[row + 1] + b] / count;
                        } else if (i == 2) {
                            value = exact[calls[row + 3] + b];
                        } else if (i == 3) {
                            value = agrees(q[calls[row] + 2 * b], exact[calls[row + 3] + b]);
                        } else if (i == 4) {
                            value = steps[calls[row + 4] + b];
                        }
                        sum += value;
                    }
                }
            }
            sums[calls[row + 9] + i] = sum;
        }
    }

    /** 1 where a halt logit says what is so, else 0. */
    private static float agrees(float halt, float exact) {
        float says = halt >= 0 ? 1f : 0f;
        float so = exact > 0 ? 1f : 0f;
        return says == so ? 1f : 0f;
    }

    static Launch of(Halting op) {
        return switch (op) {
            case Halting.Step step -> step(step);
            case Halting.ContinueTarget target -> continueTarget(target);
            case Halting.Metrics metrics -> metrics(metrics);
        };
    }

    private static Launch step(Halting.Step op) {
        int[] sizes = {op.steps().size()};
        return Launch.elementwise(
                "halting step", List.of(op.q(), op.minSteps(), op.steps(), op.halted()), sizes, (graph, id, on) ->
                        graph.task(
                                id, HaltingKernels::step, on.calls(), on.at(), op.maxSteps(),
                                op.againstContinue() ? 1 : 0, on.floats(0), on.ints(1), on.ints(2), on.ints(3)));
    }

    private static Launch continueTarget(Halting.ContinueTarget op) {
        int[] sizes = {op.steps().size()};
        return Launch.elementwise(
                "continue target", List.of(op.nextQ(), op.steps(), op.target()), sizes, (graph, id, on) -> graph.task(
                        id, HaltingKernels::continueTarget, on.calls(), on.at(), op.maxSteps(), on.floats(0),
                        on.ints(1), on.floats(2)));
    }

    private static Launch metrics(Halting.Metrics op) {
        int[] sizes = {Halting.Metrics.SUMS, op.steps().size()};
        var operands = List.of(
                op.q(), op.right(), op.labelled(), op.exact(), op.steps(), op.halted(), op.loss(), op.haltLoss(),
                op.continueLoss(), op.sums());
        return Launch.elementwise("metrics", operands, sizes, (graph, id, on) -> graph.task(
                id, HaltingKernels::metrics, on.calls(), on.at(), on.floats(0), on.ints(1), on.ints(2), on.floats(3),
                on.ints(4), on.ints(5), on.floats(6), on.floats(7), on.floats(8), on.floats(9)));
    }
}
