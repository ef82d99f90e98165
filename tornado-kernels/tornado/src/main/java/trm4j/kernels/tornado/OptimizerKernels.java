package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.SignSgd;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Both optimizers. */
final class OptimizerKernels {

    private OptimizerKernels() {}

    /** Each thread updates one weight, its moments and its moving average. */
    static void adamAtan2(int[] ints, int at, float beta1, float beta2, float decay, float emaRate, float[] f) {
        int row = ints[Calls.ROW] + at;
        int weightsAt = ints[row];
        int gradientsAt = ints[row + 1];
        int mAt = ints[row + 2];
        int vAt = ints[row + 3];
        int emaAt = ints[row + 4];
        int ratesAt = ints[row + 5];
        int n = ints[row + 6];
        float keep = 1f - f[ratesAt] * decay;
        float step = f[ratesAt + 1];
        float unbias = f[ratesAt + 2];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            float gradient = f[gradientsAt + i];
            float mean = f[mAt + i] * beta1 + gradient * (1f - beta1);
            float square = f[vAt + i] * beta2 + gradient * gradient * (1f - beta2);
            float weight = f[weightsAt + i] * keep
                    - step * TornadoMath.atan2(mean, TornadoMath.sqrt(square) * unbias);
            f[mAt + i] = mean;
            f[vAt + i] = square;
            f[weightsAt + i] = weight;
            f[emaAt + i] = f[emaAt + i] * emaRate + weight * (1f - emaRate);
        }
    }

    /** Each thread updates one element of a row, if it is the batch's first thread for that row. */
    static void signSgd(int[] ints, int at, float decay, float[] f) {
        int row = ints[Calls.ROW] + at;
        int idsAt = ints[row];
        int gradientsAt = ints[row + 1];
        int tableAt = ints[row + 2];
        float lr = f[ints[row + 3]];
        int n = ints[row + 4];
        int width = ints[row + 5];
        int batch = ints[row + 6];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int b = i / width;
            int c = i - b * width;
            int id = ints[idsAt + b];
            int earlier = 0;
            while (ints[idsAt + earlier] != id) {
                earlier++;
            }
            if (earlier == b) {
                float sum = 0;
                for (int other = b; other < batch; other++) {
                    if (ints[idsAt + other] == id) {
                        sum += f[gradientsAt + other * width + c];
                    }
                }
                float sign = 0;
                if (sum > 0) {
                    sign = 1f;
                }
                if (sum < 0) {
                    sign = -1f;
                }
                int place = tableAt + id * width + c;
                f[place] = f[place] * (1f - lr * decay) - lr * sign;
            }
        }
    }

    static Launch adamAtan2(AdamAtan2 op) {
        int[] sizes = {op.weights().size()};
        var operands = List.of(op.weights(), op.gradients(), op.m(), op.v(), op.ema(), op.rates());
        return Launch.elementwise("adamAtan2", operands, sizes, (graph, id, on) -> graph.task(
                id, OptimizerKernels::adamAtan2, on.ints(), on.at(), op.beta1(), op.beta2(), op.decay(),
                op.emaRate(), on.floats()));
    }

    static Launch signSgd(SignSgd op) {
        int width = op.gradients().dim(1);
        int[] sizes = {op.gradients().size(), width, op.ids().size()};
        var operands = List.of(op.ids(), op.gradients(), op.table(), op.rate());
        return Launch.elementwise("signSgd", operands, sizes, (graph, id, on) -> graph.task(
                id, OptimizerKernels::signSgd, on.ints(), on.at(), op.decay(), on.floats()));
    }
}
