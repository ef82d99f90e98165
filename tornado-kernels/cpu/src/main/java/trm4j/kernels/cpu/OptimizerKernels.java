package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.SignSgd;

/** Both optimizers. */
final class OptimizerKernels {

    private static final int COLUMNS = 64;

    private OptimizerKernels() {}

    /** Each part updates some weights. */
    static Kernel adamAtan2(AdamAtan2 op, Memory memory, Team team) {
        var weights = memory.view(op.weights());
        var gradients = memory.view(op.gradients());
        var m = memory.view(op.m());
        var v = memory.view(op.v());
        var ema = memory.view(op.ema());
        var rates = memory.view(op.rates());
        return new Elementwise(team, 1, op.weights().size(), (values, row, from, length, worker) -> update(
                op, rates.floats(), rates.at(values), gradients.floats(), gradients.at(values) + from, m.floats(),
                m.at(values) + from, v.floats(), v.at(values) + from, weights.floats(), weights.at(values) + from,
                ema.floats(), ema.at(values) + from, length));
    }

    private static void update(
            AdamAtan2 op, float[] rates, int rate, float[] gradients, int g, float[] m, int mAt, float[] v, int vAt,
            float[] weights, int w, float[] ema, int e, int n) {
        float beta1 = op.beta1();
        float beta2 = op.beta2();
        float keep = 1 - rates[rate] * op.decay();
        float step = rates[rate + 1];
        float unbias = rates[rate + 2];
        float emaRate = op.emaRate();
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var gradient = FloatVector.fromArray(SPECIES, gradients, g + i);
            var mean = FloatVector.fromArray(SPECIES, m, mAt + i).mul(beta1).add(gradient.mul(1 - beta1));
            var square = FloatVector.fromArray(SPECIES, v, vAt + i)
                    .mul(beta2)
                    .add(gradient.mul(gradient).mul(1 - beta2));
            var turn = VectorMath.atan2(mean, square.sqrt().mul(unbias));
            var weight = FloatVector.fromArray(SPECIES, weights, w + i).mul(keep).sub(turn.mul(step));
            mean.intoArray(m, mAt + i);
            square.intoArray(v, vAt + i);
            weight.intoArray(weights, w + i);
            FloatVector.fromArray(SPECIES, ema, e + i)
                    .mul(emaRate)
                    .add(weight.mul(1 - emaRate))
                    .intoArray(ema, e + i);
        }
        for (; i < n; i++) {
            float gradient = gradients[g + i];
            m[mAt + i] = m[mAt + i] * beta1 + gradient * (1 - beta1);
            v[vAt + i] = v[vAt + i] * beta2 + gradient * gradient * (1 - beta2);
            float turn = VectorMath.atan2(m[mAt + i], (float) Math.sqrt(v[vAt + i]) * unbias);
            weights[w + i] = weights[w + i] * keep - turn * step;
            ema[e + i] = ema[e + i] * emaRate + weights[w + i] * (1 - emaRate);
        }
    }

    /** Each part updates some columns of the batch's rows. */
    static Kernel signSgd(SignSgd op, Memory memory, Team team) {
        var ids = memory.view(op.ids());
        var gradients = memory.view(op.gradients());
        var table = memory.view(op.table());
        var rate = memory.view(op.rate());
        int batch = op.gradients().dim(0);
        int width = op.gradients().dim(1);
        var sums = new float[team.size()][COLUMNS];
        return new Parallel(team, Math.ceilDiv(width, COLUMNS), (values, part, worker) -> {
            int column = part * COLUMNS;
            int count = Math.min(COLUMNS, width - column);
            var all = ids.ints();
            int idsAt = ids.at(values);
            float lr = rate.floats()[rate.at(values)];
            for (int b = 0; b < batch; b++) {
                int id = all[idsAt + b];
                if (seenBefore(all, idsAt, b)) {
                    continue;
                }
                var sum = sums[worker];
                Arrays.fill(sum, 0f);
                for (int other = b; other < batch; other++) {
                    if (all[idsAt + other] == id) {
                        int from = gradients.at(values) + other * width + column;
                        CopyKernels.addScaled(gradients.floats(), from, 1, sum, 0, count);
                    }
                }
                update(table.floats(), table.at(values) + id * width + column, sum, lr, op.decay(), count);
            }
        });
    }

    private static void update(float[] row, int at, float[] sum, float lr, float decay, int n) {
        for (int i = 0; i < n; i++) {
            row[at + i] = row[at + i] * (1 - lr * decay) - lr * Math.signum(sum[i]);
        }
    }

    private static boolean seenBefore(int[] ids, int at, int b) {
        for (int i = 0; i < b; i++) {
            if (ids[at + i] == ids[at + b]) {
                return true;
            }
        }
        return false;
    }
}
