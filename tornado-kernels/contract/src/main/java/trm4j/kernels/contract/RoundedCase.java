package trm4j.kernels.contract;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trm4j.kernels.Bfloat16;
import trm4j.kernels.ElementType;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.BinaryCrossEntropy;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.CrossEntropy;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.GaussianNoise;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.Rope;
import trm4j.kernels.op.RowBroadcast;
import trm4j.kernels.op.ScaleRows;
import trm4j.kernels.op.SelectRows;
import trm4j.kernels.op.SwiGlu;

/**
 * A case with some of its tensors stored as bfloat16: those that are activations in a model. What comes out must be
 * what the case expects, but for the rounding of what goes in, on the way and out.
 */
record RoundedCase(OperationCase of, Use use) implements OperationCase {

    /** What a matrix product is for. */
    enum Use {
        /** Activations by weights. */
        FORWARD,
        /** Gradients of weights. */
        GRADIENT
    }

    /** Returns the cases that there are with activations stored so. */
    static Stream<RoundedCase> all(Stream<OperationCase> cases) {
        return cases.flatMap(c -> {
            var operations = c.setup().alone();
            return Stream.of(Use.values())
                    .filter(use -> use == Use.FORWARD || operations.stream().anyMatch(MatMul.class::isInstance))
                    .filter(use -> operations.stream().noneMatch(op -> activations(op, use).isEmpty()))
                    .map(use -> new RoundedCase(c, use));
        });
    }

    @Override
    public Setup setup() {
        var setup = of.setup();
        var tensors = new IdentityHashMap<Operand, Tensor>();
        var operations = setup.operations().apply(operand -> tensors.computeIfAbsent(operand, Setup::alone));
        var rounded = operations.stream().flatMap(op -> activations(op, use).stream()).collect(Collectors.toSet());
        var buffers = rounded.stream().map(Tensor::buffer).collect(Collectors.toSet());
        Map<Operand, Operand> operands = new HashMap<>();
        for (var operand : setup.operands()) {
            var tensor = tensors.get(operand);
            boolean rounds = tensor != null && buffers.contains(tensor.buffer()) && operand.type() == ElementType.F32;
            operands.put(operand, rounds ? rounded(operand) : loose(operand));
        }
        return new Setup(
                setup.operands().stream().map(operands::get).toList(),
                places -> setup.operations().apply(operand -> places.of(operands.get(operand))));
    }

    @Override
    public Class<?> sort() {
        return of.sort();
    }

    private static Operand rounded(Operand operand) {
        return new Operand(
                operand.name(), ElementType.BF16, operand.shape(),
                Arrays.stream(operand.before()).map(v -> Bfloat16.round((float) v)).toArray(),
                () -> operand.after().get().rounded());
    }

    private static Operand loose(Operand operand) {
        return new Operand(
                operand.name(), operand.type(), operand.shape(), operand.before(),
                () -> operand.after().get().loose());
    }

    /** Returns what a model stores as activations of an operation; nothing where it is of other numbers only. */
    private static Set<Tensor> activations(Operation operation, Use use) {
        return switch (operation) {
            case Add op -> all(op);
            case Attention.Forward op -> Set.of(op.qkv(), op.out());
            case Attention.Backward op -> Set.of(op.qkv(), op.out(), op.dOut(), op.dQkv());
            case BinaryCrossEntropy op -> Set.of(op.dLogits());
            case CopyColumns op -> all(op);
            case CrossEntropy op -> Stream.concat(Stream.of(op.logits()), op.dLogits().stream())
                    .collect(Collectors.toSet());
            case Embedding.Gather op -> Set.of(op.out());
            case Embedding.ScatterAdd op -> Set.of(op.dOut());
            case Fill op -> Set.of(op.out());
            case GaussianNoise op -> Set.of(op.x());
            case MatMul op -> use == Use.FORWARD ? Set.of(op.a(), op.c()) : distinct(op.a(), op.b());
            case RmsNorm.Forward op -> distinct(op.x(), op.residual(), op.y());
            case RmsNorm.Backward op -> distinct(op.dy(), op.y(), op.dSum());
            case Rope op -> Set.of(op.x());
            case RowBroadcast.Forward op -> Set.of(op.x());
            case RowBroadcast.Backward op -> Set.of(op.dx());
            case ScaleRows op -> Set.of(op.x());
            case SelectRows op when op.out().type() == ElementType.F32 -> all(op);
            case SwiGlu op -> all(op);
            default -> Set.of();
        };
    }

    private static Set<Tensor> distinct(Tensor... tensors) {
        return Set.copyOf(List.of(tensors).stream().distinct().toList());
    }

    private static Set<Tensor> all(Operation operation) {
        return operation.tensors().filter(t -> t.type() == ElementType.F32).collect(Collectors.toSet());
    }
}
