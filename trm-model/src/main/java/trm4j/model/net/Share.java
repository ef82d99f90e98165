package trm4j.model.net;

import trm4j.kernels.Shape;

/**
 * The micro-batches of each batch that one process computes, where several train together: some that follow each other.
 *
 * @param first the first of them, from 0
 * @param count how many, at least 1
 * @param of how many all processes compute together
 */
public record Share(int first, int count, int of) {

    public Share {
        if (first < 0 || count < 1 || first + count > of) {
            throw new IllegalArgumentException(count + " micro-batches from " + first + " on, of " + of);
        }
    }

    /** All micro-batches: one process trains alone. */
    public static Share whole(int microBatches) {
        return new Share(0, microBatches, microBatches);
    }

    /**
     * Shares micro-batches out: no process has two more than another.
     *
     * @param rank of this process, from 0
     * @param size of all processes, at most as many as there are micro-batches
     */
    public static Share of(int microBatches, int rank, int size) {
        int first = start(microBatches, rank, size);
        return new Share(first, start(microBatches, rank + 1, size) - first, microBatches);
    }

    /** Returns the first micro-batch of a rank; of a rank that there is not, the one after the last. */
    public static int start(int microBatches, int rank, int size) {
        return (int) ((long) microBatches * rank / size);
    }

    /**
     * Returns the dimensions of what the whole batch has of something.
     *
     * @param own what the share has of it: the first dimension is of its micro-batches, or of all their puzzles
     */
    public int[] shapeOfAll(Shape own) {
        int[] dimensions = own.dimensions().stream().mapToInt(d -> d).toArray();
        dimensions[0] = dimensions[0] / count * of;
        return dimensions;
    }

    /** Tells whether these are all. */
    public boolean isWhole() {
        return count == of;
    }
}
