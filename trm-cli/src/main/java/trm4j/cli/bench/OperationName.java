package trm4j.cli.bench;

import java.util.stream.Collectors;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.CrossEntropy;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.Halting;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.Rope;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.SelectRows;
import trm4j.kernels.op.SignSgd;
import trm4j.kernels.op.SquareSums;
import trm4j.kernels.op.SwiGlu;

/**
 * An operation in a few words.
 *
 * @param kind what it does
 * @param shape of products {@code [batch x] m x k x n} of c = a b, with T for an operand that is stored
 *     transposed and + where c is added to; otherwise the shape of the tensor that matters most
 */
record OperationName(String kind, String shape) {

    static OperationName of(Operation operation) {
        return switch (operation) {
            case AdamAtan2 op -> of("adamAtan2", op.weights());
            case Add op -> of(op.terms().size() == 2 ? "add" : "add 3", op.out());
            case Attention.Forward op -> of("attention", op.qkv());
            case Attention.Backward op -> of("attention backward", op.qkv());
            case BinaryCrossEntropy op -> of("binaryCrossEntropy", op.logits());
            case CopyColumns op when op.from().dim(0) == 1 -> new OperationName("copy", "" + op.width());
            case CopyColumns op -> new OperationName(
                    op.accumulate() ? "addColumns" : "copyColumns", op.from().dim(0) + "x" + op.width());
            case CrossEntropy op -> of(
                    op.kind().name().toLowerCase() + (op.dLogits().isPresent() ? "" : " loss only"), op.logits());
            case Embedding.Gather op -> of("gather", op.ids(), op.table());
            case Embedding.ScatterAdd op -> of("scatterAdd", op.ids(), op.dTable());
            case Fill op -> of("fill", op.out());
            case FmaChain op -> of("fmaChain", op.x());
            case Halting.Step op -> of("halting step", op.steps());
            case Halting.ContinueTarget op -> of("continue target", op.steps());
            case Halting.Metrics op -> of("metrics", op.steps());
            case MatMul op -> new OperationName("matmul", product(op));
            case RmsNorm.Forward op -> of("rmsNorm" + axis(op.x()), op.x());
            case RmsNorm.Backward op -> of("rmsNorm" + axis(op.dy()) + " backward", op.dy());
            case Rope op -> of(op.inverse() ? "rope backward" : "rope", op.x());
            case RowBroadcast.Forward op -> of("rowBroadcast", op.x());
            case RowBroadcast.Backward op -> of("rowBroadcast backward", op.dx());
            case SelectRows op -> of(
                    op.out().buffer().type() == ElementType.F32 ? "selectRows" : "selectRows of ints", op.out());
            case SignSgd op -> of("signSgd", op.ids(), op.table());
            case SquareSums op -> of("squareSums", op.x());
            case SwiGlu.Forward op -> of("swiGlu", op.gateUp());
            case SwiGlu.Backward op -> of("swiGlu backward", op.gateUp());
        };
    }

    private static OperationName of(String kind, Tensor tensor) {
        return new OperationName(kind, dimensions(tensor));
    }

    private static OperationName of(String kind, Tensor ids, Tensor table) {
        return new OperationName(kind, dimensions(ids) + " of " + dimensions(table));
    }

    private static String dimensions(Tensor tensor) {
        return tensor.shape().dimensions().stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    private static String axis(Tensor tensor) {
        return tensor.dim(2) == 1 ? " rows" : " columns";
    }

    private static String product(MatMul op) {
        var operands = (op.transposeA() ? "T" : "N") + (op.transposeB() ? "T" : "N") + (op.accumulate() ? "+" : "");
        return (op.batch() == 1 ? "" : op.batch() + "x ") + op.m() + "x" + op.k() + "x" + op.n() + " " + operands;
    }

    @Override
    public String toString() {
        return kind + " " + shape;
    }
}
