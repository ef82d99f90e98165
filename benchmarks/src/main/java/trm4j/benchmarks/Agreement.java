package trm4j.benchmarks;

/** Refuses to time what computes something else. */
final class Agreement {

    /** float32 and sums of some thousand numbers in any order. */
    private static final double TOLERANCE = 1e-4;

    private Agreement() {}

    /** Runs both; their results may differ by {@link #TOLERANCE} of the largest number expected. */
    static void require(String what, Computation expected, Computation found) {
        expected.run();
        found.run();
        require(what, expected.result(), found.result());
    }

    static void require(String what, float[] expected, float[] found) {
        if (expected.length != found.length) {
            throw new IllegalStateException(what + ": expected " + expected.length + " numbers, found " + found.length);
        }
        double largest = 0;
        for (var e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - found[i]) <= TOLERANCE * largest)) {
                throw new IllegalStateException(
                        what + ": expected " + expected[i] + " at " + i + ", found " + found[i]);
            }
        }
    }
}
