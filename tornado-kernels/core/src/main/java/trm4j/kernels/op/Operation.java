package trm4j.kernels.op;

import java.util.List;
import trm4j.kernels.Tensor;

/**
 * One step of a program: which numbers it reads, which it writes, and by what formula. It says nothing of
 * how; each device has its own kernel for it.
 *
 * <p>Forward and backward stand in one file. Throughout, {@code d} before a name is the gradient of the
 * loss by it. Gradients of activations are set ({@code =}); gradients of weights are added to
 * ({@code +=}), so that micro-batches sum up.
 */
public sealed interface Operation
        permits AdamAtan2, Add, Attention, BinaryCrossEntropy, CopyColumns, CrossEntropy, Embedding, Fill,
                FmaChain, Halting, MatMul, RmsNorm, Rope, RowBroadcast, SelectRows, SignSgd, SquareSums, SwiGlu {

    /** What it reads, what it updates included. */
    List<Tensor> reads();

    /** What it writes. */
    List<Tensor> writes();

    /** Refuses operands that do not fit together. */
    static void require(boolean fits, String operation, Object... operands) {
        if (!fits) {
            throw new IllegalArgumentException(operation + ": operands do not fit together: " + List.of(operands));
        }
    }
}
