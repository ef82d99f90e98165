package trm4j.kernels.tornado;

import java.util.Optional;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SquareSums;
import trm4j.kernels.op.SwiGlu;

/**
 * Kernels for processors: plain loops over vectors that they name, since a driver for processors finds none in what
 * TornadoVM writes, and without local memory, which is slow there. The portable kernels do the rest.
 *
 * @param units how many work-groups run at a time, roughly
 */
record ProcessorKernels(int units) implements KernelSet {

    static final String NAME = "processor";

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

    @Override
    public boolean goesOnAfterEach() {
        return true;
    }

    @Override
    public boolean namesVectors() {
        return true;
    }

    private Optional<Recipe> own(Operation operation, int rounds) {
        return switch (operation) {
            case AdamAtan2 op -> Optional.of(OptimizerKernels.adamAtan2Vectors(op));
            case Attention.Backward op -> Optional.of(AttentionPanels.backward(op, units));
            case Attention.Forward op -> Optional.of(AttentionPanels.forward(op, units));
            case CopyColumns op when CopyKernels.isWhole(op) -> Optional.of(CopyKernels.copyVectors(op));
            case FmaChain op -> Optional.of(FmaChainKernel.chainVectors(op));
            case MatMul op when MatMulDots.fits(op) -> Optional.of(MatMulDots.of(op));
            case MatMul op -> Optional.of(MatMulPanels.of(op));
            case RmsNorm.Backward op when RmsNormVectors.fits(op.dy()) -> Optional.of(RmsNormVectors.backward(op));
            case RmsNorm.Forward op when RmsNormVectors.fits(op.x()) -> Optional.of(RmsNormVectors.forward(op, rounds));
            case SquareSums op when SquareSumsKernel.isOfVectors(op) -> Optional.of(SquareSumsKernel.vectors(op));
            case SwiGlu.Backward op when SwiGluKernels.isOfVectors(op.gateUp()) ->
                    Optional.of(SwiGluKernels.backwardVectors(op, rounds));
            case SwiGlu.Forward op when SwiGluKernels.isOfVectors(op.gateUp()) ->
                    Optional.of(SwiGluKernels.forwardVectors(op, rounds));
            default -> Optional.empty();
        };
    }
}
