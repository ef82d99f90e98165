package trm4j.gpucheck;

/**
 * What a kernel takes of a GPU.
 *
 * @param registers of a thread, 0 where the compiler does not tell
 * @param spilled bytes of registers that did not fit and lie in memory
 * @param stack bytes of a thread's arrays that lie in memory
 * @param local bytes of local memory of a work-group
 * @param width how many threads go in step, 0 where the compiler has no choice
 */
record Usage(int registers, int spilled, int stack, int local, int width) {

    Usage(int registers, int spilled, int stack, int local) {
        this(registers, spilled, stack, local, 0);
    }

    /** Whether all that a thread sums up stays in registers. */
    boolean staysInRegisters() {
        return spilled == 0 && stack == 0;
    }
}
