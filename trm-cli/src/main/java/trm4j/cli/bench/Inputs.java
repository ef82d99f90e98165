package trm4j.cli.bench;

import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Execution;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CrossEntropy;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.Halting;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SignSgd;

/**
 * Random operands that mean something to an operation; the same for the same seed. Numbers are evenly spread
 * over [-1, 1), or what the operation takes; whole numbers are rows of tables, labels, or 0 and 1.
 */
record Inputs(long seed) {

    private record Range(double low, double high) {}

    /** Writes all operands, those that are only written included. */
    void write(Operation operation, Execution execution) {
        var random = new SplittableRandom(seed);
        var seen = new HashSet<>();
        for (var tensors : List.of(operation.reads(), operation.writes())) {
            for (var tensor : tensors) {
                if (seen.add(tensor.buffer())) {
                    write(operation, tensor, execution, random);
                }
            }
        }
    }

    private static void write(Operation operation, Tensor tensor, Execution execution, SplittableRandom random) {
        var buffer = tensor.buffer();
        switch (buffer.type()) {
            case I32 -> {
                int bound = bound(operation);
                execution.write(buffer, random.ints(buffer.size(), 0, bound).toArray());
            }
            case F32 -> {
                var range = range(operation, tensor);
                var values = new float[buffer.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (range.low + (range.high - range.low) * random.nextFloat());
                }
                execution.write(buffer, values);
            }
        }
    }

    private static Range range(Operation operation, Tensor tensor) {
        boolean positive = switch (operation) {
            case AdamAtan2 op -> tensor.equals(op.v()) || tensor.equals(op.rates());
            case BinaryCrossEntropy op -> tensor.equals(op.targets());
            case SignSgd op -> tensor.equals(op.rate());
            default -> false;
        };
        return switch (operation) {
            // In place and over and over, other scales would lead to 0 or infinity.
            case RmsNorm.Backward op when tensor.equals(op.scale()) -> new Range(0.99, 1.01);
            // Who is exact is 1 or 0.
            case Halting.Metrics op when tensor.equals(op.exact()) -> new Range(1, 1);
            default -> new Range(positive ? 0 : -1, 1);
        };
    }

    private static int bound(Operation operation) {
        return switch (operation) {
            case CrossEntropy op -> op.logits().dim(2);
            case Embedding.Gather op -> op.table().dim(0);
            case Embedding.ScatterAdd op -> op.dTable().dim(0);
            case SignSgd op -> op.table().dim(0);
            default -> 2;
        };
    }
}
