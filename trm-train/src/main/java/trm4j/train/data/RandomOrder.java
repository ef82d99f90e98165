package trm4j.train.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Puts numbers in random order; every order is as likely. */
public final class RandomOrder {

    private RandomOrder() {}

    /** Returns the numbers 0 to size - 1 in random order. */
    public static int[] of(int size, SplittableRandom random) {
        var order = new int[size];
        Arrays.setAll(order, i -> i);
        shuffle(order, size, random);
        return order;
    }

    /** Shuffles the first {@code size} values. */
    static void shuffle(int[] values, int size, SplittableRandom random) {
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }
}
