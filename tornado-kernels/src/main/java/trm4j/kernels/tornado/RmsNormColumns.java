package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.RmsNorm;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** RMSNorm over the middle axis of [outer, n, inner]. Each thread computes one column. */
final class RmsNormColumns {

    private RmsNormColumns() {}

    static void forward(int[] calls, int at, float epsilon, float[] x, float[] residual, float[] y, float[] scale) {
        int row = calls[Calls.ROW] + at;
        int xAt = calls[row];
        int residualAt = calls[row + 1];
        int yAt = calls[row + 2];
        int scaleAt = calls[row + 3];
        int columns = calls[row + 4];
        int n = calls[row + 5];
        int inner = calls[row + 6];
        for (@Parallel int i = 0; i < columns; i++) {
            Calls.count(calls, i);
            int first = i + i / inner * inner * (n - 1);
            float sum = 0;
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                float s = x[xAt + place] + residual[residualAt + place];
                sum += s * s;
            }
            float factor = 1f / TornadoMath.sqrt(sum / n + epsilon);
            scale[scaleAt + i] = factor;
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                y[yAt + place] = (x[xAt + place] + residual[residualAt + place]) * factor;
            }
        }
    }

    static void backward(int[] calls, int at, float[] dy, float[] y, float[] scale, float[] dSum) {
        int row = calls[Calls.ROW] + at;
        int dyAt = calls[row];
        int yAt = calls[row + 1];
        int scaleAt = calls[row + 2];
        int dSumAt = calls[row + 3];
        int columns = calls[row + 4];
        int n = calls[row + 5];
        int inner = calls[row + 6];
        for (@Parallel int i = 0; i < columns; i++) {
            Calls.count(calls, i);
            int first = i + i / inner * inner * (n - 1);
            float sum = 0;
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                sum += dy[dyAt + place] * y[yAt + place];
            }
            float mean = sum / n;
            float factor = scale[scaleAt + i];
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                dSum[dSumAt + place] = factor * (dy[dyAt + place] - y[yAt + place] * mean);
            }
        }
    }

    static Launch forward(RmsNorm.Forward op) {
        int[] sizes = {op.x().dim(0) * op.x().dim(2), op.x().dim(1), op.x().dim(2)};
        return Launch.elementwise(
                "rmsNorm", List.of(op.x(), op.residual(), op.y(), op.scale()), sizes, (graph, id, on) -> graph.task(
                        id, RmsNormColumns::forward, on.calls(), on.at(), op.epsilon(), on.floats(0), on.floats(1),
                        on.floats(2), on.floats(3)));
    }

    static Launch backward(RmsNorm.Backward op) {
        int[] sizes = {op.dy().dim(0) * op.dy().dim(2), op.dy().dim(1), op.dy().dim(2)};
        return Launch.elementwise(
                "rmsNorm backward", List.of(op.dy(), op.y(), op.scale(), op.dSum()), sizes, (graph, id, on) ->
                        graph.task(
                                id, RmsNormColumns::backward, on.calls(), on.at(), on.floats(0), on.floats(1),
                                on.floats(2), on.floats(3)));
    }
}
