package trm4j.model.torch;

import java.util.Arrays;
import trm4j.kernels.ElementType;

/**
 * A view of a storage, in elements; its numbers are still in the file.
 *
 * @param strides distance in the storage between neighbours along each dimension, 0 where it is expanded
 */
record TorchTensor(Storage storage, long offset, int[] shape, long[] strides) {

    /**
     * Numbers in a record of the archive.
     *
     * @param key the record's name under {@code data/}
     * @param elements how many there are
     */
    record Storage(ElementType type, String key, long elements) {}

    /** Returns how many elements there are; the largest long where there are more. */
    long size() {
        if (Arrays.stream(shape).anyMatch(dimension -> dimension == 0)) {
            return 0;
        }
        long size = 1;
        for (int dimension : shape) {
            if (size > Long.MAX_VALUE / dimension) {
                return Long.MAX_VALUE;
            }
            size *= dimension;
        }
        return size;
    }

    /** Tells whether all elements lie in the storage. */
    boolean fits() {
        if (size() == 0) {
            return offset <= storage.elements;
        }
        long last = offset;
        for (int i = 0; i < shape.length; i++) {
            if (strides[i] > 0 && shape[i] - 1L > (storage.elements - last) / strides[i]) {
                return false;
            }
            last += (shape[i] - 1L) * strides[i];
        }
        return last < storage.elements;
    }

    /** Returns how many elements the storage has from the first that the view has to the last. */
    long span() {
        long span = 1;
        for (int i = 0; i < shape.length; i++) {
            span += (shape[i] - 1L) * strides[i];
        }
        return size() == 0 ? 0 : span;
    }

    /** Tells whether the elements follow one another in the storage, as they do in memory. */
    boolean contiguous() {
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && strides[i] != expected) {
                return size() == 0;
            }
            expected *= shape[i];
        }
        return true;
    }
}
