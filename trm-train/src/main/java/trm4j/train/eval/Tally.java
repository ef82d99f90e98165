package trm4j.train.eval;

import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Adds up what became of puzzles; the order in which they come does not matter but for rounding. */
final class Tally {

    /** Counts of some of the puzzles. */
    private static final class Sums {
        int puzzles;
        int exact;
        long haltSteps;

        void add(Prediction prediction, int steps) {
            puzzles++;
            exact += prediction.exactAfter(steps) ? 1 : 0;
            haltSteps += prediction.haltStep();
        }
    }

    private final Optional<ArcVotes> votes;
    private final boolean halting;
    private final RatingLevels levels;
    private final Sums[] byLevel;
    private final Sums all = new Sums();
    private final int[] exact;
    private final double[] cells;
    private final TreeMap<String, Integer> rules = new TreeMap<>();
    private int puzzles;
    private long haltSteps;
    private int exactAtHalt;
    private int haltRight;
    private double loss;

    /**
     * Nothing yet.
     *
     * @param steps supervision steps of a puzzle at most
     * @param votes where to count votes too
     */
    Tally(int steps, boolean halting, RatingLevels levels, Optional<ArcVotes> votes) {
        this.votes = votes;
        this.halting = halting;
        this.levels = levels;
        byLevel = IntStream.range(0, levels.count()).mapToObj(i -> new Sums()).toArray(Sums[]::new);
        exact = new int[steps];
        cells = new double[steps];
    }

    void add(Prediction prediction) {
        puzzles++;
        haltSteps += prediction.haltStep();
        votes.ifPresent(each -> each.add(prediction));
        prediction.rules().forEach((rule, kept) -> rules.merge(rule, kept ? 1 : 0, Integer::sum));
        if (prediction.labelled() == 0) {
            return;
        }
        all.add(prediction, exact.length);
        if (prediction.rating() != null && levels.count() > 0) {
            byLevel[levels.of(prediction.rating())].add(prediction, exact.length);
        }
        for (int step = 1; step <= exact.length; step++) {
            exact[step - 1] += prediction.exactAfter(step) ? 1 : 0;
            cells[step - 1] += (double) prediction.rightAfter(step) / prediction.labelled();
        }
        exactAtHalt += prediction.exactAfter(prediction.haltStep()) ? 1 : 0;
        haltRight += prediction.haltsRightly() ? 1 : 0;
        loss += prediction.loss();
    }

    int puzzles() {
        return puzzles;
    }

    /** The share of exact puzzles so far. */
    double exact() {
        return (double) all.exact / all.puzzles;
    }

    Evaluation evaluation(double puzzlesPerSecond) {
        double n = all.puzzles;
        var steps = IntStream.range(0, exact.length)
                .mapToObj(i -> new Evaluation.Step(exact[i] / n, cells[i] / n))
                .toList();
        var shares = new TreeMap<String, Double>();
        rules.forEach((rule, kept) -> shares.put(rule, (double) kept / puzzles));
        var difficulty = new ArrayList<Evaluation.Level>();
        for (int i = 0; i < byLevel.length; i++) {
            var sums = byLevel[i];
            difficulty.add(new Evaluation.Level(
                    levels.lowest()[i], levels.highest()[i], sums.puzzles, (double) sums.exact / sums.puzzles,
                    (double) sums.haltSteps / sums.puzzles));
        }
        return new Evaluation(
                puzzles, all.puzzles, steps, halting, (double) haltSteps / puzzles, exactAtHalt / n, haltRight / n,
                loss / n, shares, difficulty, votes.map(ArcVotes::score),
                puzzlesPerSecond);
    }
}
