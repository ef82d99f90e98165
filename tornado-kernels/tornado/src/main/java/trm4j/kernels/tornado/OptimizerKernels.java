package trm4j.kernels.tornado;

import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.SignSgd;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Both optimizers. */
final class OptimizerKernels {

    private OptimizerKernels() {}

    /** Columns of adamAtan2. */
    private static final class AdamRow {
        static final int WEIGHTS = 0, GRADIENTS = 1, M = 2, V = 3, EMA = 4, RATES = 5, N = 6, END = 7;
    }

    /** Each thread updates one weight, its moments and its moving average. */
    static void adamAtan2(int[] ints, int at, float beta1, float beta2, float decay, float emaRate, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int weightsAt = ints[row + AdamRow.WEIGHTS];
        int gradientsAt = ints[row + AdamRow.GRADIENTS];
        int mAt = ints[row + AdamRow.M];
        int vAt = ints[row + AdamRow.V];
        int emaAt = ints[row + AdamRow.EMA];
        int ratesAt = ints[row + AdamRow.RATES];
        int n = ints[row + AdamRow.N];
        float keep = 1f - f[ratesAt] * decay;
        float step = f[ratesAt + 1];
        float unbias = f[ratesAt + 2];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
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

    /** Columns of signSgd. */
    private static final class SignRow {
        static final int IDS = 0, GRADIENTS = 1, TABLE = 2, RATE = 3, N = 4, WIDTH = 5, BATCH = 6, END = 7;
    }

    /** Each thread updates one element of a row, if it is the batch's first thread for that row. */
    static void signSgd(int[] ints, int at, float decay, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int idsAt = ints[row + SignRow.IDS];
        int gradientsAt = ints[row + SignRow.GRADIENTS];
        int tableAt = ints[row + SignRow.TABLE];
        float lr = f[ints[row + SignRow.RATE]];
        int n = ints[row + SignRow.N];
        int width = ints[row + SignRow.WIDTH];
        int batch = ints[row + SignRow.BATCH];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
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

    static Recipe adamAtan2(AdamAtan2 op) {
        int n = op.weights().size();
        return Recipe.of(Launch.of("adamAtan2", AdamRow.END)
                .operand(AdamRow.WEIGHTS, op.weights())
                .operand(AdamRow.GRADIENTS, op.gradients())
                .operand(AdamRow.M, op.m())
                .operand(AdamRow.V, op.v())
                .operand(AdamRow.EMA, op.ema())
                .operand(AdamRow.RATES, op.rates())
                .size(AdamRow.N, n)
                .on(Threads.of(n), caller -> caller.loop(
                        OptimizerKernels::adamAtan2, op.beta1(), op.beta2(), op.decay(), op.emaRate())));
    }

    static Recipe signSgd(SignSgd op) {
        int n = op.gradients().size();
        return Recipe.of(Launch.of("signSgd", SignRow.END)
                .operand(SignRow.IDS, op.ids())
                .operand(SignRow.GRADIENTS, op.gradients())
                .operand(SignRow.TABLE, op.table())
                .operand(SignRow.RATE, op.rate())
                .size(SignRow.N, n)
                .size(SignRow.WIDTH, op.gradients().dim(1))
                .size(SignRow.BATCH, op.ids().size())
                .on(Threads.of(n), caller -> caller.loop(OptimizerKernels::signSgd, op.decay())));
    }
}
