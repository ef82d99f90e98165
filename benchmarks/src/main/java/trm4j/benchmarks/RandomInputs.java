package trm4j.benchmarks;

import java.util.SplittableRandom;
import trm4j.kernels.Shape;

/** Random inputs: the same for every library. */
final class RandomInputs {

    private RandomInputs() {}

    /** Returns normally distributed numbers. */
    static float[] normal(Shape shape, long seed) {
        var random = new SplittableRandom(seed);
        var values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Returns whole numbers in [0, bound). */
    static int[] ints(Shape shape, int bound, long seed) {
        return new SplittableRandom(seed).ints((int) shape.size(), 0, bound).toArray();
    }
}
