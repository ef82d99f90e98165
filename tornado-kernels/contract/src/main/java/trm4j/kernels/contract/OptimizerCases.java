package trm4j.kernels.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.SignSgd;

/** Steps of both optimizers. */
final class OptimizerCases {

    private OptimizerCases() {}

    static Stream<OperationCase> all() {
        return Stream.of(
                new Adam(1, 3), new Adam(64, 5), new Adam(209, 20), new Adam(16_403, 3), new Signs(1, 1, 1),
                new Signs(12, 64, 4), new Signs(9, 131, 30), new Signs(3, 7, 2));
    }

    /** Some steps from 0 moments; some gradients are 0 in every step. */
    private record Adam(int n, int steps) implements OperationCase {

        private static final float LR = 0.03f;
        private static final float BETA1 = 0.9f;
        private static final float BETA2 = 0.95f;
        private static final float DECAY = 0.1f;
        private static final float EMA_RATE = 0.75f;

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var start = random.normal(n);
            var averageStart = random.normal(n);
            var gradients = Stream.generate(() -> random.normal(n)).limit(steps).toList();
            gradients.forEach(g -> IntStream.range(0, n).filter(i -> i % 7 == 3).forEach(i -> g[i] = 0));
            var rates = IntStream.rangeClosed(1, steps)
                    .mapToObj(t -> CaseNumbers.rounded(
                            LR, LR / (1 - Math.pow(BETA1, t)), 1 / Math.sqrt(1 - Math.pow(BETA2, t))))
                    .toList();

            var w = start.clone();
            var mean = new double[n];
            var square = new double[n];
            var average = averageStart.clone();
            for (int t = 0; t < steps; t++) {
                for (int i = 0; i < n; i++) {
                    double g = gradients.get(t)[i];
                    double rate = rates.get(t)[0];
                    mean[i] = BETA1 * mean[i] + (1 - BETA1) * g;
                    square[i] = BETA2 * square[i] + (1 - BETA2) * g * g;
                    w[i] = w[i] * (1 - rate * DECAY)
                            - rates.get(t)[1] * Math.atan2(mean[i], Math.sqrt(square[i]) * rates.get(t)[2]);
                    average[i] = EMA_RATE * average[i] + (1 - EMA_RATE) * w[i];
                }
            }

            var weights = Operand.updated("weights", start, () -> Expected.forward(w), n);
            var m = Operand.updated("m", new double[n], () -> Expected.forward(mean), n);
            var v = Operand.updated("v", new double[n], () -> Expected.forward(square), n);
            var ema = Operand.updated("ema", averageStart, () -> Expected.forward(average), n);
            var operands = new ArrayList<>(List.of(weights, m, v, ema));
            var gradientOperands = gradients.stream().map(g -> Operand.read("gradients", g, n)).toList();
            var rateOperands = rates.stream().map(r -> Operand.read("rates", r, r.length)).toList();
            operands.addAll(gradientOperands);
            operands.addAll(rateOperands);
            return new Setup(
                    operands,
                    at -> IntStream.range(0, steps)
                            .<Operation>mapToObj(t -> new AdamAtan2(
                                    at.of(weights), at.of(gradientOperands.get(t)), at.of(m), at.of(v), at.of(ema),
                                    at.of(rateOperands.get(t)), BETA1, BETA2, DECAY, EMA_RATE))
                            .toList());
        }
    }

    /** Most ids come several times; the gradients of some elements cancel out. */
    private record Signs(int batch, int n, int rows) implements OperationCase {

        private static final float LR = 0.01f;
        private static final float DECAY = 0.1f;

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var idNumbers = random.ints(0, rows, batch);
            idNumbers[batch - 1] = idNumbers[0];
            var gradientNumbers = IntStream.of(random.ints(-2, 3, batch * n)).asDoubleStream().toArray();
            var before = random.normal(rows * n);
            var after = before.clone();
            for (int id = 0; id < rows; id++) {
                for (int c = 0; c < n; c++) {
                    double sum = 0;
                    boolean used = false;
                    for (int b = 0; b < batch; b++) {
                        if (idNumbers[b] == id) {
                            sum += gradientNumbers[b * n + c];
                            used = true;
                        }
                    }
                    if (used) {
                        after[id * n + c] = before[id * n + c] * (1 - (double) LR * DECAY) - LR * Math.signum(sum);
                    }
                }
            }
            var ids = Operand.read("ids", idNumbers, batch);
            var gradients = Operand.read("gradients", gradientNumbers, batch, n);
            var table = Operand.updated("table", before, () -> Expected.forward(after), rows, n);
            var rate = Operand.read("rate", CaseNumbers.rounded(LR), 1);
            return Setup.of(
                    at -> new SignSgd(at.of(ids), at.of(gradients), at.of(table), at.of(rate), DECAY), ids,
                    gradients, table, rate);
        }
    }
}
