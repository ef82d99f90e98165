package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.Halting;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Who halts, what the continue logit should be, and the sums for a progress line. */
final class HaltingKernels {

    private HaltingKernels() {}

    /** Each thread decides on one sequence. (A kernel called step would hide OpenCL's own.) */
    static void halt(int[] ints, int at, int maxSteps, int againstContinue, float[] f) {
        int row = ints[Calls.ROW] + at;
        int qAt = ints[row];
        int minStepsAt = ints[row + 1];
        int stepsAt = ints[row + 2];
        int haltedAt = ints[row + 3];
        int batch = ints[row + 4];
        for (@Parallel int b = 0; b < batch; b++) {
            Calls.count(ints, b);
            float bar = 0;
            if (againstContinue == 1) {
                bar = f[qAt + 2 * b + 1];
            }
            int taken = ints[stepsAt + b] + 1;
            ints[stepsAt + b] = taken;
            int halts = 0;
            if (taken >= maxSteps) {
                halts = 1;
            }
            if (taken >= ints[minStepsAt + b] && f[qAt + 2 * b] > bar) {
                halts = 1;
            }
            ints[haltedAt + b] = halts;
        }
    }

    /** Each thread computes one sequence. */
    static void continueTarget(int[] ints, int at, int maxSteps, float[] f) {
        int row = ints[Calls.ROW] + at;
        int nextQAt = ints[row];
        int stepsAt = ints[row + 1];
        int targetAt = ints[row + 2];
        int batch = ints[row + 3];
        for (@Parallel int b = 0; b < batch; b++) {
            Calls.count(ints, b);
            float value = f[nextQAt + 2 * b];
            if (ints[stepsAt + b] + 1 < maxSteps) {
                value = TornadoMath.max(value, f[nextQAt + 2 * b + 1]);
            }
            f[targetAt + b] = 1f / (1f + TornadoMath.exp(-value));
        }
    }

    /** Each thread computes one of the sums, over the batch in order. */
    static void metrics(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int batch = ints[row + 11];
        for (@Parallel int i = 0; i < Halting.Metrics.SUMS; i++) {
            Calls.count(ints, i);
            float sum = 0;
            for (int b = 0; b < batch; b++) {
                if (i == 5) {
                    sum += f[ints[row + 6] + b];
                } else if (i == 6) {
                    sum += f[ints[row + 7] + b];
                } else if (i == 7) {
                    sum += f[ints[row + 8] + b];
                } else {
                    int count = ints[ints[row + 2] + b];
                    if (count > 0 && ints[ints[row + 5] + b] != 0) {
                        float value = 1f;
                        if (i == 1) {
                            value = (float) ints[ints[row + 1] + b] / count;
                        } else if (i == 2) {
                            value = f[ints[row + 3] + b];
                        } else if (i == 3) {
                            value = agrees(f[ints[row] + 2 * b], f[ints[row + 3] + b]);
                        } else if (i == 4) {
                            value = ints[ints[row + 4] + b];
                        }
                        sum += value;
                    }
                }
            }
            f[ints[row + 9] + i] = sum;
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
                                id, HaltingKernels::halt, on.ints(), on.at(), op.maxSteps(),
                                op.againstContinue() ? 1 : 0, on.floats()));
    }

    private static Launch continueTarget(Halting.ContinueTarget op) {
        int[] sizes = {op.steps().size()};
        return Launch.elementwise(
                "continue target", List.of(op.nextQ(), op.steps(), op.target()), sizes, (graph, id, on) -> graph.task(
                        id, HaltingKernels::continueTarget, on.ints(), on.at(), op.maxSteps(), on.floats()));
    }

    private static Launch metrics(Halting.Metrics op) {
        int[] sizes = {Halting.Metrics.SUMS, op.steps().size()};
        var operands = List.of(
                op.q(), op.right(), op.labelled(), op.exact(), op.steps(), op.halted(), op.loss(), op.haltLoss(),
                op.continueLoss(), op.sums());
        return Launch.elementwise("metrics", operands, sizes, (graph, id, on) -> graph.task(
                id, HaltingKernels::metrics, on.ints(), on.at(), on.floats()));
    }
}
