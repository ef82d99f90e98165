package trm4j.kernels.cpu;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
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

/** Which kernel does which operation, and the scratch space that matrix products share. */
final class Kernels {

    private final Memory memory;
    private final Team team;
    private final Gemm[] gemms;
    private final float[] packed;
    private final float[][] packedColumns;
    private final float[] sums;

    Kernels(Memory memory, Team team, List<Schedule> schedules) {
        this.memory = memory;
        this.team = team;
        gemms = Stream.generate(Gemm::new).limit(team.size()).toArray(Gemm[]::new);
        packed = new float[packedSize(schedules)];
        packedColumns = new float[team.size()][packedColumnsSize(schedules)];
        sums = new float[sumsSize(schedules)];
    }

    Kernel of(Operation operation) {
        return switch (operation) {
            case AdamAtan2 op -> OptimizerKernels.adamAtan2(op, memory, team);
            case Add op -> CopyKernels.add(op, memory, team);
            case Attention.Forward op -> AttentionForward.of(op, memory, team, gemms);
            case Attention.Backward op -> AttentionBackward.of(op, memory, team, gemms);
            case BinaryCrossEntropy op -> LossKernels.binaryCrossEntropy(op, memory);
            case CopyColumns op -> CopyKernels.copyColumns(op, memory, team);
            case CrossEntropy op -> new LossKernels.TokenLoss(op, memory, team);
            case Embedding.Gather op -> EmbeddingKernels.gather(op, memory, team);
            case Embedding.ScatterAdd op -> EmbeddingKernels.scatterAdd(op, memory, team);
            case Fill op -> CopyKernels.fill(op, memory, team);
            case FmaChain op -> FmaChainKernel.of(op, memory, team);
            case Halting op -> HaltingKernels.of(op, memory);
            case MatMul op when MatMulBatchKernel.fits(op) ->
                    new MatMulBatchKernel(op, memory, team, gemms, packed, packedColumns);
            case MatMul op when MatMulSumKernel.fits(op) ->
                    new MatMulSumKernel(op, memory, team, gemms, packedColumns, sums);
            case MatMul op -> new MatMulKernel(op, memory, team, gemms, packed);
            case RmsNorm.Forward op when op.x().dim(2) == 1 -> RmsNormRows.forward(op, memory, team);
            case RmsNorm.Forward op -> RmsNormColumns.forward(op, memory, team);
            case RmsNorm.Backward op when op.dy().dim(2) == 1 -> RmsNormRows.backward(op, memory, team);
            case RmsNorm.Backward op -> RmsNormColumns.backward(op, memory, team);
            case Rope op -> RopeKernel.of(op, memory, team);
            case RowBroadcast.Forward op -> CopyKernels.rowBroadcast(op, memory, team);
            case RowBroadcast.Backward op -> CopyKernels.rowBroadcastBackward(op, memory, team);
            case SelectRows op -> CopyKernels.selectRows(op, memory, team);
            case SignSgd op -> OptimizerKernels.signSgd(op, memory, team);
            case SquareSums op -> SquareSumsKernel.of(op, memory, team);
            case SwiGlu.Forward op -> SwiGluKernels.forward(op, memory, team);
            case SwiGlu.Backward op -> SwiGluKernels.backward(op, memory, team);
        };
    }

    /** Bytes that the kernels of these schedules allocate beside their buffers. */
    static long scratchBytes(List<Schedule> schedules, int threads) {
        long attention = operations(schedules)
                .mapToLong(operation -> switch (operation) {
                    case Attention.Forward op -> AttentionForward.scratchBytes(op);
                    case Attention.Backward op -> AttentionBackward.scratchBytes(op);
                    default -> 0;
                })
                .sum();
        return 4L * (packedSize(schedules) + sumsSize(schedules))
                + threads * (Gemm.bytes() + 4L * packedColumnsSize(schedules) + attention);
    }

    /** Floats of the operand that all threads pack together. */
    private static int packedSize(List<Schedule> schedules) {
        return most(schedules, op -> MatMulBatchKernel.fits(op) ? MatMulBatchKernel.packedASize(op)
                : MatMulSumKernel.fits(op) ? 0
                : MatMulKernel.packedSize(op));
    }

    /** Floats of what each thread packs by itself. */
    private static int packedColumnsSize(List<Schedule> schedules) {
        return most(schedules, op -> MatMulBatchKernel.fits(op) ? MatMulBatchKernel.packedBSize(op)
                : MatMulSumKernel.fits(op) ? MatMulSumKernel.packedColumnsSize(op)
                : 0);
    }

    private static int sumsSize(List<Schedule> schedules) {
        return most(schedules, op -> MatMulSumKernel.fits(op) ? MatMulSumKernel.sumsSize(op) : 0);
    }

    private static int most(List<Schedule> schedules, ToIntFunction<MatMul> size) {
        return operations(schedules)
                .mapToInt(operation -> operation instanceof MatMul op ? size.applyAsInt(op) : 0)
                .max()
                .orElse(0);
    }

    private static Stream<Operation> operations(List<Schedule> schedules) {
        return Schedule.programs(schedules).stream().flatMap(p -> p.operations().stream());
    }
}
