package trm4j.kernels.cpu;

import java.util.stream.Stream;

/** Space that kernels take beside their operands. Kernels run one after the other, so all share it. */
final class Scratch {

    /** Each thread's own. */
    final Gemm[] gemms;
    final GatedTiles[] tiles;
    /** Rows of a {@link LineTile} for each thread. */
    final float[][] lines;
    /** An operand that all threads pack together. */
    final float[] packed;
    /** What each thread packs by itself. */
    final float[][] packedColumns;
    /** Sums that are put aside. */
    final float[] sums;
    /** Those that each thread puts aside by itself. */
    final float[][] ownSums;
    /** For parts of tensors of bfloat16. */
    final Spaces spaces;

    /** Scratch space for kernels that need no more than this size. */
    Scratch(Size size, int threads) {
        gemms = Stream.generate(Gemm::new).limit(threads).toArray(Gemm[]::new);
        tiles = Stream.generate(GatedTiles::new).limit(threads).toArray(GatedTiles[]::new);
        lines = new float[threads][LineTile.SIZE];
        packed = new float[size.packed];
        packedColumns = new float[threads][size.packedColumns];
        sums = new float[size.sums];
        ownSums = new float[threads][size.ownSums];
        spaces = new Spaces(threads, size.spaces);
    }

    /**
     * What a kernel needs, in floats.
     *
     * @param packed of the operand that all threads pack together
     * @param packedColumns of what each thread packs by itself
     * @param sums of the sums that are put aside
     * @param ownSums of those that each thread puts aside by itself
     * @param spaces of a thread's space for a part of a tensor
     * @param own bytes, for each thread, that the kernel allocates for itself
     */
    record Size(int packed, int packedColumns, int sums, int ownSums, int spaces, long own) {

        static final Size NONE = new Size(0, 0, 0, 0, 0, 0);

        static Size packed(int packed, int packedColumns) {
            return new Size(packed, packedColumns, 0, 0, 0, 0);
        }

        static Size sums(int sums) {
            return new Size(0, 0, sums, 0, 0, 0);
        }

        static Size rounded(int sums, int ownSums, int spaces) {
            return new Size(0, 0, sums, ownSums, spaces, 0);
        }

        static Size spaces(int spaces) {
            return new Size(0, 0, 0, 0, spaces, 0);
        }

        static Size own(long bytes) {
            return new Size(0, 0, 0, 0, 0, bytes);
        }

        /** Returns what two kernels need together: of what they share, the larger one. */
        Size with(Size other) {
            return new Size(
                    Math.max(packed, other.packed), Math.max(packedColumns, other.packedColumns),
                    Math.max(sums, other.sums), Math.max(ownSums, other.ownSums), Math.max(spaces, other.spaces),
                    own + other.own);
        }

        long bytes(int threads) {
            return 4L * packed + 4L * sums
                    + threads * (Gemm.bytes() + GatedTiles.bytes() + 4L * LineTile.SIZE + 4L * packedColumns
                            + 4L * ownSums + Spaces.bytes(spaces) + own);
        }
    }
}
