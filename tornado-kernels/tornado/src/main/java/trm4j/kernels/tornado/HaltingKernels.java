package trm4j.kernels.tornado;

import trm4j.kernels.op.Halting;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Who halts, what the continue logit should be, and the sums for a progress line. */
final class HaltingKernels {

    private HaltingKernels() {}

    /** Columns of halt. */
    private static final class HaltRow {
        static final int Q = 0, MIN_STEPS = 1, STEPS = 2, HALTED = 3, BATCH = 4, END = 5;
    }

    /** Each thread decides on one sequence. (A kernel called step would hide OpenCL's own.) */
    static void halt(int[] ints, int at, int maxSteps, int againstContinue, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int qAt = ints[row + HaltRow.Q];
        int minStepsAt = ints[row + HaltRow.MIN_STEPS];
        int stepsAt = ints[row + HaltRow.STEPS];
        int haltedAt = ints[row + HaltRow.HALTED];
        int batch = ints[row + HaltRow.BATCH];
        for (@Parallel int b = 0; b < batch; b++) {
            CallTable.count(ints, b);
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

    /** Columns of continueTarget. */
    private static final class TargetRow {
        static final int NEXT_Q = 0, STEPS = 1, TARGET = 2, BATCH = 3, END = 4;
    }

    /** Each thread computes one sequence. */
    static void continueTarget(int[] ints, int at, int maxSteps, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int nextQAt = ints[row + TargetRow.NEXT_Q];
        int stepsAt = ints[row + TargetRow.STEPS];
        int targetAt = ints[row + TargetRow.TARGET];
        int batch = ints[row + TargetRow.BATCH];
        for (@Parallel int b = 0; b < batch; b++) {
            CallTable.count(ints, b);
            float value = f[nextQAt + 2 * b];
            if (ints[stepsAt + b] + 1 < maxSteps) {
                value = TornadoMath.max(value, f[nextQAt + 2 * b + 1]);
            }
            f[targetAt + b] = 1f / (1f + TornadoMath.exp(-value));
        }
    }

    /** Columns of metrics. */
    private static final class MetricsRow {
        static final int Q = 0, RIGHT = 1, LABELLED = 2, EXACT = 3, STEPS = 4, HALTED = 5, LOSS = 6, HALT_LOSS = 7,
                CONTINUE_LOSS = 8, SUMS = 9, BATCH = 10, END = 11;
    }

    /** Each thread computes one of the sums, over the batch in order. */
    static void metrics(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int batch = ints[row + MetricsRow.BATCH];
        for (@Parallel int i = 0; i < Halting.Metrics.SUMS; i++) {
            CallTable.count(ints, i);
            float sum = 0;
            for (int b = 0; b < batch; b++) {
                if (i == 5) {
                    sum += f[ints[row + MetricsRow.LOSS] + b];
                } else if (i == 6) {
                    sum += f[ints[row + MetricsRow.HALT_LOSS] + b];
                } else if (i == 7) {
                    sum += f[ints[row + MetricsRow.CONTINUE_LOSS] + b];
                } else {
                    int count = ints[ints[row + MetricsRow.LABELLED] + b];
                    if (count > 0 && ints[ints[row + MetricsRow.HALTED] + b] != 0) {
                        float value = 1f;
                        if (i == 1) {
                            value = (float) ints[ints[row + MetricsRow.RIGHT] + b] / count;
                        } else if (i == 2) {
                            value = f[ints[row + MetricsRow.EXACT] + b];
                        } else if (i == 3) {
                            value = agrees(f[ints[row + MetricsRow.Q] + 2 * b], f[ints[row + MetricsRow.EXACT] + b]);
                        } else if (i == 4) {
                            value = ints[ints[row + MetricsRow.STEPS] + b];
                        }
                        sum += value;
                    }
                }
            }
            f[ints[row + MetricsRow.SUMS] + i] = sum;
        }
    }

    /** 1 where a halt logit says what is so, else 0. */
    private static float agrees(float halt, float exact) {
        float says = halt >= 0 ? 1f : 0f;
        float so = exact > 0 ? 1f : 0f;
        return says == so ? 1f : 0f;
    }

    static Recipe step(Halting.Step op) {
        int batch = op.steps().size();
        return Recipe.of(Launch.of("halting step", HaltRow.END)
                .operand(HaltRow.Q, op.q())
                .operand(HaltRow.MIN_STEPS, op.minSteps())
                .operand(HaltRow.STEPS, op.steps())
                .operand(HaltRow.HALTED, op.halted())
                .size(HaltRow.BATCH, batch)
                .on(Threads.of(batch), caller ->
                        caller.loop(HaltingKernels::halt, op.maxSteps(), op.againstContinue() ? 1 : 0)));
    }

    static Recipe continueTarget(Halting.ContinueTarget op) {
        int batch = op.steps().size();
        return Recipe.of(Launch.of("continue target", TargetRow.END)
                .operand(TargetRow.NEXT_Q, op.nextQ())
                .operand(TargetRow.STEPS, op.steps())
                .operand(TargetRow.TARGET, op.target())
                .size(TargetRow.BATCH, batch)
                .on(Threads.of(batch), caller -> caller.loop(HaltingKernels::continueTarget, op.maxSteps())));
    }

    static Recipe metrics(Halting.Metrics op) {
        return Recipe.of(Launch.of("metrics", MetricsRow.END)
                .operand(MetricsRow.Q, op.q())
                .operand(MetricsRow.RIGHT, op.right())
                .operand(MetricsRow.LABELLED, op.labelled())
                .operand(MetricsRow.EXACT, op.exact())
                .operand(MetricsRow.STEPS, op.steps())
                .operand(MetricsRow.HALTED, op.halted())
                .operand(MetricsRow.LOSS, op.loss())
                .operand(MetricsRow.HALT_LOSS, op.haltLoss())
                .operand(MetricsRow.CONTINUE_LOSS, op.continueLoss())
                .operand(MetricsRow.SUMS, op.sums())
                .size(MetricsRow.BATCH, op.steps().size())
                .on(Threads.of(Halting.Metrics.SUMS), caller -> caller.loop(HaltingKernels::metrics)));
    }
}
