package trm4j.train.metrics;

import trm4j.model.StepMetrics;

/**
 * Means over the sequences that halted lately, since the few of a single step say little.
 *
 * @param exact share with every position right
 * @param steps supervision steps that they took
 * @param any whether any sequence halted so far
 */
public record RecentMeans(double exact, double steps, boolean any) {

    private static final double MEMORY = 0.95;

    public static final RecentMeans NONE = new RecentMeans(0, 0, false);

    public RecentMeans after(StepMetrics step) {
        if (step.count() == 0) {
            return this;
        }
        return new RecentMeans(
                smooth(exact, step.exact() / step.count()), smooth(steps, step.steps() / step.count()), true);
    }

    private double smooth(double before, double value) {
        return any ? MEMORY * before + (1 - MEMORY) * value : value;
    }
}
