package trm4j.kernels.cpu;

/**
 * What is done with products of which an operand is of bfloat16: they are summed up as floats, aside; then each sum is
 * rounded to bfloat16, and set or added to its place.
 */
final class RoundedSums {

    private RoundedSums() {}

    /**
     * Puts consecutive sums into their places.
     *
     * @param space for as many floats
     */
    static void put(float[] sums, int at, View c, int cAt, int n, boolean add, float[] space) {
        if (add) {
            Halves.round(sums, at, n);
            var to = c.read(cAt, n, space);
            CopyKernels.add(to, c.place(cAt), sums, at, to, c.place(cAt), n);
            c.write(to, cAt, n);
        } else if (c.array() instanceof short[] numbers) {
            Halves.narrow(sums, at, numbers, cAt, n);
        } else {
            Halves.round(sums, at, n);
            System.arraycopy(sums, at, c.floats(), cAt, n);
        }
    }
}
