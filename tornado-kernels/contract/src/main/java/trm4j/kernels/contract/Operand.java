package trm4j.kernels.contract;

import java.util.Arrays;
import java.util.function.Supplier;
import trm4j.kernels.ElementType;
import trm4j.kernels.Shape;

/** A tensor of a case: what it holds before the operations run, and what it must hold after. */
record Operand(String name, ElementType type, Shape shape, double[] before, Supplier<Expected> after) {

    Operand {
        if (before.length != shape.size()) {
            throw new IllegalArgumentException(name + shape + " given " + before.length + " numbers");
        }
    }

    /** Returns an operand that is read and must stay as it is. */
    static Operand read(String name, double[] numbers, int... dimensions) {
        return updated(name, numbers, () -> Expected.exactly(numbers), dimensions);
    }

    /** Returns an operand that is read and must stay as it is. */
    static Operand read(String name, int[] numbers, int... dimensions) {
        return updated(name, numbers, numbers, dimensions);
    }

    /** Returns an operand that is set in full; until then it holds NaN, which whatever reads it would spread. */
    static Operand set(String name, Supplier<Expected> after, int... dimensions) {
        var before = new double[(int) Shape.of(dimensions).size()];
        Arrays.fill(before, Double.NaN);
        return updated(name, before, after, dimensions);
    }

    /** Returns an operand that is set in full. */
    static Operand set(String name, int[] after, int... dimensions) {
        var before = new int[after.length];
        Arrays.fill(before, Integer.MIN_VALUE);
        return updated(name, before, after, dimensions);
    }

    /** Returns an operand that is read and written, or written in part. */
    static Operand updated(String name, double[] before, Supplier<Expected> after, int... dimensions) {
        return new Operand(name, ElementType.F32, Shape.of(dimensions), before, after);
    }

    /** Returns an operand that is read and written, or written in part. */
    static Operand updated(String name, int[] before, int[] after, int... dimensions) {
        return new Operand(
                name, ElementType.I32, Shape.of(dimensions), doubles(before),
                () -> Expected.exactly(doubles(after)));
    }

    int size() {
        return before.length;
    }

    private static double[] doubles(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }
}
