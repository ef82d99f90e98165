package trm4j.kernels.contract;

import static trm4j.kernels.contract.CaseNumbers.dot;

import java.util.stream.Stream;
import trm4j.kernels.op.Rope;

/** Rotations of the first heads of [batch, positions, heads, size]. */
final class RopeCases {

    private static final float THETA = 10_000;

    private RopeCases() {}

    static Stream<OperationCase> all() {
        var random = CaseNumbers.seeded(4);
        var shapes = Stream.concat(
                Stream.of(
                        new int[] {1, 1, 1, 2, 1}, new int[] {1, 61, 3, 64, 2}, new int[] {3, 17, 3, 10, 2},
                        new int[] {1, 3, 2, 34, 2}),
                Stream.generate(() -> new int[] {
                            random.size(1, 3), random.size(1, 40), random.size(3, 6), 2 * random.size(1, 20),
                            random.size(1, 3)
                        })
                        .limit(3));
        return shapes.flatMap(s -> Stream.of(false, true).map(gradient ->
                new Turn(s[0], s[1], s[2], s[3], s[4], gradient)));
    }

    /** The rotation, or the gradient of it: the inverse. */
    private record Turn(int batch, int positions, int heads, int size, int rotated, boolean gradient)
            implements OperationCase {

        @Override
        public Setup setup() {
            var before = CaseNumbers.of(this).normal(batch * positions * heads * size);
            var x = Operand.updated(
                    "x", before,
                    () -> gradient
                            ? Expected.gradient(moved -> dot(before, turned(moved)), before)
                            : Expected.forward(turned(before)),
                    batch, positions, heads, size);
            return Setup.of(at -> new Rope(at.of(x), rotated, THETA, gradient), x);
        }

        private double[] turned(double[] x) {
            var y = x.clone();
            int half = size / 2;
            for (int head = 0; head < batch * positions * heads; head++) {
                if (head % heads >= rotated) {
                    continue;
                }
                for (int i = 0; i < half; i++) {
                    double angle = head / heads % positions * Math.pow(THETA, -2.0 * i / size);
                    int a = head * size + i;
                    int b = a + half;
                    y[a] = x[a] * Math.cos(angle) - x[b] * Math.sin(angle);
                    y[b] = x[b] * Math.cos(angle) + x[a] * Math.sin(angle);
                }
            }
            return y;
        }
    }
}
