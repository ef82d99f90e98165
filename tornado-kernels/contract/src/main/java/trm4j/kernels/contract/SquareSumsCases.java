package trm4j.kernels.contract;

import java.util.stream.Stream;
import trm4j.kernels.op.SquareSums;

/** Sums of squares: fewer, as many and more elements than sums. */
record SquareSumsCases(int n, int sums) implements OperationCase {

    static Stream<OperationCase> all() {
        return Stream.of(
                new SquareSumsCases(1, 1), new SquareSumsCases(300, 1), new SquareSumsCases(5, 8),
                new SquareSumsCases(64, 64), new SquareSumsCases(2_309, 301), new SquareSumsCases(40_003, 1_024));
    }

    @Override
    public Setup setup() {
        var numbers = CaseNumbers.of(this).normal(n);
        var totals = new double[sums];
        for (int i = 0; i < n; i++) {
            totals[i % sums] += numbers[i] * numbers[i];
        }
        var x = Operand.read("x", numbers, n);
        var to = Operand.set("sums", () -> Expected.forward(totals), sums);
        return Setup.of(at -> new SquareSums(at.of(x), at.of(to)), x, to);
    }
}
