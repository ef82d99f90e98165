package trm4j.kernels.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CrossEntropy;

/** Losses and their gradients. */
final class LossCases {

    private static final float GRAD_SCALE = 0.7f;

    private LossCases() {}

    static Stream<OperationCase> all() {
        var random = CaseNumbers.seeded(8);
        var shapes = Stream.concat(
                Stream.of(new int[] {1, 1, 1}, new int[] {5, 81, 11}),
                Stream.generate(() -> new int[] {random.size(3, 6), random.size(1, 30), random.size(2, 20)}).limit(3));
        var cases = new ArrayList<OperationCase>();
        shapes.forEach(s -> {
            for (var kind : CrossEntropy.Kind.values()) {
                for (var labels : Labels.values()) {
                    cases.add(new Tokens(kind, s[0], s[1], s[2], labels, 0, true));
                    cases.add(new Tokens(kind, s[0], s[1], s[2], labels, 0, false));
                    cases.add(new Tokens(kind, s[0], s[1], s[2], labels, 0.125f, true));
                }
            }
        });
        Stream.of(new Binary(1, 1, 0), new Binary(7, 2, 0), new Binary(9, 2, 1), new Binary(5, 3, 1))
                .forEach(cases::add);
        return cases.stream();
    }

    private enum Labels {
        ALL,
        SOME,
        NONE
    }

    /** Where there are several sequences, the first has every prediction right and the second has no label. */
    private record Tokens(
            CrossEntropy.Kind kind, int batch, int length, int classes, Labels which, float smoothing,
            boolean withGradient)
            implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var logitNumbers = random.coarse(-4, 4, batch * length * classes);
            // Equal largest logits, on both sides of 0: the first counts.
            Arrays.fill(logitNumbers, 0, Math.min(classes, 3), 4);
            logitNumbers[logitNumbers.length - 1] = 0;
            var predictionNumbers = predictions(logitNumbers);
            var labelNumbers = labels(predictionNumbers, random);
            var logits = Operand.read("logits", logitNumbers, batch, length, classes);
            var labels = Operand.read("labels", labelNumbers, batch, length);
            var dLogits = Operand.set(
                    "dLogits",
                    () -> Expected.gradient(
                            moved -> GRAD_SCALE * Arrays.stream(losses(moved, labelNumbers)).sum(), logitNumbers),
                    batch, length, classes);
            var predictions = Operand.set("predictions", predictionNumbers, batch, length);
            var loss = Operand.set("loss", () -> Expected.forward(losses(logitNumbers, labelNumbers)), batch);
            var rightNumbers = count(t -> labelNumbers[t] >= 0 && labelNumbers[t] == predictionNumbers[t]);
            var labelledNumbers = count(t -> labelNumbers[t] >= 0);
            var right = Operand.set("right", rightNumbers, batch);
            var labelled = Operand.set("labelled", labelledNumbers, batch);
            var exactNumbers =
                    IntStream.range(0, batch).mapToDouble(b -> rightNumbers[b] == labelledNumbers[b] ? 1 : 0).toArray();
            var exact = Operand.set("exact", () -> Expected.exactly(exactNumbers), batch);
            var operands =
                    new ArrayList<>(Arrays.asList(logits, labels, predictions, loss, right, labelled, exact));
            if (withGradient) {
                operands.add(dLogits);
            }
            return Setup.of(
                    at -> new CrossEntropy(
                            kind, at.of(logits), at.of(labels), GRAD_SCALE, smoothing,
                            withGradient ? Optional.of(at.of(dLogits)) : Optional.empty(), at.of(predictions),
                            at.of(loss), at.of(right), at.of(labelled), at.of(exact)),
                    operands.toArray(Operand[]::new));
        }

        private int[] labels(int[] predictions, CaseNumbers random) {
            var labels = random.ints(which == Labels.SOME ? -classes : 0, classes, batch * length);
            if (which == Labels.NONE) {
                Arrays.fill(labels, -100);
            } else if (batch > 2) {
                System.arraycopy(predictions, 0, labels, 0, length);
                Arrays.fill(labels, length, 2 * length, -1);
            }
            return labels;
        }

        private int[] predictions(double[] logits) {
            return IntStream.range(0, batch * length)
                    .map(t -> IntStream.range(0, classes)
                            .boxed()
                            .reduce(0, (best, c) ->
                                    logits[t * classes + c] > logits[t * classes + best] ? c : best))
                    .toArray();
        }

        private int[] count(IntPredicate counts) {
            return IntStream.range(0, batch)
                    .map(b -> (int) IntStream.range(b * length, (b + 1) * length).filter(counts).count())
                    .toArray();
        }

        private double[] losses(double[] logits, int[] labels) {
            var losses = new double[batch];
            var labelled = count(t -> labels[t] >= 0);
            for (int t = 0; t < batch * length; t++) {
                if (labels[t] >= 0) {
                    double sum = 0;
                    for (int c = 0; c < classes; c++) {
                        sum += share(logits[t * classes + c]);
                    }
                    for (int c = 0; c < classes; c++) {
                        double target = (c == labels[t] ? 1 - smoothing : 0) + (double) smoothing / classes;
                        losses[t / length] -=
                                target * Math.log(share(logits[t * classes + c]) / sum) / labelled[t / length];
                    }
                }
            }
            return losses;
        }

        private double share(double logit) {
            return switch (kind) {
                case SOFTMAX -> Math.exp(logit);
                case STABLEMAX -> logit >= 0 ? logit + 1 : 1 / (1 - logit);
            };
        }
    }

    private record Binary(int batch, int columns, int column) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            var logitNumbers = random.between(-9, 9, batch * columns);
            var targetNumbers = random.between(0, 1, batch);
            targetNumbers[0] = 1;
            var before = random.normal(batch * columns);
            var logits = Operand.read("logits", logitNumbers, batch, columns);
            var targets = Operand.read("targets", targetNumbers, batch);
            var dLogits = Operand.updated(
                    "dLogits", before,
                    () -> {
                        var gradient = Expected.gradient(
                                moved -> GRAD_SCALE * Arrays.stream(losses(moved, targetNumbers)).sum(), logitNumbers);
                        for (int i = 0; i < before.length; i++) {
                            if (i % columns != column) {
                                gradient.values()[i] = before[i];
                            }
                        }
                        return gradient;
                    },
                    batch, columns);
            var loss = Operand.set("loss", () -> Expected.forward(losses(logitNumbers, targetNumbers)), batch);
            return Setup.of(
                    at -> new BinaryCrossEntropy(
                            at.of(logits), column, at.of(targets), GRAD_SCALE, at.of(dLogits), at.of(loss)),
                    logits, targets, dLogits, loss);
        }

        private double[] losses(double[] logits, double[] targets) {
            return IntStream.range(0, batch)
                    .mapToDouble(b -> {
                        double p = 1 / (1 + Math.exp(-logits[b * columns + column]));
                        return -targets[b] * Math.log(p) - (1 - targets[b]) * Math.log(1 - p);
                    })
                    .toArray();
        }
    }
}
