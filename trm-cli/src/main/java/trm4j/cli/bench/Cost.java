package trm4j.cli.bench;

import java.util.List;
import java.util.stream.Stream;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.Rope;
import trm4j.kernels.op.SelectRows;
import trm4j.kernels.op.SignSgd;

/**
 * The least that an operation has to do.
 *
 * @param flops multiplications and additions in matrix products, those inside attention included; the other
 *     operations' are not counted, since what they take is moving numbers
 * @param bytes read and written, each number once: what a cache holds, or a kernel keeps for itself, is not moved
 */
public record Cost(long flops, long bytes) {

    /** Products of size T x T x head that attention makes: scores and sums of values. */
    private static final int FORWARD_PRODUCTS = 2;
    /** The scores once more, and the gradients by values, weights, queries and keys. */
    private static final int BACKWARD_PRODUCTS = 5;

    /** What an operation costs. */
    public static Cost of(Operation operation) {
        return new Cost(flops(operation), Float.BYTES * elements(operation));
    }

    private static long flops(Operation operation) {
        return switch (operation) {
            case MatMul op -> 2L * op.batch() * op.m() * op.n() * op.k();
            case Attention.Forward op -> FORWARD_PRODUCTS * product(op.qkv());
            case Attention.Backward op -> BACKWARD_PRODUCTS * product(op.qkv());
            case FmaChain op -> 2L * op.x().size() * op.length();
            default -> 0;
        };
    }

    /** 2 T T size of each head. */
    private static long product(Tensor qkv) {
        return 2L * qkv.dim(0) * qkv.dim(1) * qkv.dim(1) * qkv.dim(3) * qkv.dim(4);
    }

    private static long elements(Operation operation) {
        return switch (operation) {
            // Of a table, the rows that are asked for.
            case Embedding.Gather op -> op.ids().size() * (1L + op.table().dim(1) + op.cell());
            case Embedding.ScatterAdd op -> op.ids().size() * (1L + 3L * op.dTable().dim(1));
            case SignSgd op -> op.ids().size() + 3L * op.gradients().size();
            case CopyColumns op -> (op.accumulate() ? 3L : 2L) * op.from().dim(0) * op.width();
            case Rope op -> 2L * op.x().dim(0) * op.x().dim(1) * op.rotated() * op.x().dim(3);
            case BinaryCrossEntropy op -> 4L * op.loss().size();
            // Inputs choose half of the rows.
            case SelectRows op -> op.mask().size() + op.out().size();
            default -> all(operation.reads()) + all(operation.writes());
        };
    }

    private static long all(List<Tensor> tensors) {
        return tensors.stream().mapToLong(Tensor::size).sum();
    }

    /** The cost of all calls of a workload. */
    static Cost of(Stream<Workload.Entry> entries) {
        return entries
                .map(e -> {
                    var each = of(e.operation());
                    return new Cost(e.calls() * each.flops, e.calls() * each.bytes);
                })
                .reduce(new Cost(0, 0), (a, b) -> new Cost(a.flops + b.flops, a.bytes + b.bytes));
    }
}
