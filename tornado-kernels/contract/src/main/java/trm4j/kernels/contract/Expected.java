package trm4j.kernels.contract;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import trm4j.kernels.Bfloat16;

/**
 * What a tensor must hold, at some of its places.
 *
 * @param tolerance the largest error allowed, in units of the largest of the values; 0 for none at all
 */
record Expected(int[] places, double[] values, double tolerance) {

    private static final double FORWARD = 1e-5;
    private static final double GRADIENT = 1e-4;
    /** What rounding to bfloat16, which has 8 bits, leaves of some numbers' sum. */
    private static final double ROUNDED = 1.0 / 64;
    /** What rounding leaves of a finite difference that should be 0. */
    private static final double NOISE = 1e-9;

    private static final double STEP = 1e-5;
    private static final int PLACES = 400;

    static Expected exactly(double... values) {
        return new Expected(IntStream.range(0, values.length).toArray(), values, 0);
    }

    static Expected forward(double... values) {
        return new Expected(IntStream.range(0, values.length).toArray(), values, FORWARD);
    }

    /** Returns the loss's gradient at {@code at}, by central differences; of many elements, at some places only. */
    static Expected gradient(ToDoubleFunction<double[]> loss, double[] at) {
        return gradient(loss, at, PLACES);
    }

    /** Returns the loss's gradient at {@code at}, by central differences, at no more than {@code most} places. */
    static Expected gradient(ToDoubleFunction<double[]> loss, double[] at, int most) {
        var places = CaseNumbers.seeded(at.length).places(at.length, most);
        var moved = at.clone();
        var slopes = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            int place = places[i];
            moved[place] = at[place] + STEP;
            double above = loss.applyAsDouble(moved);
            moved[place] = at[place] - STEP;
            double below = loss.applyAsDouble(moved);
            moved[place] = at[place];
            slopes[i] = (above - below) / (2 * STEP);
        }
        return new Expected(places, slopes, GRADIENT);
    }

    /** Returns the same, added to what the tensor held. */
    Expected addedTo(double[] before) {
        var sums = IntStream.range(0, places.length).mapToDouble(i -> before[places[i]] + values[i]).toArray();
        return new Expected(places, sums, tolerance);
    }

    /** Returns the same for numbers of bfloat16. */
    Expected rounded() {
        return new Expected(places, Arrays.stream(values).map(v -> Bfloat16.round((float) v)).toArray(), looser());
    }

    /** Returns the same for what is made of numbers of bfloat16. */
    Expected loose() {
        return new Expected(places, values, looser());
    }

    private double looser() {
        return tolerance == 0 ? 0 : ROUNDED;
    }

    void check(String tensor, double[] found) {
        double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
        double allowed = tolerance == 0 ? 0 : tolerance * largest + NOISE;
        for (int i = 0; i < places.length; i++) {
            double error = Math.abs(found[places[i]] - values[i]);
            if (!(error <= allowed)) {
                fail("%s[%d]: expected %s, found %s, which is off by %.3g, more than %.3g"
                        .formatted(tensor, places[i], values[i], found[places[i]], error, allowed));
            }
        }
    }
}
