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
    static final class Adam implements Kernel {

        private final AdamAtan2 op;
        private final View weights;
        private final View gradients;
        private final View m;
        private final View v;
        private final View ema;
        private final View rates;
        private final Segments segments;
        private int[] values;

        Adam(AdamAtan2 op, Memory memory, Team team) {
            this.op = op;
            weights = memory.view(op.weights());
            gradients = memory.view(op.gradients());
            m = memory.view(op.m());
            v = memory.view(op.v());
            ema = memory.view(op.ema());
            rates = memory.view(op.rates());
            segments = new Segments(team, 1, op.weights().size(), this::segment);
        }

        @Override
        public void run(int[] values) {
            this.values = values;
            segments.run();
        }

        private void segment(int row, int from, int length) {
            var ws = weights.floats();
            var gs = gradients.floats();
            var ms = m.floats();
            var vs = v.floats();
            var es = ema.floats();
            int w = weights.at(values) + from;
            int g = gradients.at(values) + from;
            int mAt = m.at(values) + from;
            int vAt = v.at(values) + from;
            int e = ema.at(values) + from;
            int rate = rates.at(values);
            float keep = 1 - rates.floats()[rate] * op.decay();
            float step = rates.floats()[rate + 1];
            float unbias = rates.floats()[rate + 2];
            float fresh1 = 1 - op.beta1();
            float fresh2 = 1 - op.beta2();
            float freshEma = 1 - op.emaRate();
            int i = 0;
            for (; i <= length - LANES; i += LANES) {
                var gradient = FloatVector.fromArray(SPECIES, gs, g + i);
                var mean = FloatVector.fromArray(SPECIES, ms, mAt + i).mul(op.beta1()).add(gradient.mul(fresh1));
                var square = FloatVector.fromArray(SPECIES, vs, vAt + i)
                        .mul(op.beta2())
                        .add(gradient.mul(gradient).mul(fresh2));
                mean.intoArray(ms, mAt + i);
                square.intoArray(vs, vAt + i);
                var turn = VectorMath.atan2(mean, square.sqrt().mul(unbias));
                var weight = FloatVector.fromArray(SPECIES, ws, w + i).mul(keep).sub(turn.mul(step));
                weight.intoArray(ws, w + i);
                FloatVector.fromArray(SPECIES, es, e + i)
                        .mul(op.emaRate())
                        .add(weight.mul(freshEma))
                        .intoArray(es, e + i);
            }
            for (; i < length; i++) {
                float gradient = gs[g + i];
                float mean = ms[mAt + i] * op.beta1() + gradient * fresh1;
                float square = vs[vAt + i] * op.beta2() + gradient * gradient * fresh2;
                ms[mAt + i] = mean;
                vs[vAt + i] = square;
                float turn = VectorMath.atan2(mean, (float) Math.sqrt(square) * unbias);
                float weight = ws[w + i] * keep - turn * step;
                ws[w + i] = weight;
                es[e + i] = es[e + i] * op.emaRate() + weight * freshEma;
            }
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
        return values -> {
            int idsAt = ids.at(values);
            int from = gradients.at(values);
            int to = table.at(values);
            float lr = rate.floats()[rate.at(values)];
            float keep = 1 - lr * op.decay();
            team.run(Math.ceilDiv(width, COLUMNS), (part, worker) -> {
                int column = part * COLUMNS;
                int count = Math.min(COLUMNS, width - column);
                var all = ids.ints();
                for (int b = 0; b < batch; b++) {
                    int id = all[idsAt + b];
                    if (seenBefore(all, idsAt, b)) {
                        continue;
                    }
                    Arrays.fill(sums[worker], 0f);
                    for (int other = b; other < batch; other++) {
                        if (all[idsAt + other] == id) {
                            EmbeddingKernels.addScaled(
                                    gradients.floats(), from + other * width + column, 1, sums[worker], 0, count);
                        }
                    }
                    for (int i = 0; i < count; i++) {
                        int at = to + id * width + column + i;
                        table.floats()[at] = table.floats()[at] * keep - lr * Math.signum(sums[worker][i]);
                    }
                }
            });
        };
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
