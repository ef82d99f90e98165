package trm4j.model.file;

import java.util.Arrays;

/**
 * Numbers in the JVM's memory, in a shape.
 *
 * @param shape outermost dimension first
 * @param values row by row
 */
public record HostTensor(int[] shape, float[] values) {

    public HostTensor {
        if (size(shape) != values.length) {
            throw new IllegalArgumentException(Arrays.toString(shape) + " does not hold " + values.length);
        }
    }

    public static int size(int... shape) {
        return Math.toIntExact(Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact));
    }
}
