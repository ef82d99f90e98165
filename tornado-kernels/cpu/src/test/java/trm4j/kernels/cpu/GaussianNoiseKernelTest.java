package trm4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Buffer;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.GaussianNoise;

/** What becomes of zeros: is it as numbers drawn from a normal distribution are? */
class GaussianNoiseKernelTest {

    private static final int ROWS = 6;
    private static final int N = 200_003;

    /** Counters that differ in one word each from those of the first row, and a key. */
    private static final int[][] COUNTERS = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {7, 0, 3}};
    private static final int[] KEY = {5, 0};

    /** Each part of the tests allows five standard deviations of what it estimates. */
    @Test
    void hasTheMomentsOfANormalDistribution() {
        for (var row : noise(KEY, 2, COUNTERS)) {
            double n = row.length;
            assertEquals(0, moment(row, 1), 5 * 2 / Math.sqrt(n));
            assertEquals(4, moment(row, 2), 5 * 4 * Math.sqrt(2 / n));
            assertEquals(0, moment(row, 3), 5 * 8 * Math.sqrt(15 / n));
            assertEquals(3 * 16, moment(row, 4), 5 * 16 * Math.sqrt(96 / n));
            // Phi(1) - Phi(-1), and what is left beyond 3, one side each.
            assertEquals(0.682689, share(row, -2, 2), 5 * Math.sqrt(0.683 * 0.317 / n));
            assertEquals(0.001350, share(row, 6, 99), 5 * Math.sqrt(0.00135 / n));
            assertEquals(0.001350, share(row, -99, -6), 5 * Math.sqrt(0.00135 / n));
        }
    }

    @Test
    void neighboursAndRowsAreIndependent() {
        var rows = noise(KEY, 1, COUNTERS);
        var otherKey = noise(new int[] {5, 1}, 1, COUNTERS);
        double allowed = 5 / Math.sqrt(N);
        for (int a = 0; a < ROWS; a++) {
            for (int lag = 1; lag <= 5; lag++) {
                assertEquals(0, correlation(rows[a], rows[a], lag), allowed);
                assertEquals(0, correlation(squares(rows[a]), squares(rows[a]), lag), 2 * allowed);
            }
            for (int b = 0; b < a; b++) {
                assertEquals(0, correlation(rows[a], rows[b], 0), allowed);
            }
            assertEquals(0, correlation(rows[a], otherKey[a], 0), allowed);
        }
    }

    @Test
    void aRowGetsTheSameWhateverElseIsThere() {
        var together = noise(KEY, 1, COUNTERS);
        for (int row = ROWS - 1; row >= 0; row--) {
            assertArrayEquals(together[row], noise(KEY, 1, COUNTERS[row])[0]);
        }
    }

    @Test
    void scaledByNothingLeavesAllAsItIs() {
        assertArrayEquals(new float[N], noise(KEY, 0, COUNTERS[5])[0]);
    }

    private static float[][] noise(int[] keys, float deviation, int[]... counts) {
        var key = Buffer.ints("key", GaussianNoise.KEYS);
        var counters = Buffer.ints("counters", counts.length, GaussianNoise.COUNTERS);
        var scale = Buffer.floats("scale", 1);
        var x = Buffer.floats("x", counts.length, N);
        var schedule = Schedule.named("noise").run(new Program(
                "noise", new GaussianNoise(key.all(), counters.all(), scale.all(), x.all()))).build();
        try (var execution = new CpuDevice(2).open(List.of(schedule))) {
            execution.write(key, keys);
            execution.write(counters, Arrays.stream(counts).flatMapToInt(Arrays::stream).toArray());
            execution.write(scale, new float[] {deviation});
            execution.run(schedule);
            var all = execution.floats(x);
            return IntStream.range(0, counts.length)
                    .mapToObj(row -> Arrays.copyOfRange(all, row * N, (row + 1) * N))
                    .toArray(float[][]::new);
        }
    }

    private static double moment(float[] x, int power) {
        return IntStream.range(0, x.length).mapToDouble(i -> Math.pow(x[i], power)).average().orElseThrow();
    }

    private static double share(float[] x, double low, double high) {
        return IntStream.range(0, x.length).filter(i -> x[i] > low && x[i] < high).count() / (double) x.length;
    }

    private static float[] squares(float[] x) {
        var squares = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            squares[i] = x[i] * x[i] - 1;
        }
        return squares;
    }

    private static double correlation(float[] a, float[] b, int lag) {
        return IntStream.range(0, a.length - lag).mapToDouble(i -> a[i] * b[i + lag]).average().orElseThrow();
    }
}
