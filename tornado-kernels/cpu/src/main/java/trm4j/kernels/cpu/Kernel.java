package trm4j.kernels.cpu;

/** One operation, bound to its arrays. */
@FunctionalInterface
interface Kernel {

    /**
     * Runs it.
     *
     * @param values of the indices, at their places in the execution's {@link Memory}
     */
    void run(int[] values);
}
