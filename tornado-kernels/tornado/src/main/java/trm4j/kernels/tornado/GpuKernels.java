package trm4j.kernels.tornado;

import java.util.Optional;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SquareSums;

/**
 * Kernels for GPUs: products, attention and norms of columns from tiles in local memory, by work-groups whose threads
 * run side by side, and sums in as many parts as keep it busy. The portable kernels do the rest.
 *
 * @param units how many work-groups run at a time, roughly
 */
record GpuKernels(int units) implements KernelSet {

    static final String NAME = "gpu";

    private static final KernelSet REST = new PortableKernels();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Recipe> recipe(Operation operation) {
        return own(operation, Rounding.NONE).or(() -> REST.recipe(operation));
    }

    @Override
    public Optional<Recipe> rounding(Operation operation) {
        return own(operation, Rounding.BFLOAT16).or(() -> REST.rounding(operation));
    }

    private Optional<Recipe> own(Operation operation, int rounds) {
        return switch (operation) {
            case Attention.Backward op -> Optional.of(AttentionTilesBackward.of(op));
            case Attention.Forward op -> Optional.of(AttentionTiles.forward(op));
            case MatMul op -> Optional.of(MatMulTiles.of(op, units));
            case RmsNorm.Backward op when op.dy().dim(2) > 1 -> Optional.of(RmsNormTiles.backward(op));
            case RmsNorm.Forward op when op.x().dim(2) > 1 -> Optional.of(RmsNormTiles.forward(op, rounds));
            case SquareSums op -> Optional.of(SquareSumsKernel.of(op, units));
            default -> Optional.empty();
        };
    }
}
