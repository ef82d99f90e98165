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
    static void adamAtan2(
            int[] calls, int at, float beta1, float beta2, float decay, float emaRate, float[] weights,
            float[] gradients, float[] m, float[] v, float[] ema, float[] rates) {
        int row = calls[Calls.ROW] + at;
        int weightsAt = calls[row];
        int gradientsAt = calls[row + 1];
        int mAt = calls[row + 2];
        int vAt = calls[row + 3];
        int emaAt = calls[row + 4];
        int ratesAt = calls[row + 5];
        int n = calls[row + 6];
        float keep = 1f - rates[ratesAt] * decay;
        float step = rates[ratesAt + 1];
        float unbias = rates[ratesAt + 2];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            float gradient = gradients[gradientsAt + i];
            float mean = m[mAt + i] * beta1 + gradient * (1f - beta1);
            float square = v[vAt + i] * beta2 + gradient * gradient * (1f - beta2);
            float weight = weights[weightsAt + i] * keep
                    - step * TornadoMath.atan2(mean, TornadoMath.sqrt(square) * unbias);
            m[mAt + i] = mean;
            v[vAt + i] = square;
            weights[weightsAt + i] = weight;
            ema[emaAt + i] = ema[emaAt + i] * emaRate + weight * (1f - emaRate);
        }
    }

    /** Each thread updates one element of a row, if it is the batch's first thread for that row. */
    static void signSgd(int[] calls, int at, float decay, int[] ids, float[] gradients, float[] table, float[] rate) {
        int row = calls[Calls.ROW] + at;
        int idsAt = calls[row];
        int gradientsAt = calls[row + 1];
        int tableAt = calls[row + 2];
        float lr = rate[calls[row + 3]];
        int n = calls[row + 4];
        int width = calls[row + 5];
        int batch = calls[row + 6];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            int b = i / width;
            int c = i - b * width;
            int id = ids[idsAt + b];
            int earlier = 0;
            while (ids[idsAt + earlier] != id) {
                earlier++;
            }
            if (earlier == b) {
                float sum = 0;
                for (int other = b; other < batch; other++) {
                    if (ids[idsAt + other] == id) {
                        sum += gradients[gradientsAt + other * width + c];
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
                table[place] = table[place] * (1f - lr * decay) - lr * sign;
            }
        }
    }

    static Launch adamAtan2(AdamAtan2 op) {
        int[] sizes = {op.weights().size()};
        var operands = List.of(op.weights(), op.gradients(), op.m(), op.v(), op.ema(), op.rates());
        return Launch.elementwise("adamAtan2", operands, sizes, (graph, id, on) -> graph.task(
                id, OptimizerKernels::adamAtan2, on.calls(), on.at(), op.beta1(), op.beta2(), op.decay(),
                op.emaRate(), on.floats(0), on.floats(1), on.floats(2), on.floats(3), on.floats(4), on.floats(5)));
    }

    static Launch signSgd(SignSgd op) {
        int width = op.gradients().dim(1);
        int[] sizes = {op.gradients().size(), width, op.ids().size()};
        var operands = List.of(op.ids(), op.gradients(), op.table(), op.rate());
        return Launch.elementwise("signSgd", operands, sizes, (graph, id, on) -> graph.task(
                id, OptimizerKernels::signSgd, on.calls(), on.at(), op.decay(), on.ints(0), on.floats(1),
                on.floats(2), on.floats(3)));
    }
}
