package trm4j.kernels.cpu;

import java.util.stream.Stream;

/** Space that matrix products take beside their operands. Kernels run one after the other, so all share it. */
final class Scratch {

    /** Each thread's own. */
    final Gemm[] gemms;
    /** An operand that all threads pack together. */
    final float[] packed;
    /** What each thread packs by itself. */
    final float[][] packedColumns;
    /** Sums that are put aside. */
    final float[] sums;

    /** Scratch space for kernels that need no more than this size. */
    Scratch(Size size, int threads) {
        gemms = Stream.generate(Gemm::new).limit(threads).toArray(Gemm[]::new);
        packed = new float[size.packed];
        packedColumns = new float[threads][size.packedColumns];
        sums = new float[size.sums];
    }

    /**
     * What a kernel needs, in floats.
     *
     * @param packed of the operand that all threads pack together
     * @param packedColumns of what each thread packs by itself
     * @param sums of the sums that are put aside
     * @param own bytes, for each thread, that the kernel allocates for itself
     */
    record Size(int packed, int packedColumns, int sums, long own) {

        static final Size NONE = new Size(0, 0, 0, 0);

        static Size own(long bytes) {
            return new Size(0, 0, 0, bytes);
        }

        /** Returns what two kernels need together: of what they share, the larger one. */
        Size with(Size other) {
            return new Size(
                    Math.max(packed, other.packed), Math.max(packedColumns, other.packedColumns),
                    Math.max(sums, other.sums), own + other.own);
        }

        long bytes(int threads) {
            return 4L * packed + 4L * sums + threads * (Gemm.bytes() + 4L * packedColumns + own);
        }
    }
}
