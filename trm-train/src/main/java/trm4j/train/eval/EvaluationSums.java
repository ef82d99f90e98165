package trm4j.train.eval;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Adds predictions up to an evaluation, exactly: the order in which they come does not matter. */
final class EvaluationSums {

    /** Counts of some of the puzzles. */
    private static final class Sums {
        final int[] exact;
        int puzzles;
        long haltSteps;

        Sums(int steps) {
            exact = new int[steps];
        }

        void add(Prediction prediction) {
            puzzles++;
            haltSteps += prediction.haltStep();
            for (int step = 1; step <= exact.length; step++) {
                exact[step - 1] += prediction.exactAfter(step) ? 1 : 0;
            }
        }

        /** The shares of exact puzzles after each step. */
        List<Double> shares() {
            return Arrays.stream(exact).mapToObj(count -> (double) count / puzzles).toList();
        }
    }

    private final Optional<ArcVotes> votes;
    private final Optional<RolloutSums> rollouts;
    private final boolean halting;
    private final double several;
    private final RatingRanges ranges;
    private final Sums[] byRange;
    private final Sums all;
    private final HaltSums halts = new HaltSums();
    private final StateChangeSums changes;
    private final int steps;
    /** Right positions after each step, of puzzles with as many labelled ones. */
    private final TreeMap<Integer, long[]> right = new TreeMap<>();
    private final TreeMap<String, Integer> rules = new TreeMap<>();
    private int puzzles;
    private long haltSteps;
    private int exactAtHalt;
    private int haltRight;
    private BigDecimal loss = BigDecimal.ZERO;
    private boolean lossKnown = true;

    /**
     * Nothing yet.
     *
     * @param steps supervision steps of a puzzle at most
     * @param votes where to count votes too
     * @param several the share of puzzles with several right answers; NaN where that is not known
     * @param rollouts where to count what rollouts come to
     */
    EvaluationSums(
            int steps, boolean halting, RatingRanges ranges, Optional<ArcVotes> votes, double several,
            Optional<RolloutSums> rollouts) {
        this.several = several;
        this.votes = votes;
        this.rollouts = rollouts;
        this.halting = halting;
        this.ranges = ranges;
        this.steps = steps;
        byRange = IntStream.range(0, ranges.count()).mapToObj(_ -> new Sums(steps)).toArray(Sums[]::new);
        all = new Sums(steps);
        changes = new StateChangeSums(steps);
    }

    /**
     * Counts a prediction.
     *
     * @throws IllegalArgumentException if it is to have rollouts, and has none
     */
    void add(Prediction prediction) {
        if (rollouts.isPresent() && prediction.rollouts().isEmpty()) {
            throw new IllegalArgumentException("no rollouts");
        }
        puzzles++;
        haltSteps += prediction.haltStep();
        changes.add(prediction);
        votes.ifPresent(each -> each.add(prediction));
        prediction.rules().forEach((rule, kept) -> rules.merge(rule, kept ? 1 : 0, Integer::sum));
        if (prediction.labelled() == 0) {
            return;
        }
        all.add(prediction);
        halts.add(prediction);
        rollouts.ifPresent(each -> each.add(prediction));
        if (prediction.rating() != null && ranges.count() > 0) {
            byRange[ranges.of(prediction.rating())].add(prediction);
        }
        var sums = right.computeIfAbsent(prediction.labelled(), _ -> new long[steps]);
        for (int step = 1; step <= steps; step++) {
            sums[step - 1] += prediction.rightAfter(step);
        }
        exactAtHalt += prediction.exactAfter(prediction.haltStep()) ? 1 : 0;
        haltRight += prediction.haltsRightly() ? 1 : 0;
        if (Float.isFinite(prediction.loss())) {
            loss = loss.add(new BigDecimal(prediction.loss()));
        } else {
            lossKnown = false;
        }
    }

    int puzzles() {
        return puzzles;
    }

    /** The share of exact puzzles so far. */
    double exact() {
        return (double) all.exact[steps - 1] / all.puzzles;
    }

    Evaluation evaluation(double puzzlesPerSecond) {
        double n = all.puzzles;
        var bySteps = IntStream.range(0, steps)
                .mapToObj(i -> new Evaluation.Step(all.exact[i] / n, cells(i) / n))
                .toList();
        var shares = new TreeMap<String, Double>();
        rules.forEach((rule, kept) -> shares.put(rule, (double) kept / puzzles));
        var difficulty = new ArrayList<Evaluation.Level>();
        for (int i = 0; i < byRange.length; i++) {
            var sums = byRange[i];
            if (sums.puzzles == 0) {
                continue;
            }
            difficulty.add(new Evaluation.Level(
                    ranges.lowest()[i], ranges.highest()[i], sums.puzzles, sums.shares(),
                    (double) sums.haltSteps / sums.puzzles));
        }
        return new Evaluation(
                puzzles, all.puzzles, bySteps, halting, (double) haltSteps / puzzles, exactAtHalt / n, haltRight / n,
                lossKnown ? loss.doubleValue() / n : Double.NaN, shares, several, difficulty,
                votes.map(ArcVotes::score), rollouts.flatMap(RolloutSums::score), halts.score(), changes.changes(),
                puzzlesPerSecond);
    }

    /** The shares of right positions after a step, summed over puzzles. */
    private double cells(int step) {
        return right.entrySet().stream()
                .mapToDouble(sums -> (double) sums.getValue()[step] / sums.getKey())
                .sum();
    }
}
