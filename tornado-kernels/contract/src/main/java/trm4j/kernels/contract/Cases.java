package trm4j.kernels.contract;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import trm4j.kernels.op.Operation;

/** The uses of all operations, for any device to be tested with. */
public final class Cases {

    private static final int SMALL = 2_500;
    private static final int EVERY = 9;

    private Cases() {}

    /** Returns every case. */
    public static Stream<OperationCase> all() {
        return Stream.of(
                        MatMulCases.all(), RmsNormCases.all(), SwiGluCases.all(), RopeCases.all(),
                        AttentionCases.all(), EmbeddingCases.all(), CopyCases.all(), LossCases.all(),
                        HaltingCases.all(), OptimizerCases.all(), SquareSumsCases.all(), GaussianNoiseCases.all())
                .flatMap(cases -> cases);
    }

    /** Returns some of each kind with activations stored as bfloat16. */
    public static Stream<OperationCase> rounded() {
        return rounded(all());
    }

    /** Returns some of these cases with activations stored as bfloat16. */
    public static Stream<OperationCase> rounded(Stream<OperationCase> cases) {
        return some(RoundedCase.all(cases).map(rounded -> rounded));
    }

    /** Returns those of matrix products, for libraries that have nothing else. */
    public static Stream<OperationCase> products() {
        return MatMulCases.all();
    }

    /** Returns those of one operation, of some sort. */
    public static Stream<OperationCase> of(Predicate<Operation> sort) {
        return all().filter(c -> {
            var operations = c.setup().alone();
            return operations.size() == 1 && sort.test(operations.getFirst());
        });
    }

    /** Returns the smallest case of each operation, by the operation's name. */
    public static Map<String, OperationCase> ofEach() {
        return ofEach(all());
    }

    /** Returns the same with activations stored as bfloat16, of each operation that has some. */
    public static Map<String, OperationCase> ofEachRounded() {
        return ofEach(RoundedCase.all(all()).map(rounded -> rounded));
    }

    private static Map<String, OperationCase> ofEach(Stream<OperationCase> cases) {
        var smallest = new TreeMap<String, OperationCase>();
        var sizes = new HashMap<String, Integer>();
        cases.forEach(c -> {
            var setup = c.setup();
            for (var operation : setup.alone()) {
                if (setup.size() < sizes.getOrDefault(operation.name(), Integer.MAX_VALUE)) {
                    sizes.put(operation.name(), setup.size());
                    smallest.put(operation.name(), c);
                }
            }
        });
        return smallest;
    }

    /** Returns some of each kind, for devices that compile slowly. */
    public static Stream<OperationCase> some() {
        return some(all());
    }

    private static Stream<OperationCase> some(Stream<OperationCase> cases) {
        var seen = new HashMap<Class<?>, Integer>();
        return cases.filter(c -> seen.merge(c.sort(), 1, Integer::sum) % EVERY == 1);
    }

    /** Returns those of few elements, to be run many times. */
    public static Stream<OperationCase> small() {
        return all().filter(c -> c.setup().size() <= SMALL);
    }
}
