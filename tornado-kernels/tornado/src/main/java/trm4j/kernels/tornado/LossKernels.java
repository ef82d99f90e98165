package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CrossEntropy;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Losses with their gradients, in single precision: many GPUs have no other. */
final class LossKernels {

    private static final int GROUP = 128;

    private LossKernels() {}

    /** Each work-group computes one sequence, each thread some of its positions; sums are trees. */
    static void crossEntropy(
            KernelContext context, int[] ints, int at, int stablemax, int trains, float gradScale, float[] f) {
        int row = ints[Calls.ROW] + at;
        int b = context.groupIdx;
        int thread = context.localIdx;
        Calls.count(ints, context.globalIdx);
        int length = ints[row + 8];
        int classes = ints[row + 9];
        int logitsAt = ints[row] + b * length * classes;
        int labelsAt = ints[row + 1] + b * length;
        int dLogitsAt = ints[row + 2] + b * length * classes;
        int predictionsAt = ints[row + 3] + b * length;
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
                sum += TornadoMath.log(total / mass(stablemax, f[from + label], max));
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
                            d = d - 1f;
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
            f[ints[row + 4] + b] = weight * losses[0];
            ints[ints[row + 5] + b] = hits[0];
            ints[ints[row + 6] + b] = counts[0];
            float all = 0;
            if (hits[0] == counts[0]) {
                all = 1f;
            }
            f[ints[row + 7] + b] = all;
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

    /** Each thread computes one sequence. */
    static void binaryCrossEntropy(int[] ints, int at, float gradScale, float[] f) {
        int row = ints[Calls.ROW] + at;
        int logitsAt = ints[row];
        int targetsAt = ints[row + 1];
        int dLogitsAt = ints[row + 2];
        int lossAt = ints[row + 3];
        int batch = ints[row + 4];
        int columns = ints[row + 5];
        int column = ints[row + 6];
        for (@Parallel int b = 0; b < batch; b++) {
            Calls.count(ints, b);
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

    static Launch crossEntropy(CrossEntropy op) {
        // Without gradients the logits stand in for them, untouched.
        var operands = List.of(
                op.logits(), op.labels(), op.dLogits().orElse(op.logits()), op.predictions(), op.loss(), op.right(),
                op.labelled(), op.exact());
        int stablemax = op.kind() == CrossEntropy.Kind.STABLEMAX ? 1 : 0;
        int trains = op.dLogits().isPresent() ? 1 : 0;
        return new Launch(
                "crossEntropy", Threads.rows(op.logits().dim(0), GROUP), operands,
                new int[] {op.logits().dim(1), op.logits().dim(2)}, (graph, id, on) -> graph.task(
                        id, LossKernels::crossEntropy, on.context(), on.ints(), on.at(), stablemax, trains,
                        op.gradScale(), on.floats()));
    }

    static Launch binaryCrossEntropy(BinaryCrossEntropy op) {
        int[] sizes = {op.logits().dim(0), op.logits().dim(1), op.column()};
        var operands = List.of(op.logits(), op.targets(), op.dLogits(), op.loss());
        return Launch.elementwise("binaryCrossEntropy", operands, sizes, (graph, id, on) -> graph.task(
                id, LossKernels::binaryCrossEntropy, on.ints(), on.at(), op.gradScale(), on.floats()));
    }
}
