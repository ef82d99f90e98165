package trm4j.kernels.tornado;

import java.util.Optional;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.CrossEntropy;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.GaussianNoise;
import trm4j.kernels.op.Halting;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.Rope;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.ScaleRows;
import trm4j.kernels.op.SelectRows;
import trm4j.kernels.op.SignSgd;
import trm4j.kernels.op.SquareSums;
import trm4j.kernels.op.SwiGlu;

/** Kernels that are the same everywhere. It has none for products and attention, which decide how fast a net is. */
record PortableKernels() implements KernelSet {

    static final String NAME = "portable";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<Recipe> recipe(Operation operation) {
        return recipe(operation, Rounding.NONE);
    }

    @Override
    public Optional<Recipe> rounding(Operation operation) {
        return recipe(operation, Rounding.BFLOAT16);
    }

    private static Optional<Recipe> recipe(Operation operation, int rounds) {
        return Optional.ofNullable(switch (operation) {
            case AdamAtan2 op -> OptimizerKernels.adamAtan2(op);
            case Add op -> CopyKernels.add(op, rounds);
            case BinaryCrossEntropy op -> LossKernels.binaryCrossEntropy(op);
            case CopyColumns op -> CopyKernels.copyColumns(op, rounds);
            case CrossEntropy op -> LossKernels.crossEntropy(op);
            case Embedding.Gather op -> EmbeddingKernels.gather(op, rounds);
            case Embedding.ScatterAdd op -> EmbeddingKernels.scatterAdd(op, rounds);
            case Fill op -> CopyKernels.fill(op);
            case FmaChain op -> FmaChainKernel.chain(op);
            case GaussianNoise op -> GaussianNoiseKernel.of(op);
            case Halting.ContinueTarget op -> HaltingKernels.continueTarget(op);
            case Halting.Metrics op -> HaltingKernels.metrics(op);
            case Halting.Step op -> HaltingKernels.step(op);
            case RmsNorm.Backward op when op.dy().dim(2) == 1 -> RmsNormRows.backward(op);
            case RmsNorm.Backward op -> RmsNormColumns.backward(op);
            case RmsNorm.Forward op when op.x().dim(2) == 1 -> RmsNormRows.forward(op, rounds);
            case RmsNorm.Forward op -> RmsNormColumns.forward(op, rounds);
            case Rope op -> RopeKernel.of(op);
            case RowBroadcast.Backward op -> CopyKernels.rowBroadcastBackward(op, rounds);
            case RowBroadcast.Forward op -> CopyKernels.rowBroadcast(op, rounds);
            case ScaleRows op -> CopyKernels.scaleRows(op);
            case SelectRows op -> CopyKernels.selectRows(op);
            case SignSgd op -> OptimizerKernels.signSgd(op);
            case SquareSums op -> SquareSumsKernel.of(op);
            case SwiGlu.Backward op -> SwiGluKernels.backward(op, rounds);
            case SwiGlu.Forward op -> SwiGluKernels.forward(op, rounds);
            default -> null;
        });
    }
}
