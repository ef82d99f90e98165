package trm4j.kernels.op;

import trm4j.kernels.ElementType;

/**
 * The values that an operand may have for its operation to mean something. A test or a bench draws them evenly from
 * the range.
 *
 * @param low the least of them
 * @param high what they stay below; equal to low for a single value
 */
public record Values(double low, double high) {

    /** Numbers that may be anything. */
    public static final Values SIGNED = new Values(-1, 1);
    /** Rates, probabilities, mean squares. */
    public static final Values POSITIVE = new Values(0, 1);
    /** Yes or no, as whole numbers. */
    public static final Values FLAGS = below(2);

    public Values {
        if (!(low <= high)) {
            throw new IllegalArgumentException("values from " + low + " to " + high);
        }
    }

    /** Returns the whole numbers from 0 up to a bound, which is not among them: rows of a table, labels. */
    public static Values below(int bound) {
        return new Values(0, bound);
    }

    /** Returns the values of operands of which nothing more is known than their type. */
    public static Values of(ElementType type) {
        return type == ElementType.I32 ? FLAGS : SIGNED;
    }
}
