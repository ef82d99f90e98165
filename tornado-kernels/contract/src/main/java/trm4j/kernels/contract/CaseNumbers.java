package trm4j.kernels.contract;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import trm4j.kernels.Bfloat16;

/**
 * Random numbers for cases, and sums of them. A float holds each exactly; they are the same for the same case, in every
 * JVM. Every device is tested with millions of them: those of many take loops, and the generator that is quick.
 */
final class CaseNumbers {

    private final Random random;

    private CaseNumbers(long seed) {
        random = new Random(seed);
    }

    static CaseNumbers of(OperationCase operation) {
        return seeded(operation.toString().hashCode());
    }

    static CaseNumbers seeded(long seed) {
        return new CaseNumbers(seed);
    }

    double[] normal(int count) {
        var gaussian = new SplittableRandom(random.nextInt());
        var values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) gaussian.nextGaussian();
        }
        return values;
    }

    /** Returns numbers evenly spread between two bounds. */
    double[] between(double low, double high, int count) {
        return rounded(random.doubles(count, low, high).toArray());
    }

    /** Returns numbers evenly spread between two bounds, of which bfloat16 holds each exactly. */
    double[] coarse(double low, double high, int count) {
        return random.doubles(count, low, high).map(v -> Bfloat16.round((float) v)).toArray();
    }

    /** Returns whole numbers in [low, high). */
    int[] ints(int low, int high, int count) {
        return random.ints(count, low, high).toArray();
    }

    /** Returns a size in [low, high]. */
    int size(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    /** Returns some places below n, in order, the first and the last among them; all if there are not more. */
    int[] places(int n, int count) {
        if (n <= count) {
            return IntStream.range(0, n).toArray();
        }
        var ends = IntStream.of(0, n - 1);
        return IntStream.concat(ends, random.ints(0, n)).distinct().limit(count).sorted().toArray();
    }

    static double[] rounded(double... values) {
        var rounded = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    /** Returns the sum of products, with what rounding takes added again: finite differences need all digits. */
    static double dot(double[] a, double[] b) {
        double sum = 0;
        double lost = 0;
        for (int i = 0; i < a.length; i++) {
            double next = a[i] * b[i] - lost;
            double sums = sum + next;
            lost = sums - sum - next;
            sum = sums;
        }
        return sum;
    }

    static double[] plus(double[] a, double[] b) {
        var sums = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            sums[i] = a[i] + b[i];
        }
        return sums;
    }
}
