package trm4j.kernels.tornado;

import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CrossEntropy;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Losses with their gradients, in single precision: many GPUs have no other. */
final class LossKernels {

    private static final int GROUP = 128;

    private LossKernels() {}

    /** Columns of crossEntropy. */
    private static final class CrossEntropyRow {
        static final int LOGITS = 0, LABELS = 1, D_LOGITS = 2, PREDICTIONS = 3, LOSS = 4, RIGHT = 5, LABELLED = 6,
                EXACT = 7, LENGTH = 8, CLASSES = 9, END = 10;
    }

    /** Each work-group computes one sequence, each thread some of its positions; sums are trees. */
    static void crossEntropy(
            KernelContext context, int[] ints, int at, int stablemax, int trains, float gradScale, float smoothing,
            float[] f) {
        int row = ints[CallTable.ROW] + at;
        int b = context.groupIdx;
        int thread = context.localIdx;
        CallTable.count(ints, context.globalIdx);
        int length = ints[row + CrossEntropyRow.LENGTH];
        int classes = ints[row + CrossEntropyRow.CLASSES];
        int logitsAt = ints[row + CrossEntropyRow.LOGITS] + b * length * classes;
        int labelsAt = ints[row + CrossEntropyRow.LABELS] + b * length;
        int dLogitsAt = ints[row + CrossEntropyRow.D_LOGITS] + b * length * classes;
        int predictionsAt = ints[row + CrossEntropyRow.PREDICTIONS] + b * length;
        float[] losses = context.allocateFloatLocalArray(GROUP);
        int[] counts = context.allocateIntLocalArray(GROUP);
        int[] hits = context.allocateIntLocalArray(GROUP);
        int count = 0;
        for (int t = thread; t < length; t += GROUP) {
            if (ints[labelsAt + t] >= 0) {
                count++;
            }
        }
        counts[thread] = count;
        for (int half = GROUP / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                counts[thread] += counts[thread + half];
            }
        }
        context.localBarrier();
        float weight = 1f / TornadoMath.max(1, counts[0]);
        float rest = smoothing / classes;
        float right = 1f - smoothing + rest;
        float sum = 0;
        int hit = 0;
        for (int t = thread; t < length; t += GROUP) {
            int from = logitsAt + t * classes;
            int label = ints[labelsAt + t];
            int best = 0;
            float max = f[from];
            for (int c = 1; c < classes; c++) {
                if (f[from + c] > max) {
                    max = f[from + c];
                    best = c;
                }
            }
            ints[predictionsAt + t] = best;
            float total = 0;
            for (int c = 0; c < classes; c++) {
                total += mass(stablemax, f[from + c], max);
            }
            if (label >= 0) {
                if (best == label) {
                    hit++;
                }
                float own = TornadoMath.log(total / mass(stablemax, f[from + label], max));
                if (smoothing > 0) {
                    float all = 0;
                    for (int c = 0; c < classes; c++) {
                        if (stablemax == 0) {
                            all += TornadoMath.log(total) - (f[from + c] - max);
                        } else {
                            all += TornadoMath.log(total / mass(stablemax, f[from + c], max));
                        }
                    }
                    own = (1f - smoothing) * own + rest * all;
                }
                sum += own;
            }
            if (trains == 1) {
                int to = dLogitsAt + t * classes;
                for (int c = 0; c < classes; c++) {
                    float gradient = 0;
                    if (label >= 0) {
                        float v = f[from + c];
                        float p = mass(stablemax, v, max);
                        float d = p / total;
                        if (c == label) {
                            d = d - right;
                        } else {
                            d = d - rest;
                        }
                        gradient = gradScale * weight * d * slope(stablemax, v, p);
                    }
                    f[to + c] = gradient;
                }
            }
        }
        losses[thread] = sum;
        hits[thread] = hit;
        for (int half = GROUP / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                losses[thread] += losses[thread + half];
                hits[thread] += hits[thread + half];
            }
        }
        if (thread == 0) {
            f[ints[row + CrossEntropyRow.LOSS] + b] = weight * losses[0];
            ints[ints[row + CrossEntropyRow.RIGHT] + b] = hits[0];
            ints[ints[row + CrossEntropyRow.LABELLED] + b] = counts[0];
            float all = 0;
            if (hits[0] == counts[0]) {
                all = 1f;
            }
            f[ints[row + CrossEntropyRow.EXACT] + b] = all;
        }
    }

    /** A logit's part of the probabilities, before they are divided by their sum. */
    private static float mass(int stablemax, float v, float max) {
        if (stablemax == 0) {
            return TornadoMath.exp(v - max);
        }
        return v >= 0 ? v + 1f : 1f / (1f - v);
    }

    /** d log(mass) / dv. */
    private static float slope(int stablemax, float v, float mass) {
        if (stablemax == 0) {
            return 1f;
        }
        return v >= 0 ? 1f / mass : mass;
    }

    /** Columns of binaryCrossEntropy. */
    private static final class BinaryRow {
        static final int LOGITS = 0, TARGETS = 1, D_LOGITS = 2, LOSS = 3, BATCH = 4, WIDTH = 5, COLUMN = 6,
                END = 7;
    }

    /** Each thread computes one sequence. */
    static void binaryCrossEntropy(int[] ints, int at, float gradScale, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int logitsAt = ints[row + BinaryRow.LOGITS];
        int targetsAt = ints[row + BinaryRow.TARGETS];
        int dLogitsAt = ints[row + BinaryRow.D_LOGITS];
        int lossAt = ints[row + BinaryRow.LOSS];
        int batch = ints[row + BinaryRow.BATCH];
        int columns = ints[row + BinaryRow.WIDTH];
        int column = ints[row + BinaryRow.COLUMN];
        for (@Parallel int b = 0; b < batch; b++) {
            CallTable.count(ints, b);
            float v = f[logitsAt + b * columns + column];
            float target = f[targetsAt + b];
            f[dLogitsAt + b * columns + column] = gradScale * (1f / (1f + TornadoMath.exp(-v)) - target);
            float tail = TornadoMath.exp(-TornadoMath.abs(v));
            // log(1 + tail), whose digits 1 + tail would lose where tail is small.
            float log = tail;
            if (tail > 1e-3f) {
                log = TornadoMath.log(1f + tail);
            } else {
                log = tail * (1f - tail * (0.5f - tail * 0.33333334f));
            }
            f[lossAt + b] = TornadoMath.max(v, 0f) - v * target + log;
        }
    }

    static Recipe crossEntropy(CrossEntropy op) {
        int stablemax = op.kind() == CrossEntropy.Kind.STABLEMAX ? 1 : 0;
        int trains = op.dLogits().isPresent() ? 1 : 0;
        return Recipe.of(Launch.of("crossEntropy", CrossEntropyRow.END)
                .operand(CrossEntropyRow.LOGITS, op.logits())
                .operand(CrossEntropyRow.LABELS, op.labels())
                // Without gradients the logits stand in for them, untouched.
                .operand(CrossEntropyRow.D_LOGITS, op.dLogits().orElse(op.logits()))
                .operand(CrossEntropyRow.PREDICTIONS, op.predictions())
                .operand(CrossEntropyRow.LOSS, op.loss())
                .operand(CrossEntropyRow.RIGHT, op.right())
                .operand(CrossEntropyRow.LABELLED, op.labelled())
                .operand(CrossEntropyRow.EXACT, op.exact())
                .size(CrossEntropyRow.LENGTH, op.logits().dim(1))
                .size(CrossEntropyRow.CLASSES, op.logits().dim(2))
                .on(Threads.rows(op.logits().dim(0), GROUP), caller ->
                        caller.groups(
                                LossKernels::crossEntropy, stablemax, trains, op.gradScale(), op.smoothing())));
    }

    static Recipe binaryCrossEntropy(BinaryCrossEntropy op) {
        int batch = op.logits().dim(0);
        return Recipe.of(Launch.of("binaryCrossEntropy", BinaryRow.END)
                .operand(BinaryRow.LOGITS, op.logits())
                .operand(BinaryRow.TARGETS, op.targets())
                .operand(BinaryRow.D_LOGITS, op.dLogits())
                .operand(BinaryRow.LOSS, op.loss())
                .size(BinaryRow.BATCH, batch)
                .size(BinaryRow.WIDTH, op.logits().dim(1))
                .size(BinaryRow.COLUMN, op.column())
                .on(Threads.of(batch), caller -> caller.loop(LossKernels::binaryCrossEntropy, op.gradScale())));
    }
}
