package trm4j.model.net;

import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Execution;
import trm4j.kernels.op.Embedding;

/**
 * What each puzzle's losses count: decay^t at its supervision step t, from 0. (CGAR, arXiv 2511.08653, section 3.5; its
 * authors' code has one weight for the whole batch, that of the mean of t, and here each puzzle has its own. That they
 * sum up to 1 in the paper is of no account to optimizers that do not go by the scale of gradients.)
 */
final class SupervisionWeights {

    private final Buffer byStep;
    private final Buffer weights;
    private final double decay;

    SupervisionWeights(int maxSteps, double decay, int micros, int micro) {
        this.decay = decay;
        byStep = Buffer.floats("weights by step", maxSteps, 1);
        weights = Buffer.floats("loss weights", micros, micro);
    }

    /** Writes what they are after each number of steps. */
    void write(Execution execution) {
        var values = new float[byStep.size()];
        for (int t = 0; t < values.length; t++) {
            values[t] = (float) Math.pow(decay, t);
        }
        execution.write(byStep, values);
    }

    /**
     * Returns the operation that looks them up.
     *
     * @param steps [batch], I32: what each slot has taken before this one
     */
    Embedding.Gather gather(Buffer steps) {
        int batch = steps.size();
        return new Embedding.Gather(steps.all().as(batch, 1), byStep.all(), weights.all().as(batch, 1), 0, 1, 1);
    }

    /** Returns those of a micro-batch [puzzles]. */
    Tensor at(Index micro) {
        return weights.at(micro);
    }
}
