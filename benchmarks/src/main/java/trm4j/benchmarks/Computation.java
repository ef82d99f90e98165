package trm4j.benchmarks;

/** One computation on arrays of its own, ready to run again and again. */
interface Computation extends AutoCloseable {

    void run();

    /** A copy of what the last run computed, row by row. */
    float[] result();

    @Override
    void close();
}
