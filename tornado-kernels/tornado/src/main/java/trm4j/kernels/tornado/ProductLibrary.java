package trm4j.kernels.tornado;

import trm4j.kernels.op.MatMul;

/**
 * A vendor's library of matrix products, which works on a device's memory in the device's own order of work. It takes
 * the place of kernels in a {@link LibraryKernels} set.
 */
public interface ProductLibrary {

    /** Returns what a device's description says of it: name, version and precision. */
    String description();

    /**
     * Returns how many matrices it computes where c is one, to be added up afterwards: 1 if c itself. More than 1 only
     * for the sum over a batch.
     */
    int parts(MatMul product);

    /**
     * Makes the library ready for one execution.
     *
     * @param context the device's context, in the vendor's words, such as a {@code CUcontext}
     * @param stream where work is put in order, such as a {@code CUstream}
     * @throws trm4j.kernels.DeviceException if the library refuses
     */
    Session open(long context, long stream);

    /** A library that is ready, for one thread at a time. */
    interface Session extends AutoCloseable {

        /**
         * Puts a product into the stream, behind all that is there, and does not wait for it.
         *
         * @param product its shapes and types, transpositions, and whether it adds to c; where it has {@link #parts},
         *     they are set, one after the other. a and b are both of floats or both of bfloat16; then c may be too,
         *     which is rounded to nearest even, once, and is neither added to nor a sum over a batch
         * @param memory the device's address of the first of all floats
         * @param a how many bytes behind it a begins, and so on
         * @param c where c begins, or its parts
         * @throws trm4j.kernels.DeviceException if the library refuses
         */
        void enqueue(MatMul product, long memory, long a, long b, long c);

        /** Gives back what it takes. */
        @Override
        void close();
    }
}
