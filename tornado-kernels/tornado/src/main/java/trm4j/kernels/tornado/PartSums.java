package trm4j.kernels.tornado;

import trm4j.kernels.Tensor;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Adds up sums that work-groups did in parts, in order. */
final class PartSums {

    // The columns of a row.
    private static final int PARTS = 0, SUMS = 1, N = 2, COUNT = 3, END = 4;

    private PartSums() {}

    /** sums = keep * sums + the sum of the parts, keep 0 or 1. Each thread computes one element. */
    static void sumParts(int[] ints, int at, int keep, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int partsAt = ints[row + PARTS];
        int sumsAt = ints[row + SUMS];
        int n = ints[row + N];
        int count = ints[row + COUNT];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            float sum = 0;
            for (int p = 0; p < count; p++) {
                sum += f[partsAt + p * n + i];
            }
            if (keep == 1) {
                sum += f[sumsAt + i];
            }
            f[sumsAt + i] = sum;
        }
    }

    /**
     * Returns the launch.
     *
     * @param parts as many elements as the sums have, part after part
     * @param add to add to the sums, not set them
     */
    static Launch of(String name, Tensor parts, Tensor sums, boolean add) {
        int n = sums.size();
        return Launch.of(name, END)
                .operand(PARTS, parts)
                .operand(SUMS, sums)
                .size(N, n)
                .size(COUNT, parts.size() / n)
                .on(Threads.of(n), caller -> caller.loop(PartSums::sumParts, add ? 1 : 0));
    }
}
