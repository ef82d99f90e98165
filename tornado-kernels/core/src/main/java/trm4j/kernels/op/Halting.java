package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/** Adaptive computation time: who stops, and what stopping is worth. (TRM paper, section 2.1.) */
public sealed interface Halting extends Operation {

    /**
     * steps += 1; halted = steps >= maxSteps, or the halt logit says so and steps >= minSteps. The halt
     * logit says so when it exceeds 0, or, with {@code againstContinue}, the continue logit.
     *
     * @param q [batch, 2]: halt, continue
     * @param minSteps [batch], I32
     * @param steps [batch], I32
     * @param halted [batch], I32: 1 or 0
     */
    record Step(Tensor q, Tensor minSteps, Tensor steps, Tensor halted, int maxSteps, boolean againstContinue)
            implements Halting {

        public Step {
            Operation.require(
                    q.size() == 2 * steps.size() && minSteps.size() == steps.size()
                            && halted.size() == steps.size(),
                    "halting step", q, minSteps, steps, halted);
        }

        @Override
        public String name() {
            return "halting step";
        }

        @Override
        public String size() {
            return steps.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(q, minSteps, steps);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(steps, halted);
        }

        @Override
        public Step map(UnaryOperator<Tensor> to) {
            return new Step(
                    to.apply(q), to.apply(minSteps), to.apply(steps), to.apply(halted), maxSteps, againstContinue);
        }
    }

    /**
     * The target of the continue logit in Q-learning, from the logits one step on: target = sigmoid(halt)
     * where steps + 1 >= maxSteps, else sigmoid(max(halt, continue)).
     *
     * @param nextQ [batch, 2]: halt, continue
     * @param steps [batch], I32, before {@link Step} counts this one
     * @param target [batch]
     */
    record ContinueTarget(Tensor nextQ, Tensor steps, Tensor target, int maxSteps) implements Halting {

        public ContinueTarget {
            Operation.require(
                    nextQ.size() == 2 * steps.size() && target.size() == steps.size(),
                    "continue target", nextQ, steps, target);
        }

        @Override
        public String name() {
            return "continue target";
        }

        @Override
        public String size() {
            return steps.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(nextQ, steps);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(target);
        }

        @Override
        public ContinueTarget map(UnaryOperator<Tensor> to) {
            return new ContinueTarget(to.apply(nextQ), to.apply(steps), to.apply(target), maxSteps);
        }
    }

    /**
     * Sums for a progress line. Over sequences that halted and have labels: their number, the share of
     * right positions, exact sequences, halt logits that agree with exactness (q >= 0 for exact), steps.
     * Over all sequences: the three losses.
     *
     * @param q [batch, 2]
     * @param right [batch], I32, as are labelled, steps and halted
     * @param exact [batch], as are the losses
     * @param sums {@link #SUMS} numbers: count, accuracy, exact, q-halt right, steps, lm loss, q-halt
     *     loss, q-continue loss
     */
    record Metrics(
            Tensor q,
            Tensor right,
            Tensor labelled,
            Tensor exact,
            Tensor steps,
            Tensor halted,
            Tensor loss,
            Tensor haltLoss,
            Tensor continueLoss,
            Tensor sums)
            implements Halting {

        /** How many sums there are. */
        public static final int SUMS = 8;

        public Metrics {
            var batch = steps.size();
            Operation.require(
                    q.size() == 2 * batch && sums.size() == SUMS
                            && List.of(right, labelled, exact, halted, loss, haltLoss, continueLoss).stream()
                                    .allMatch(t -> t.size() == batch),
                    "metrics", q, right, labelled, exact, steps, halted, loss, haltLoss, continueLoss, sums);
        }

        @Override
        public String name() {
            return "metrics";
        }

        @Override
        public String size() {
            return steps.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(q, right, labelled, exact, steps, halted, loss, haltLoss, continueLoss);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(sums);
        }

        @Override
        public Metrics map(UnaryOperator<Tensor> to) {
            return new Metrics(
                    to.apply(q), to.apply(right), to.apply(labelled), to.apply(exact), to.apply(steps),
                    to.apply(halted), to.apply(loss), to.apply(haltLoss), to.apply(continueLoss), to.apply(sums));
        }

        @Override
        public Values values(Tensor operand) {
            return operand.equals(exact) ? new Values(1, 1) : Halting.super.values(operand);
        }
    }
}
