package trm4j.kernels.tornado;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.DeviceException;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Program;
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

/** Which kernels do which operation, and what they need beside its operands: scratch space, tables. */
final class Kernels {

    private final Traits device;
    private final Buffer scratch;
    private final Map<Rope, Buffer> ropeTables = new LinkedHashMap<>();

    /** Kernels for some programs, which share one scratch space: programs run one after the other. */
    Kernels(Traits device, List<Program> programs) {
        this.device = device;
        int most = programs.stream()
                .flatMap(p -> p.operations().stream())
                .mapToInt(this::scratch)
                .max()
                .orElse(0);
        scratch = most == 0 ? null : Buffer.floats("scratch", most);
    }

    private int scratch(Operation operation) {
        return switch (operation) {
            case Attention.Forward op -> AttentionKernels.scratch(op, device);
            case Attention.Backward op -> AttentionKernels.scratch(op, device);
            case MatMul op -> MatMulKernels.scratch(op, device);
            default -> 0;
        };
    }

    /** Elements of the scratch space, as a tensor. */
    private Tensor scratch(int size) {
        return scratch.all().part(0, size);
    }

    List<Launch> of(Operation operation) {
        return switch (operation) {
            case AdamAtan2 op -> List.of(OptimizerKernels.adamAtan2(op));
            case Add op -> List.of(CopyKernels.add(op));
            case Attention.Forward op -> List.of(AttentionKernels.forward(op, device, this::scratch));
            case Attention.Backward op -> AttentionKernels.backward(op, device, this::scratch);
            case BinaryCrossEntropy op -> List.of(LossKernels.binaryCrossEntropy(op));
            case CopyColumns op -> op.width() == 0 ? List.of() : List.of(CopyKernels.copyColumns(op, device));
            case CrossEntropy op -> List.of(LossKernels.crossEntropy(op));
            case Embedding.Gather op -> List.of(EmbeddingKernels.gather(op));
            case Embedding.ScatterAdd op -> List.of(EmbeddingKernels.scatterAdd(op));
            case Fill op -> List.of(CopyKernels.fill(op));
            case FmaChain op -> List.of(FmaChainKernel.of(op, device));
            case Halting op -> List.of(HaltingKernels.of(op));
            case MatMul op -> MatMulKernels.of(op, device, this::scratch);
            case RmsNorm.Forward op when op.x().dim(2) == 1 -> List.of(RmsNormRows.forward(op));
            case RmsNorm.Forward op -> List.of(RmsNormColumns.forward(op));
            case RmsNorm.Backward op when op.dy().dim(2) == 1 -> List.of(RmsNormRows.backward(op));
            case RmsNorm.Backward op -> List.of(RmsNormColumns.backward(op));
            case Rope op -> op.rotated() == 0 ? List.of() : List.of(RopeKernel.of(op, ropeTable(op).all()));
            case RowBroadcast.Forward op -> List.of(CopyKernels.rowBroadcast(op));
            case RowBroadcast.Backward op -> List.of(CopyKernels.rowBroadcastBackward(op));
            case SelectRows op -> List.of(CopyKernels.selectRows(op));
            case SignSgd op -> List.of(OptimizerKernels.signSgd(op));
            case SquareSums op -> List.of(SquareSumsKernel.of(op));
            case SwiGlu.Forward op -> List.of(SwiGluKernels.forward(op, device));
            case SwiGlu.Backward op -> List.of(SwiGluKernels.backward(op, device));
            default -> throw new DeviceException("TornadoVM's devices have no kernel for the operation "
                    + operation.name() + "; choose device cpu.");
        };
    }

    private Buffer ropeTable(Rope rope) {
        return ropeTables.computeIfAbsent(
                rope, op -> Buffer.floats("rope table", op.x().dim(1), op.x().dim(3) / 2, 2));
    }

    /** Buffers of the kernels' own. */
    Stream<Buffer> buffers() {
        return Stream.concat(Stream.ofNullable(scratch), ropeTables.values().stream());
    }

    /** The values of those buffers that have some from the beginning. */
    Map<Buffer, float[]> constants() {
        var constants = new LinkedHashMap<Buffer, float[]>();
        ropeTables.forEach((rope, buffer) -> constants.put(buffer, RopeKernel.table(rope)));
        return constants;
    }
}
