package trm4j.kernels.contract;

import java.util.HashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Operation;

/** The uses of all operations, for any device to be tested with. */
public final class Cases {

    private static final int SMALL = 2_500;
    private static final int EVERY = 9;

    private Cases() {}

    /** Every case. */
    public static Stream<OperationCase> all() {
        return Stream.of(
                        MatMulCases.all(), RmsNormCases.all(), SwiGluCases.all(), RopeCases.all(),
                        AttentionCases.all(), EmbeddingCases.all(), CopyCases.all(), LossCases.all(),
                        HaltingCases.all(), OptimizerCases.all(), SquareSumsCases.all())
                .flatMap(cases -> cases);
    }

    /** Those of one operation, of some sort. */
    public static Stream<OperationCase> of(Predicate<Operation> sort) {
        return all().filter(c -> {
            var operations = c.setup().operations().apply(Cases::alone);
            return operations.size() == 1 && sort.test(operations.getFirst());
        });
    }

    private static Tensor alone(Operand operand) {
        int[] dimensions = operand.shape().dimensions().stream().mapToInt(d -> d).toArray();
        return Buffer.of(operand.name(), operand.type(), dimensions).all();
    }

    /** Some of each kind, for devices that compile slowly. */
    public static Stream<OperationCase> some() {
        var seen = new HashMap<Class<?>, Integer>();
        return all().filter(c -> seen.merge(c.getClass(), 1, Integer::sum) % EVERY == 1);
    }

    /** Those of few elements, to be run many times. */
    public static Stream<OperationCase> small() {
        return all().filter(c -> c.setup().size() <= SMALL);
    }
}
