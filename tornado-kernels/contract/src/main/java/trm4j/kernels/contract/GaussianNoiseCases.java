package trm4j.kernels.contract;

import java.util.stream.Stream;
import trm4j.kernels.op.GaussianNoise;

/** Noise on rows of any length, from counters and keys with every bit of use. */
record GaussianNoiseCases(int rows, int n) implements OperationCase {

    private static final double SCALE = 0.25;

    static Stream<OperationCase> all() {
        return Stream.of(
                new GaussianNoiseCases(1, 1), new GaussianNoiseCases(2, 4), new GaussianNoiseCases(5, 7),
                new GaussianNoiseCases(3, 258), new GaussianNoiseCases(2, 20_003));
    }

    @Override
    public Setup setup() {
        var random = CaseNumbers.of(this);
        var keys = random.ints(Integer.MIN_VALUE, Integer.MAX_VALUE, GaussianNoise.KEYS);
        var counts = random.ints(Integer.MIN_VALUE, Integer.MAX_VALUE, GaussianNoise.COUNTERS * rows);
        var before = random.normal(rows * n);
        var after = before.clone();
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < n; i++) {
                int at = GaussianNoise.COUNTERS * row;
                after[row * n + i] += SCALE * normal(
                        Philox.words(new int[] {i / 4, counts[at], counts[at + 1], counts[at + 2]}, keys), i % 4);
            }
        }
        var key = Operand.read("key", keys, GaussianNoise.KEYS);
        var counters = Operand.read("counters", counts, rows, GaussianNoise.COUNTERS);
        var scale = Operand.read("scale", new double[] {SCALE}, 1);
        var x = Operand.updated("x", before, () -> Expected.forward(after), rows, n);
        return Setup.of(
                at -> new GaussianNoise(at.of(key), at.of(counters), at.of(scale), at.of(x)), key, counters, scale, x);
    }

    /** One of the four numbers that four words make. */
    private static double normal(int[] words, int which) {
        int radius = words[which / 2 * 2];
        int angle = words[which / 2 * 2 + 1];
        double turns = (angle >>> 30) + uniform(angle << 2) - 0.5;
        double sine = which % 2 == 0 ? Math.cos(turns * Math.PI / 2) : Math.sin(turns * Math.PI / 2);
        return Math.sqrt(-2 * Math.log(uniform(radius))) * sine;
    }

    private static double uniform(int word) {
        return ((word >>> 9) + 0.5) / (1 << 23);
    }
}
