package trm4j.kernels.contract;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.op.Halting;

/** Halting, with logits of 0 and equal logits among them. */
final class HaltingCases {

    private static final int MAX_STEPS = 4;

    private HaltingCases() {}

    static Stream<OperationCase> all() {
        return IntStream.of(1, 2, 65).boxed().flatMap(batch -> Stream.of(
                new Steps(batch, false), new Steps(batch, true), new Target(batch), new Sums(batch)));
    }

    /** Small whole numbers, so that ties are frequent. */
    private static double[] logits(int batch, CaseNumbers random) {
        return IntStream.of(random.ints(-2, 3, 2 * batch)).asDoubleStream().toArray();
    }

    private record Steps(int batch, boolean againstContinue) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var qNumbers = logits(batch, random);
            var least = random.ints(0, MAX_STEPS + 1, batch);
            var before = random.ints(0, MAX_STEPS, batch);
            var after = IntStream.of(before).map(s -> s + 1).toArray();
            var stops = IntStream.range(0, batch)
                    .map(b -> {
                        boolean wants = qNumbers[2 * b] > (againstContinue ? qNumbers[2 * b + 1] : 0);
                        return after[b] >= MAX_STEPS || wants && after[b] >= least[b] ? 1 : 0;
                    })
                    .toArray();
            var q = Operand.read("q", qNumbers, batch, 2);
            var minSteps = Operand.read("minSteps", least, batch);
            var steps = Operand.updated("steps", before, after, batch);
            var halted = Operand.set("halted", stops, batch);
            return Setup.of(
                    at -> new Halting.Step(
                            at.of(q), at.of(minSteps), at.of(steps), at.of(halted), MAX_STEPS, againstContinue),
                    q, minSteps, steps, halted);
        }
    }

    private record Target(int batch) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var q = logits(batch, random);
            var taken = random.ints(0, MAX_STEPS, batch);
            var nextQ = Operand.read("nextQ", q, batch, 2);
            var steps = Operand.read("steps", taken, batch);
            var target = Operand.set(
                    "target",
                    () -> Expected.forward(IntStream.range(0, batch)
                            .mapToDouble(b -> {
                                boolean last = taken[b] == MAX_STEPS - 1;
                                double value = last ? q[2 * b] : Math.max(q[2 * b], q[2 * b + 1]);
                                return 1 / (1 + Math.exp(-value));
                            })
                            .toArray()),
                    batch);
            return Setup.of(
                    at -> new Halting.ContinueTarget(at.of(nextQ), at.of(steps), at.of(target), MAX_STEPS), nextQ,
                    steps, target);
        }
    }

    private record Sums(int batch) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var qNumbers = logits(batch, random);
            var labelledNumbers = random.ints(0, 4, batch);
            var rightNumbers = IntStream.of(labelledNumbers).map(n -> random.size(0, n)).toArray();
            var exactNumbers = IntStream.range(0, batch)
                    .mapToDouble(b -> rightNumbers[b] == labelledNumbers[b] ? 1 : 0)
                    .toArray();
            var stepNumbers = random.ints(1, MAX_STEPS + 1, batch);
            var haltedNumbers = random.ints(0, 2, batch);
            var losses = random.between(0, 3, batch);
            var haltLosses = random.between(0, 1, batch);
            var continueLosses = random.between(0, 2, batch);

            var sumNumbers = new double[Halting.Metrics.SUMS];
            for (int b = 0; b < batch; b++) {
                if (haltedNumbers[b] == 1 && labelledNumbers[b] > 0) {
                    sumNumbers[0] += 1;
                    sumNumbers[1] += rightNumbers[b] / (double) labelledNumbers[b];
                    sumNumbers[2] += exactNumbers[b];
                    sumNumbers[3] += qNumbers[2 * b] >= 0 == (exactNumbers[b] == 1) ? 1 : 0;
                    sumNumbers[4] += stepNumbers[b];
                }
                sumNumbers[5] += losses[b];
                sumNumbers[6] += haltLosses[b];
                sumNumbers[7] += continueLosses[b];
            }

            var q = Operand.read("q", qNumbers, batch, 2);
            var right = Operand.read("right", rightNumbers, batch);
            var labelled = Operand.read("labelled", labelledNumbers, batch);
            var exact = Operand.read("exact", exactNumbers, batch);
            var steps = Operand.read("steps", stepNumbers, batch);
            var halted = Operand.read("halted", haltedNumbers, batch);
            var loss = Operand.read("loss", losses, batch);
            var haltLoss = Operand.read("haltLoss", haltLosses, batch);
            var continueLoss = Operand.read("continueLoss", continueLosses, batch);
            var sums = Operand.set("sums", () -> Expected.forward(sumNumbers), Halting.Metrics.SUMS);
            return Setup.of(
                    at -> new Halting.Metrics(
                            at.of(q), at.of(right), at.of(labelled), at.of(exact), at.of(steps), at.of(halted),
                            at.of(loss), at.of(haltLoss), at.of(continueLoss), at.of(sums)),
                    q, right, labelled, exact, steps, halted, loss, haltLoss, continueLoss, sums);
        }
    }
}
