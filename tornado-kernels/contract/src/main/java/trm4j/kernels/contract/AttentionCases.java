package trm4j.kernels.contract;

import static trm4j.kernels.contract.CaseNumbers.dot;
import static trm4j.kernels.contract.CaseNumbers.rounded;

import java.util.stream.Stream;
import trm4j.kernels.op.Attention;

/** Attention of [batch, T, 3, heads, size]. */
final class AttentionCases {

    private AttentionCases() {}

    static Stream<OperationCase> all() {
        var random = CaseNumbers.seeded(5);
        var shapes = Stream.concat(
                Stream.of(
                        new int[] {2, 1, 2, 2}, new int[] {1, 7, 3, 6}, new int[] {2, 16, 2, 10},
                        new int[] {1, 129, 1, 64}, new int[] {1, 130, 1, 2}, new int[] {1, 530, 1, 2}),
                Stream.generate(() -> new int[] {
                            random.size(1, 3), random.size(2, 40), random.size(1, 3), 2 * random.size(1, 20)
                        })
                        .limit(3));
        return shapes.flatMap(s ->
                Stream.of(new Forward(s[0], s[1], s[2], s[3]), new Backward(s[0], s[1], s[2], s[3])));
    }

    private record Forward(int batch, int length, int heads, int size) implements OperationCase {

        @Override
        public Setup setup() {
            var numbers = CaseNumbers.of(this).normal(batch * length * 3 * heads * size);
            var attended = new Attended(batch, length, heads, size, numbers);
            var qkv = Operand.read("qkv", numbers, batch, length, 3, heads, size);
            var out = Operand.set("out", () -> Expected.forward(attended.out()), batch, length, heads, size);
            var logSumExp =
                    Operand.set("logSumExp", () -> Expected.forward(attended.logSumExp()), batch, heads, length);
            return Setup.of(
                    at -> new Attention.Forward(at.of(qkv), at.of(out), at.of(logSumExp)), qkv, out, logSumExp);
        }
    }

    private record Backward(int batch, int length, int heads, int size) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var numbers = random.normal(batch * length * 3 * heads * size);
            var dOutNumbers = random.normal(batch * length * heads * size);
            var attended = new Attended(batch, length, heads, size, numbers);
            var qkv = Operand.read("qkv", numbers, batch, length, 3, heads, size);
            var out = Operand.read("out", rounded(attended.out()), batch, length, heads, size);
            var logSumExp = Operand.read("logSumExp", rounded(attended.logSumExp()), batch, heads, length);
            var dOut = Operand.read("dOut", dOutNumbers, batch, length, heads, size);
            var dQkv = Operand.set(
                    "dQkv",
                    () -> Expected.gradient(
                            moved -> dot(dOutNumbers, new Attended(batch, length, heads, size, moved).out()),
                            numbers, numbers.length <= 1000 ? numbers.length : 100),
                    batch, length, 3, heads, size);
            return Setup.of(
                    at -> new Attention.Backward(
                            at.of(qkv), at.of(out), at.of(logSumExp), at.of(dOut), at.of(dQkv)),
                    qkv, out, logSumExp, dOut, dQkv);
        }
    }

    private record Attended(int batch, int length, int heads, int size, double[] qkv) {

        private double[] out() {
            var out = new double[batch * length * heads * size];
            for (int b = 0; b < batch; b++) {
                for (int h = 0; h < heads; h++) {
                    for (int i = 0; i < length; i++) {
                        var weights = exponentials(b, h, i);
                        double sum = sum(weights);
                        int o = ((b * length + i) * heads + h) * size;
                        for (int j = 0; j < length; j++) {
                            double weight = weights[j] / sum;
                            int v = at(b, j, 2, h);
                            for (int c = 0; c < size; c++) {
                                out[o + c] += weight * qkv[v + c];
                            }
                        }
                    }
                }
            }
            return out;
        }

        private double[] logSumExp() {
            var logSumExp = new double[batch * heads * length];
            for (int b = 0; b < batch; b++) {
                for (int h = 0; h < heads; h++) {
                    for (int i = 0; i < length; i++) {
                        logSumExp[(b * heads + h) * length + i] = Math.log(sum(exponentials(b, h, i)));
                    }
                }
            }
            return logSumExp;
        }

        /** Returns e to the scores of one query with all keys; small numbers, so nothing overflows. */
        private double[] exponentials(int b, int h, int i) {
            var weights = new double[length];
            double root = Math.sqrt(size);
            int q = at(b, i, 0, h);
            for (int j = 0; j < length; j++) {
                int k = at(b, j, 1, h);
                double score = 0;
                for (int c = 0; c < size; c++) {
                    score += qkv[q + c] * qkv[k + c];
                }
                weights[j] = Math.exp(score / root);
            }
            return weights;
        }

        private int at(int b, int t, int part, int h) {
            return (((b * length + t) * 3 + part) * heads + h) * size;
        }

        private static double sum(double[] values) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            return sum;
        }
    }
}
