package trm4j.kernels.cases;

import java.util.stream.Stream;

/** The uses of all operations, for any device to be tested with. */
public final class Cases {

    private static final int SMALL = 2_500;

    private Cases() {}

    /** Every case. */
    public static Stream<OperationCase> all() {
        return Stream.of(
                        MatMulCases.all(), RmsNormCases.all(), SwiGluCases.all(), RopeCases.all(),
                        AttentionCases.all(), EmbeddingCases.all(), CopyCases.all(), LossCases.all(),
                        HaltingCases.all(), OptimizerCases.all())
                .flatMap(cases -> cases);
    }

    /** Those of few elements, to be run many times. */
    public static Stream<OperationCase> small() {
        return all().filter(c -> c.setup().size() <= SMALL);
    }
}
