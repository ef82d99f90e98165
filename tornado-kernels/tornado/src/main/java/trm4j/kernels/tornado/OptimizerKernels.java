package trm4j.kernels.tornado;

import java.util.ArrayList;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.SignSgd;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/** Both optimizers. */
final class OptimizerKernels {

    private OptimizerKernels() {}

    /** Columns of adamAtan2 and adamAtan2Vectors. */
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

    /** For processors, and whole vectors. Each thread updates some vectors of 16 weights. */
    static void adamAtan2Vectors(int[] ints, int at, float beta1, float beta2, float decay, float emaRate, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int ratesAt = ints[row + AdamRow.RATES];
        int n = ints[row + AdamRow.N];
        Float16 keep = Lanes.all(1f - f[ratesAt] * decay);
        Float16 step = Lanes.all(f[ratesAt + 1]);
        Float16 unbias = Lanes.all(f[ratesAt + 2]);
        int threads = (n + Lanes.SHARE - 1) / Lanes.SHARE;
        for (@Parallel int t = 0; t < threads; t++) {
            CallTable.count(ints, t);
            for (int i = t * Lanes.SHARE; i < Math.min((t + 1) * Lanes.SHARE, n); i++) {
                int first = i * Lanes.COUNT;
                int weights = ints[row + AdamRow.WEIGHTS] + first;
                int ema = ints[row + AdamRow.EMA] + first;
                Float16 gradient = Lanes.load(f, ints[row + AdamRow.GRADIENTS] + first);
                Float16 mean = Float16.add(
                        Float16.mult(Lanes.load(f, ints[row + AdamRow.M] + first), Lanes.all(beta1)),
                        Float16.mult(gradient, Lanes.all(1f - beta1)));
                Float16 square = Float16.add(
                        Float16.mult(Lanes.load(f, ints[row + AdamRow.V] + first), Lanes.all(beta2)),
                        Float16.mult(Float16.mult(gradient, gradient), Lanes.all(1f - beta2)));
                Lanes.store(f, ints[row + AdamRow.M] + first, mean);
                Lanes.store(f, ints[row + AdamRow.V] + first, square);
                // Vectors have no root: it is taken one by one, where the average will stand.
                Float16 average = Float16.mult(Lanes.load(f, ema), Lanes.all(emaRate));
                Lanes.store(f, ema, square);
                for (int c = ema; c < ema + Lanes.COUNT; c++) {
                    f[c] = TornadoMath.sqrt(f[c]);
                }
                Float16 turn = Lanes.atan2(mean, Float16.mult(Lanes.load(f, ema), unbias));
                Float16 weight = Float16.sub(
                        Float16.mult(Lanes.load(f, weights), keep), Float16.mult(step, turn));
                Lanes.store(f, weights, weight);
                Lanes.store(f, ema, Float16.add(average, Float16.mult(weight, Lanes.all(1f - emaRate))));
            }
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
        return Recipe.of(elements(op, 0));
    }

    /** Returns a recipe for processors: vectors, and what is left of them one by one. */
    static Recipe adamAtan2Vectors(AdamAtan2 op) {
        int vectors = op.weights().size() / Lanes.COUNT;
        int rest = vectors * Lanes.COUNT;
        var launches = new ArrayList<Launch>();
        if (vectors > 0) {
            launches.add(row(op, 0)
                    .size(AdamRow.N, vectors)
                    .on(Threads.shares(vectors), caller -> caller.loop(
                            OptimizerKernels::adamAtan2Vectors, op.beta1(), op.beta2(), op.decay(), op.emaRate())));
        }
        if (rest < op.weights().size()) {
            launches.add(elements(op, rest));
        }
        return Recipe.of(launches.toArray(Launch[]::new));
    }

    /** Returns the launch for the elements from {@code from} on. */
    private static Launch elements(AdamAtan2 op, int from) {
        int n = op.weights().size() - from;
        return row(op, from)
                .size(AdamRow.N, n)
                .on(Threads.of(n), caller -> caller.loop(
                        OptimizerKernels::adamAtan2, op.beta1(), op.beta2(), op.decay(), op.emaRate()));
    }

    private static Launch.Row row(AdamAtan2 op, int from) {
        int n = op.weights().size() - from;
        return Launch.of("adamAtan2", AdamRow.END)
                .operand(AdamRow.WEIGHTS, op.weights().part(from, n))
                .operand(AdamRow.GRADIENTS, op.gradients().part(from, n))
                .operand(AdamRow.M, op.m().part(from, n))
                .operand(AdamRow.V, op.v().part(from, n))
                .operand(AdamRow.EMA, op.ema().part(from, n))
                .operand(AdamRow.RATES, op.rates());
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
