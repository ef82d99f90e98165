package trm4j.kernels.cpu;

import java.util.List;
import java.util.Optional;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.AdamAtan2;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.CrossEntropy;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.FmaChain;
import trm4j.kernels.op.GaussianNoise;
import trm4j.kernels.op.Halting;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.Rope;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.ScaleRows;
import trm4j.kernels.op.SelectRows;
import trm4j.kernels.op.SignSgd;
import trm4j.kernels.op.SquareSums;
import trm4j.kernels.op.SwiGlu;

/** Knows which kernel does which operation, and the scratch space that kernels share. */
final class Kernels {

    private final Memory memory;
    private final Team team;
    private final Scratch scratch;

    Kernels(Memory memory, Team team, List<Schedule> schedules) {
        this.memory = memory;
        this.team = team;
        scratch = new Scratch(scratch(schedules, team.size()), team.size());
    }

    /** Returns the feed-forward that begins with the first of some operations, if one kernel does that. */
    Optional<FeedForward> feedForward(List<Operation> operations) {
        return feedForward(operations, team.size());
    }

    private static Optional<FeedForward> feedForward(List<Operation> operations, int threads) {
        return FeedForward.startOf(operations)
                .filter(op -> FeedForwardRows.fits(op, threads) || FeedForwardColumns.fits(op, threads));
    }

    /** Returns the kernel of a feed-forward, which writes gates and ups, and the gated product, or does not. */
    Kernel of(FeedForward op, boolean keepsGateUp, boolean keepsGated) {
        return op.byRows()
                ? new FeedForwardRows(op, keepsGateUp, keepsGated, memory, team, scratch)
                : new FeedForwardColumns(op, keepsGateUp, keepsGated, memory, team, scratch);
    }

    /**
     * Returns the kernel of an operation.
     *
     * @throws DeviceException if there is none
     */
    Kernel of(Operation operation) {
        return switch (operation) {
            case AdamAtan2 op -> OptimizerKernels.adamAtan2(op, memory, team);
            case Add op -> CopyKernels.add(op, memory, team, scratch.spaces);
            case Attention.Forward op -> AttentionForward.of(op, memory, team, scratch.gemms);
            case Attention.Backward op -> AttentionBackward.of(op, memory, team, scratch.gemms);
            case BinaryCrossEntropy op -> LossKernels.binaryCrossEntropy(op, memory);
            case CopyColumns op -> CopyKernels.copyColumns(op, memory, team, scratch.spaces);
            case CrossEntropy op -> new LossKernels.TokenLoss(op, memory, team, scratch.spaces);
            case Embedding.Gather op -> EmbeddingKernels.gather(op, memory, team, scratch.spaces);
            case Embedding.ScatterAdd op -> EmbeddingKernels.scatterAdd(op, memory, team, scratch.spaces);
            case Fill op -> CopyKernels.fill(op, memory, team);
            case FmaChain op -> FmaChainKernel.of(op, memory, team);
            case GaussianNoise op -> GaussianNoiseKernel.of(op, memory, team, scratch.spaces);
            case Halting op -> HaltingKernels.of(op, memory);
            case MatMul op -> product(op).maker().make(op, memory, team, scratch);
            case RmsNorm.Forward op when op.x().dim(2) == 1 -> RmsNormRows.forward(op, memory, team, scratch.spaces);
            case RmsNorm.Forward op -> RmsNormColumns.forward(op, memory, team, scratch.spaces);
            case RmsNorm.Backward op when op.dy().dim(2) == 1 -> RmsNormRows.backward(op, memory, team, scratch.spaces);
            case RmsNorm.Backward op -> RmsNormColumns.backward(op, memory, team, scratch.spaces);
            case Rope op -> RopeKernel.of(op, memory, team, scratch.spaces);
            case RowBroadcast.Forward op -> CopyKernels.rowBroadcast(op, memory, team, scratch.spaces);
            case RowBroadcast.Backward op -> CopyKernels.rowBroadcastBackward(op, memory, team, scratch.spaces);
            case ScaleRows op -> CopyKernels.scaleRows(op, memory, team, scratch.spaces);
            case SelectRows op -> CopyKernels.selectRows(op, memory, team);
            case SignSgd op -> OptimizerKernels.signSgd(op, memory, team);
            case SquareSums op -> SquareSumsKernel.of(op, memory, team);
            case SwiGlu.Forward op -> SwiGluKernels.forward(op, memory, team, scratch.spaces);
            case SwiGlu.Backward op -> SwiGluKernels.backward(op, memory, team, scratch.spaces);
            default -> throw new DeviceException("Device cpu has no kernel for the operation " + operation.name()
                    + "; choose another device, or give it one in " + Kernels.class.getName() + ".");
        };
    }

    /** Returns the bytes that the kernels of these schedules allocate beside their buffers. */
    static long scratchBytes(List<Schedule> schedules, int threads) {
        return scratch(schedules, threads).bytes(threads);
    }

    private static Scratch.Size scratch(List<Schedule> schedules, int threads) {
        return Schedule.programs(schedules).stream()
                .map(program -> together(program.operations(), threads))
                .reduce(Scratch.Size.NONE, Scratch.Size::with);
    }

    private static Scratch.Size together(List<Operation> operations, int threads) {
        var size = Scratch.Size.NONE;
        for (int i = 0; i < operations.size(); ) {
            var found = feedForward(operations.subList(i, operations.size()), threads);
            size = size.with(found.map(op -> op.byRows() ? FeedForwardRows.scratch(op) : FeedForwardColumns.scratch(op))
                    .orElse(scratch(operations.get(i))));
            i += found.isPresent() ? FeedForward.OPERATIONS : 1;
        }
        return size;
    }

    private static Scratch.Size scratch(Operation operation) {
        return switch (operation) {
            case Attention.Forward op -> AttentionForward.scratch(op);
            case Attention.Backward op -> AttentionBackward.scratch(op);
            case MatMul op -> product(op).scratch();
            case CrossEntropy op -> Scratch.Size.spaces(Spaces.length(op, op.logits().dim(2)));
            case Embedding.Gather op -> Scratch.Size.spaces(Spaces.length(op, op.table().dim(1)));
            case RmsNorm.Forward op -> Scratch.Size.spaces(Spaces.length(op, op.x().dim(1)));
            case RmsNorm.Backward op -> Scratch.Size.spaces(Spaces.length(op, op.dy().dim(1)));
            case Rope op -> Scratch.Size.spaces(Spaces.length(op, op.rotated() * op.x().dim(3)));
            default -> Scratch.Size.spaces(Spaces.length(operation, 0));
        };
    }

    /** Chooses the kernel of a matrix product. */
    private static Product product(MatMul op) {
        if (MatMulBatchKernel.fits(op)) {
            return new Product(MatMulBatchKernel.scratch(op), MatMulBatchKernel::new);
        }
        if (MatMulSumKernel.fits(op)) {
            return new Product(MatMulSumKernel.scratch(op), MatMulSumKernel::new);
        }
        return new Product(MatMulKernel.scratch(op), MatMulKernel::new);
    }

    private record Product(Scratch.Size scratch, Maker maker) {}

    @FunctionalInterface
    private interface Maker {
        Kernel make(MatMul op, Memory memory, Team team, Scratch scratch);
    }
}
