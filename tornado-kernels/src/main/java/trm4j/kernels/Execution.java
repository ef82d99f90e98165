package trm4j.kernels;

/**
 * Compiled schedules and the memory of their buffers on one device. Not for use by several threads at
 * once. Buffers keep their values from run to run; reading and writing copies whole buffers.
 */
public interface Execution extends AutoCloseable {

    /** Runs all calls of a schedule that this execution was compiled for. */
    void run(Schedule schedule);

    /** Sets all elements of an F32 buffer. */
    void write(Buffer buffer, float[] values);

    /** Sets all elements of an I32 buffer. */
    void write(Buffer buffer, int[] values);

    /** A copy of an F32 buffer's elements. */
    float[] floats(Buffer buffer);

    /** A copy of an I32 buffer's elements. */
    int[] ints(Buffer buffer);

    /** Gives the device's memory back. */
    @Override
    void close();
}
