package trm4j.kernels.device;

import trm4j.kernels.Buffer;

/**
 * Compiled schedules and the memory of their buffers on one device. Not for use by several threads at
 * once. Buffers keep their values from run to run; reading and writing copies whole buffers.
 *
 * <p>A schedule or buffer that it was not opened for is refused with an {@link IllegalArgumentException}, and so is an
 * array of another length than the buffer's. A device that fails throws a {@link trm4j.kernels.DeviceException}; what
 * the buffers hold is void then.
 */
public interface Execution extends AutoCloseable {

    /**
     * Runs all calls of a schedule.
     *
     * @throws IllegalArgumentException if this was not opened for it
     * @throws IllegalStateException if a kernel fails
     * @throws trm4j.kernels.DeviceException if the device fails
     */
    void run(Schedule schedule);

    /**
     * Sets all elements of a buffer of F32, or of BF16, for which values are rounded to nearest, ties to even.
     *
     * @throws IllegalArgumentException if the buffer is none of the schedules', or has another number of elements
     * @throws trm4j.kernels.DeviceException if the device fails
     */
    void write(Buffer buffer, float[] values);

    /**
     * Sets all elements of an I32 buffer.
     *
     * @throws IllegalArgumentException if the buffer is none of the schedules', or has another number of elements
     * @throws trm4j.kernels.DeviceException if the device fails
     */
    void write(Buffer buffer, int[] values);

    /**
     * Returns a copy of the elements of a buffer of F32 or BF16.
     *
     * @throws IllegalArgumentException if the buffer is none of the schedules'
     * @throws trm4j.kernels.DeviceException if the device fails, or has failed since the last copy
     */
    float[] floats(Buffer buffer);

    /**
     * Returns a copy of an I32 buffer's elements.
     *
     * @throws IllegalArgumentException if the buffer is none of the schedules'
     * @throws trm4j.kernels.DeviceException if the device fails, or has failed since the last copy
     */
    int[] ints(Buffer buffer);

    /** Gives the device's memory back. */
    @Override
    void close();
}
