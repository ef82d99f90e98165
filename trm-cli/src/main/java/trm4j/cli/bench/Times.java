package trm4j.cli.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How long something took, in seconds.
 *
 * @param median of the samples
 * @param spread between the quartiles, as a share of the median
 * @param least the shortest sample
 */
public record Times(double median, double spread, double least, int samples) {

    private static final int FEWEST = 3;
    private static final int MOST = 100;
    /** What a run takes of the best so far where warming up goes on, and how many times as long as it may. */
    private static final double BETTER = 0.9;
    private static final double PATIENCE = 10;

    /** The figures of some samples, at least one. */
    static Times of(List<Double> samples) {
        var sorted = new ArrayList<>(samples);
        Collections.sort(sorted);
        double median = quantile(sorted, 0.5);
        double spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / median;
        return new Times(median, spread, sorted.getFirst(), sorted.size());
    }

    /** Between samples, on the straight line from one to the next. */
    private static double quantile(List<Double> sorted, double share) {
        double at = share * (sorted.size() - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
    }

    /** Runs until a time is over, in seconds, but at least three times. */
    static Times measure(double budget, Runnable before, Runnable run) {
        var samples = new ArrayList<Double>();
        double total = 0;
        while (samples.size() < FEWEST || total < budget && samples.size() < MOST) {
            before.run();
            double seconds = seconds(run);
            samples.add(seconds);
            total += seconds;
        }
        return of(samples);
    }

    /**
     * Runs until the JIT compiler has done its work: for some seconds, and twice as long as it took to come near
     * the best run; at least once. Returns the seconds of the last run.
     */
    static double warmUp(double least, Runnable run) {
        double total = 0;
        double best = Double.POSITIVE_INFINITY;
        double enough = least;
        double last;
        do {
            last = seconds(run);
            total += last;
            if (last < BETTER * best) {
                best = last;
                enough = Math.clamp(2 * total - last, least, PATIENCE * least);
            }
        } while (total < enough);
        return last;
    }

    /** Warms up for twice the time, then measures. */
    static Times warm(double budget, Runnable run) {
        warmUp(2 * budget, run);
        return measure(budget, () -> {}, run);
    }

    static double seconds(Runnable run) {
        long start = System.nanoTime();
        run.run();
        return (System.nanoTime() - start) * 1e-9;
    }

    /** The same for a part of what was timed. */
    Times per(long parts) {
        return new Times(median / parts, spread, least / parts, samples);
    }

    /** The same without a part that is known; what is left is no less than nothing. */
    Times less(double seconds) {
        double left = Math.max(median - seconds, 0);
        return new Times(left, left == 0 ? 0 : spread * median / left, Math.max(least - seconds, 0), samples);
    }
}
