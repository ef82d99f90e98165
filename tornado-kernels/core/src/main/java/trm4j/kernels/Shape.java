package trm4j.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The dimensions of an array, outermost first, stored row by row.
 *
 * @param dimensions each at least 1; none for a single number
 */
public record Shape(List<Integer> dimensions) {

    public Shape {
        dimensions = List.copyOf(dimensions);
        if (dimensions.stream().anyMatch(d -> d < 1)) {
            throw new IllegalArgumentException("every dimension must be at least 1, found " + dimensions);
        }
    }

    /** Returns the shape of some dimensions, outermost first. */
    public static Shape of(int... dimensions) {
        return new Shape(Arrays.stream(dimensions).boxed().toList());
    }

    /** Returns the number of dimensions. */
    public int rank() {
        return dimensions.size();
    }

    /** Returns the dimension on an axis; negative axes count from the innermost, -1. */
    public int dim(int axis) {
        return dimensions.get(axis < 0 ? rank() + axis : axis);
    }

    /** Returns the number of elements. */
    public long size() {
        long size = 1;
        // Kernels ask in their loops: by number, no iterator is made.
        for (int axis = 0; axis < dimensions.size(); axis++) {
            size = Math.multiplyExact(size, (long) dimensions.get(axis));
        }
        return size;
    }

    /** Returns this shape without its outermost dimension. */
    public Shape inner() {
        return new Shape(dimensions.subList(1, rank()));
    }

    /** Returns the dimensions as tables show them, such as {@code 2x81}. */
    public String label() {
        return dimensions.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    @Override
    public String toString() {
        return "[" + label() + "]";
    }
}
