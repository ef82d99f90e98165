package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.RmsNorm;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** RMSNorm over the middle axis of [outer, n, inner]. Each thread computes one column. */
final class RmsNormColumns {

    private RmsNormColumns() {}

    static void forward(int[] ints, int at, float epsilon, float[] f) {
        int row = ints[Calls.ROW] + at;
        int xAt = ints[row];
        int residualAt = ints[row + 1];
        int yAt = ints[row + 2];
        int scaleAt = ints[row + 3];
        int columns = ints[row + 4];
        int n = ints[row + 5];
        int inner = ints[row + 6];
        for (@Parallel int i = 0; i < columns; i++) {
            Calls.count(ints, i);
            int first = i + i / inner * inner * (n - 1);
            float sum = 0;
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                float s = f[xAt + place] + f[residualAt + place];
                sum += s * s;
            }
            float factor = 1f / TornadoMath.sqrt(sum / n + epsilon);
            f[scaleAt + i] = factor;
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                f[yAt + place] = (f[xAt + place] + f[residualAt + place]) * factor;
            }
        }
    }

    static void backward(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int dyAt = ints[row];
        int yAt = ints[row + 1];
        int scaleAt = ints[row + 2];
        int dSumAt = ints[row + 3];
        int columns = ints[row + 4];
        int n = ints[row + 5];
        int inner = ints[row + 6];
        for (@Parallel int i = 0; i < columns; i++) {
            Calls.count(ints, i);
            int first = i + i / inner * inner * (n - 1);
            float sum = 0;
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                sum += f[dyAt + place] * f[yAt + place];
            }
            float mean = sum / n;
            float factor = f[scaleAt + i];
            for (int j = 0; j < n; j++) {
                int place = first + j * inner;
                f[dSumAt + place] = factor * (f[dyAt + place] - f[yAt + place] * mean);
            }
        }
    }

    static Launch forward(RmsNorm.Forward op) {
        int[] sizes = {op.x().dim(0) * op.x().dim(2), op.x().dim(1), op.x().dim(2)};
        return Launch.elementwise(
                "rmsNorm", List.of(op.x(), op.residual(), op.y(), op.scale()), sizes, (graph, id, on) -> graph.task(
                        id, RmsNormColumns::forward, on.ints(), on.at(), op.epsilon(), on.floats()));
    }

    static Launch backward(RmsNorm.Backward op) {
        int[] sizes = {op.dy().dim(0) * op.dy().dim(2), op.dy().dim(1), op.dy().dim(2)};
        return Launch.elementwise(
                "rmsNorm backward", List.of(op.dy(), op.y(), op.scale(), op.dSum()), sizes, (graph, id, on) ->
                        graph.task(
                                id, RmsNormColumns::backward, on.ints(), on.at(), on.floats()));
    }
}
