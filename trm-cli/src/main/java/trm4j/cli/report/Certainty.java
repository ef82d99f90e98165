package trm4j.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Arrays;
import trm4j.kernels.op.CrossEntropy;

/** How sure a model is of each cell of its answer. */
public final class Certainty {

    private Certainty() {}

    /**
     * Returns the probability of each cell's token, by the model, from 0 to 1.
     *
     * @param logits [L, V]
     * @param answer tokens [L]
     * @param loss tells how logits become probabilities
     */
    public static double[] of(float[] logits, int[] answer, CrossEntropy.Kind loss) {
        var certainty = new double[answer.length];
        int vocabulary = logits.length / answer.length;
        for (int i = 0; i < answer.length; i++) {
            int from = i * vocabulary;
            double highest = logits[from + answer[i]];
            double sum = 0;
            for (int token = 0; token < vocabulary; token++) {
                sum += weight(logits[from + token], highest, loss);
            }
            certainty[i] = weight(highest, highest, loss) / sum;
        }
        return certainty;
    }

    /** What a logit's probability is in proportion to. */
    private static double weight(double logit, double highest, CrossEntropy.Kind loss) {
        return switch (loss) {
            case SOFTMAX -> Math.exp(logit - highest);
            case STABLEMAX -> logit < 0 ? 1 / (1 - logit) : logit + 1;
        };
    }

    /** Writes it in percent, as pages take it. */
    public static ArrayNode percent(double[] certainty) {
        var list = JsonNodeFactory.instance.arrayNode(certainty.length);
        Arrays.stream(certainty).mapToInt(share -> (int) Math.round(100 * share)).forEach(list::add);
        return list;
    }
}
