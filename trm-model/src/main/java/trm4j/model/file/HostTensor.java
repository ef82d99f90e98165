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

    /** Returns a matrix of some rows, each the mean of this one's, of which there is at least one. */
    public HostTensor meanRows(int rows) {
        int width = shape[1];
        var sum = new double[width];
        for (int i = 0; i < values.length; i++) {
            sum[i % width] += values[i];
        }
        var means = new float[Math.multiplyExact(rows, width)];
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) (sum[i % width] / shape[0]);
        }
        return new HostTensor(new int[] {rows, width}, means);
    }

    public static int size(int... shape) {
        return Math.toIntExact(Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact));
    }
}
