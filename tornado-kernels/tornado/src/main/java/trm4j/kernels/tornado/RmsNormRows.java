package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.RmsNorm;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** RMSNorm over the last axis. Each work-group computes one row, its sum as a tree. */
final class RmsNormRows {

    private static final int GROUP = 128;

    private RmsNormRows() {}

    static void forward(KernelContext context, int[] ints, int at, float epsilon, float[] f) {
        int row = ints[Calls.ROW] + at;
        int n = ints[row + 4];
        int group = context.groupIdx;
        int thread = context.localIdx;
        Calls.count(ints, context.globalIdx);
        int xAt = ints[row] + group * n;
        int residualAt = ints[row + 1] + group * n;
        int yAt = ints[row + 2] + group * n;
        float[] sums = context.allocateFloatLocalArray(GROUP);
        float sum = 0;
        for (int i = thread; i < n; i += GROUP) {
            float s = f[xAt + i] + f[residualAt + i];
            sum += s * s;
        }
        sums[thread] = sum;
        for (int half = GROUP / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                sums[thread] += sums[thread + half];
            }
        }
        context.localBarrier();
        float factor = 1f / TornadoMath.sqrt(sums[0] / n + epsilon);
        for (int i = thread; i < n; i += GROUP) {
            f[yAt + i] = (f[xAt + i] + f[residualAt + i]) * factor;
        }
        if (thread == 0) {
            f[ints[row + 3] + group] = factor;
        }
    }

    static void backward(KernelContext context, int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int n = ints[row + 4];
        int group = context.groupIdx;
        int thread = context.localIdx;
        Calls.count(ints, context.globalIdx);
        int dyAt = ints[row] + group * n;
        int yAt = ints[row + 1] + group * n;
        int dSumAt = ints[row + 3] + group * n;
        float factor = f[ints[row + 2] + group];
        float[] sums = context.allocateFloatLocalArray(GROUP);
        float sum = 0;
        for (int i = thread; i < n; i += GROUP) {
            sum += f[dyAt + i] * f[yAt + i];
        }
        sums[thread] = sum;
        for (int half = GROUP / 2; half > 0; half /= 2) {
            context.localBarrier();
            if (thread < half) {
                sums[thread] += sums[thread + half];
            }
        }
        context.localBarrier();
        float mean = sums[0] / n;
        for (int i = thread; i < n; i += GROUP) {
            f[dSumAt + i] = factor * (f[dyAt + i] - f[yAt + i] * mean);
        }
    }

    static Launch forward(RmsNorm.Forward op) {
        return new Launch(
                "rmsNorm", Threads.rows(op.x().dim(0), GROUP), List.of(op.x(), op.residual(), op.y(), op.scale()),
                new int[] {op.x().dim(1)}, (graph, id, on) -> graph.task(
                        id, RmsNormRows::forward, on.context(), on.ints(), on.at(), op.epsilon(), on.floats()));
    }

    static Launch backward(RmsNorm.Backward op) {
        return new Launch(
                "rmsNorm backward", Threads.rows(op.dy().dim(0), GROUP),
                List.of(op.dy(), op.y(), op.scale(), op.dSum()), new int[] {op.dy().dim(1)}, (graph, id, on) ->
                        graph.task(
                                id, RmsNormRows::backward, on.context(), on.ints(), on.at(), on.floats()));
    }
}
