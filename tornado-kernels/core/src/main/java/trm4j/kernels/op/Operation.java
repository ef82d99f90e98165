package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import trm4j.kernels.Tensor;

/**
 * One step of a program: which numbers it reads, which it writes, and by what formula. It says nothing of
 * how; each device has its own kernel for it. Records implement it: operations of the same kind, on the same
 * tensors, are equal.
 *
 * <p>Forward and backward stand in one file. Throughout, {@code d} before a name is the gradient of the
 * loss with respect to it. Gradients of activations are set ({@code =}); gradients of weights are added to
 * ({@code +=}), so that micro-batches sum up.
 */
public interface Operation {

    /** Returns what it does in a word or two, such as {@code rmsNorm rows}. No operation of another class has it. */
    String name();

    /** Returns how large it is as a table shows it: mostly the dimensions of the tensor that matters most. */
    String size();

    /** Returns what it reads, what it updates included. */
    List<Tensor> reads();

    /** Returns what it writes. */
    List<Tensor> writes();

    /** Returns what it reads, then what it writes; what it updates comes twice. */
    default Stream<Tensor> tensors() {
        return Stream.concat(reads().stream(), writes().stream());
    }

    /**
     * Returns the same operation on other tensors.
     *
     * @param to gives for each tensor another one, of the same shape and type
     */
    Operation map(UnaryOperator<Tensor> to);

    /**
     * Returns the multiplications and additions of its matrix products; 0 where there are none, since what such an
     * operation takes is moving numbers.
     */
    default long flops() {
        return 0;
    }

    /**
     * Returns the least bytes that it reads and writes. Each number counts once: what a cache holds, or a kernel keeps
     * for itself, is not moved.
     */
    default long bytes() {
        return tensors().mapToLong(Tensor::bytes).sum();
    }

    /**
     * Returns the values that one of its tensors may have. Whole numbers that name rows of a table, for example, must
     * stay below the number of rows.
     */
    default Values values(Tensor operand) {
        return Values.of(operand.type());
    }

    /** Tells whether its numbers run to 0, where processors are slow, when it runs on its own results over and over. */
    default boolean decays() {
        return false;
    }

    /**
     * Refuses operands that do not fit together.
     *
     * @throws IllegalArgumentException if they do not
     */
    static void require(boolean fits, String operation, Object... operands) {
        if (!fits) {
            throw new IllegalArgumentException(operation + ": operands do not fit together: " + List.of(operands));
        }
    }
}
