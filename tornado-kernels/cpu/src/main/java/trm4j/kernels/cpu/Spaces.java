package trm4j.kernels.cpu;

import trm4j.kernels.ElementType;
import trm4j.kernels.op.Operation;

/**
 * Each worker's floats for parts of tensors that are stored as bfloat16, so that kernels compute on floats in either
 * case, and their loops are written once: a part is widened into a space, or computed there and rounded into its place.
 * Small enough to stay in a cache.
 */
final class Spaces {

    /** The most tensors that a kernel has such parts of. */
    static final int COUNT = 5;
    /** The longest part of a kernel that may choose its parts. */
    private static final int PART = 2048;

    private final float[][][] spaces;

    /**
     * Makes spaces.
     *
     * @param length floats of each; 0 where no tensor is stored so
     */
    Spaces(int workers, int length) {
        spaces = new float[workers][COUNT][length];
    }

    /** Returns a worker's spaces. */
    float[][] of(int worker) {
        return spaces[worker];
    }

    /** Returns the longest part that a kernel of single elements works on at a time. */
    int part(Operation op) {
        return rounds(op) ? PART : Integer.MAX_VALUE;
    }

    /** Tells whether an operation has tensors of bfloat16. */
    static boolean rounds(Operation op) {
        return op.tensors().anyMatch(tensor -> tensor.type() == ElementType.BF16);
    }

    /**
     * Returns the length that an operation needs.
     *
     * @param rows the longest part that it cannot choose
     */
    static int length(Operation op, int rows) {
        return rounds(op) ? Math.max(PART, rows) : 0;
    }

    /** Returns the bytes of one worker's. */
    static long bytes(int length) {
        return 4L * COUNT * length;
    }
}
