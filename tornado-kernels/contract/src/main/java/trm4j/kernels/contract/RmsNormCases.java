package trm4j.kernels.contract;

import static trm4j.kernels.contract.CaseNumbers.dot;
import static trm4j.kernels.contract.CaseNumbers.plus;
import static trm4j.kernels.contract.CaseNumbers.rounded;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import trm4j.kernels.op.RmsNorm;

/** RMSNorm of [outer, n, inner], over n. */
final class RmsNormCases {

    /** Larger than TRM's, so that it counts: it alone keeps the gradient from being 0 where n is 1. */
    private static final float EPSILON = 0.25f;

    private RmsNormCases() {}

    static Stream<OperationCase> all() {
        var random = CaseNumbers.seeded(2);
        var shapes = new ArrayList<>(List.of(
                new int[] {1, 1, 1}, new int[] {2, 1, 9}, new int[] {17, 16, 1}, new int[] {35, 513, 1},
                new int[] {2, 97, 130}, new int[] {1, 3, 300}));
        for (int i = 0; i < 3; i++) {
            shapes.add(new int[] {random.size(1, 40), random.size(1, 70), 1});
            shapes.add(new int[] {random.size(1, 4), random.size(1, 40), random.size(2, 50)});
        }
        return shapes.stream().flatMap(s -> Stream.concat(
                Stream.of(Y.values()).map(y -> new Forward(s[0], s[1], s[2], y)),
                Stream.of(false, true).map(inPlace -> new Backward(s[0], s[1], s[2], inPlace))));
    }

    private enum Y {
        APART,
        IS_X,
        IS_RESIDUAL
    }

    private record Forward(int outer, int n, int inner, Y where) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            int[] shape = {outer, n, inner};
            var xNumbers = random.normal(outer * n * inner);
            var residualNumbers = random.normal(outer * n * inner);
            var norm = new Norm(outer, n, inner, plus(xNumbers, residualNumbers));
            var y = switch (where) {
                case APART -> Operand.set("y", () -> Expected.forward(norm.y()), shape);
                case IS_X -> Operand.updated("x", xNumbers, () -> Expected.forward(norm.y()), shape);
                case IS_RESIDUAL ->
                    Operand.updated("residual", residualNumbers, () -> Expected.forward(norm.y()), shape);
            };
            var x = where == Y.IS_X ? y : Operand.read("x", xNumbers, shape);
            var residual = where == Y.IS_RESIDUAL ? y : Operand.read("residual", residualNumbers, shape);
            var scale = Operand.set("scale", () -> Expected.forward(norm.scale()), outer, inner);
            return Setup.of(
                    at -> new RmsNorm.Forward(at.of(x), at.of(residual), at.of(y), at.of(scale), EPSILON), x,
                    residual, y, scale);
        }
    }

    private record Backward(int outer, int n, int inner, boolean inPlace) implements OperationCase {

        @Override
        public Setup setup() {
            var random = CaseNumbers.of(this);
            int[] shape = {outer, n, inner};
            var sum = random.normal(outer * n * inner);
            var dyNumbers = random.normal(outer * n * inner);
            var norm = new Norm(outer, n, inner, sum);
            var y = Operand.read("y", rounded(norm.y()), shape);
            var scale = Operand.read("scale", rounded(norm.scale()), outer, inner);
            var dSum = Operand.updated(
                    "dSum", dyNumbers,
                    () -> Expected.gradient(moved -> dot(dyNumbers, new Norm(outer, n, inner, moved).y()), sum),
                    shape);
            var dy = inPlace ? dSum : Operand.read("dy", dyNumbers, shape);
            return Setup.of(
                    at -> new RmsNorm.Backward(at.of(dy), at.of(y), at.of(scale), at.of(dSum)), dy, y, scale, dSum);
        }
    }

    private record Norm(int outer, int n, int inner, double[] sum) {

        private double[] scale() {
            var scale = new double[outer * inner];
            for (int o = 0; o < outer; o++) {
                for (int i = 0; i < inner; i++) {
                    double squares = 0;
                    for (int t = 0; t < n; t++) {
                        double s = sum[(o * n + t) * inner + i];
                        squares += s * s;
                    }
                    scale[o * inner + i] = 1 / Math.sqrt(squares / n + EPSILON);
                }
            }
            return scale;
        }

        private double[] y() {
            var scale = scale();
            var y = sum.clone();
            for (int i = 0; i < y.length; i++) {
                y[i] *= scale[i / (n * inner) * inner + i % inner];
            }
            return y;
        }
    }
}
