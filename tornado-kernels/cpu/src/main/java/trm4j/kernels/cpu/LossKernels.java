package trm4j.kernels.cpu;

import java.util.Arrays;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CrossEntropy;

/** Losses with their gradients, in double precision: few numbers, and sums that must not drift. */
final class LossKernels {

    private LossKernels() {}

    /** Each part is one sequence. */
    static final class TokenLoss implements Kernel {

        private final CrossEntropy op;
        private final Spaces spaces;
        private final View logits;
        private final View labels;
        private final View dLogits;
        private final View predictions;
        private final View loss;
        private final View right;
        private final View labelled;
        private final View exact;
        private final double[][] probabilities;
        private final Kernel sequences;

        TokenLoss(CrossEntropy op, Memory memory, Team team, Spaces spaces) {
            this.spaces = spaces;
            this.op = op;
            logits = memory.view(op.logits());
            labels = memory.view(op.labels());
            dLogits = op.dLogits().map(memory::view).orElse(null);
            predictions = memory.view(op.predictions());
            loss = memory.view(op.loss());
            right = memory.view(op.right());
            labelled = memory.view(op.labelled());
            exact = memory.view(op.exact());
            probabilities = new double[team.size()][op.logits().dim(2)];
            sequences = new Parallel(team, op.logits().dim(0), this::sequence);
        }

        @Override
        public void run(int[] values) {
            sequences.run(values);
        }

        private void sequence(int[] values, int b, int worker) {
            int length = op.logits().dim(1);
            int classes = op.logits().dim(2);
            int labelFrom = labels.at(values) + b * length;
            int predictionFrom = predictions.at(values) + b * length;
            int count = 0;
            for (int t = 0; t < length; t++) {
                count += labels.ints()[labelFrom + t] >= 0 ? 1 : 0;
            }
            double weight = 1.0 / Math.max(1, count);
            double sum = 0;
            int hits = 0;
            for (int t = 0; t < length; t++) {
                int place = (b * length + t) * classes;
                int label = labels.ints()[labelFrom + t];
                int from = logits.at(values) + place;
                var in = logits.read(from, classes, spaces.of(worker)[0]);
                int best = argmax(in, logits.place(from), classes);
                predictions.ints()[predictionFrom + t] = best;
                hits += label >= 0 && best == label ? 1 : 0;
                if (label >= 0 || dLogits != null) {
                    sum += weight * position(
                            in, logits.place(from), values, place, classes, label, weight, worker);
                }
            }
            loss.floats()[loss.at(values) + b] = (float) sum;
            right.ints()[right.at(values) + b] = hits;
            labelled.ints()[labelled.at(values) + b] = count;
            exact.floats()[exact.at(values) + b] = hits == count ? 1 : 0;
        }

        /** Returns the loss of one position, 0 without a label; sets its gradient. */
        private double position(
                float[] in, int at, int[] values, int place, int classes, int label, double weight, int worker) {
            var gradient = dLogits == null ? null : dLogits.target(spaces.of(worker)[1]);
            int to = dLogits == null ? 0 : dLogits.place(dLogits.at(values) + place);
            if (label < 0) {
                Arrays.fill(gradient, to, to + classes, 0f);
                dLogits.write(gradient, dLogits.at(values) + place, classes);
                return 0;
            }
            var p = probabilities[worker];
            boolean stable = op.kind() == CrossEntropy.Kind.STABLEMAX;
            double max = stable ? 0 : in[at + argmax(in, at, classes)];
            double total = 0;
            for (int c = 0; c < classes; c++) {
                p[c] = stable ? stablemax(in[at + c]) : Math.exp(in[at + c] - max);
                total += p[c];
            }
            double rest = op.smoothing() / classes;
            if (dLogits != null) {
                double right = 1 - op.smoothing() + rest;
                for (int c = 0; c < classes; c++) {
                    double d = p[c] / total - (c == label ? right : rest);
                    // d log s(v) / dv is 1 / s for v >= 0 and s below
                    double slope = !stable ? 1 : in[at + c] >= 0 ? 1 / p[c] : p[c];
                    gradient[to + c] = (float) (op.gradScale() * weight * d * slope);
                }
                dLogits.write(gradient, dLogits.at(values) + place, classes);
            }
            double loss = Math.log(total) - Math.log(p[label]);
            if (op.smoothing() == 0) {
                return loss;
            }
            double all = 0;
            for (int c = 0; c < classes; c++) {
                all += Math.log(total) - (stable ? Math.log(p[c]) : in[at + c] - max);
            }
            return (1 - op.smoothing()) * loss + rest * all;
        }

        private static double stablemax(double v) {
            return v >= 0 ? v + 1 : 1 / (1 - v);
        }

        private static int argmax(float[] in, int at, int classes) {
            int best = 0;
            for (int c = 1; c < classes; c++) {
                if (in[at + c] > in[at + best]) {
                    best = c;
                }
            }
            return best;
        }
    }

    /** One thread, one sequence after the other. */
    static Kernel binaryCrossEntropy(BinaryCrossEntropy op, Memory memory) {
        var logits = memory.view(op.logits());
        var targets = memory.view(op.targets());
        var dLogits = memory.view(op.dLogits());
        var loss = memory.view(op.loss());
        int columns = op.logits().dim(1);
        return values -> {
            for (int b = 0; b < op.logits().dim(0); b++) {
                int place = b * columns + op.column();
                double v = logits.get(logits.at(values) + place);
                double target = targets.floats()[targets.at(values) + b];
                dLogits.set(
                        dLogits.at(values) + place, (float) (op.gradScale() * (1 / (1 + Math.exp(-v)) - target)));
                loss.floats()[loss.at(values) + b] =
                        (float) (Math.max(v, 0) - v * target + Math.log1p(Math.exp(-Math.abs(v))));
            }
        };
    }
}
