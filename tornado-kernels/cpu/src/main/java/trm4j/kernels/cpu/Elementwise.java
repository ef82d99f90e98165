package trm4j.kernels.cpu;

/** A kernel over the elements of rows of one width, cut into parts of a fixed size wherever rows end. */
final class Elementwise implements Kernel {

    /** Elements of one part: small enough to share out, large enough to be worth it. */
    private static final int PART = 1 << 14;

    /** Does consecutive elements of one row. */
    @FunctionalInterface
    interface Body {

        /**
         * Runs.
         *
         * @param values of the indices, for {@link View#at}
         * @param worker who does it: names scratch space nobody else uses
         */
        void run(int[] values, int row, int column, int length, int worker);
    }

    private final int width;
    private final int longest;
    private final long elements;
    private final Body body;
    private final Kernel parts;

    Elementwise(Team team, int rows, int width, Body body) {
        this(team, rows, width, PART, body);
    }

    /**
     * Makes a kernel.
     *
     * @param longest the most elements that a body is given at a time
     */
    Elementwise(Team team, int rows, int width, int longest, Body body) {
        this.width = width;
        this.longest = longest;
        this.body = body;
        elements = (long) rows * width;
        parts = new Parallel(team, (int) Math.ceilDiv(elements, PART), this::walk);
    }

    @Override
    public void run(int[] values) {
        parts.run(values);
    }

    private void walk(int[] values, int part, int worker) {
        long end = Math.min(elements, (part + 1L) * PART);
        for (long e = (long) part * PART; e < end; ) {
            int row = (int) (e / width);
            int column = (int) (e % width);
            int length = (int) Math.min(Math.min(end - e, longest), width - column);
            body.run(values, row, column, length, worker);
            e += length;
        }
    }
}
