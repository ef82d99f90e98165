package trm4j.train.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import trm4j.model.HaltLogit;

/** Counts where puzzles halt, and how their halt logits go with being right. */
final class HaltSums {

    /** Logits are counted in bins of width 1; beyond these two, a logistic function is 0 or 1 but for 1 in 20,000. */
    private static final int LEAST = -10;
    private static final int MOST = 9;
    /** Probabilities are added up in whole parts, so that the order does not matter. */
    private static final double CERTAIN = 0x1p32;

    private final TreeMap<Integer, int[]> halts = new TreeMap<>();
    private final Bins everyStep = new Bins();
    private final Bins lastStep = new Bins();

    private static final class Bins {
        final int[] answers = new int[MOST - LEAST + 1];
        final int[] exact = new int[answers.length];
        final long[] probability = new long[answers.length];

        void add(float logit, boolean right) {
            int bin = Math.clamp((long) Math.floor(logit), LEAST, MOST) - LEAST;
            answers[bin]++;
            exact[bin] += right ? 1 : 0;
            probability[bin] += Math.round(CERTAIN * HaltLogit.probability(logit));
        }

        List<HaltScore.Bin> bins() {
            var bins = new ArrayList<HaltScore.Bin>();
            for (int i = 0; i < answers.length; i++) {
                if (answers[i] > 0) {
                    double n = answers[i];
                    bins.add(new HaltScore.Bin(
                            LEAST + i, answers[i], probability[i] / CERTAIN / n, exact[i] / n));
                }
            }
            return bins;
        }
    }

    /** Counts a puzzle with a known answer. */
    void add(Prediction prediction) {
        int[] counts = halts.computeIfAbsent(prediction.haltedAt(), _ -> new int[2]);
        counts[prediction.exactAfter(prediction.haltStep()) ? 0 : 1]++;
        for (int step = 1; step <= prediction.steps(); step++) {
            float logit = prediction.haltLogits()[step - 1];
            if (!Float.isNaN(logit)) {
                everyStep.add(logit, prediction.exactAfter(step));
                if (step == prediction.steps()) {
                    lastStep.add(logit, prediction.exactAfter(step));
                }
            }
        }
    }

    /** What it comes to; nothing where there is no puzzle to tell by. */
    Optional<HaltScore> score() {
        var at = new ArrayList<HaltScore.At>();
        halts.forEach((step, counts) -> at.add(new HaltScore.At(step, counts[0], counts[1])));
        return at.isEmpty() || lastStep.bins().isEmpty()
                ? Optional.empty() : Optional.of(new HaltScore(at, everyStep.bins(), lastStep.bins()));
    }
}
