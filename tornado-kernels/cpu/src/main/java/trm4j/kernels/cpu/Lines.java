package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Lines of a matrix as {@link LineTile} takes them: one behind the other, {@link LineTile#STRIDE} apart. */
final class Lines {

    private static final int CHAINS = 4;

    private Lines() {}

    /**
     * Copies some lines.
     *
     * @param array of floats, or of numbers of bfloat16
     * @param rounds whether floats are rounded to bfloat16
     * @param stride from one line to the next
     */
    static void copy(Object array, boolean rounds, int from, int stride, int count, int k, float[] lines, int to) {
        for (int i = 0; i < count; i++, from += stride, to += LineTile.STRIDE) {
            if (array instanceof short[] numbers) {
                Halves.widen(numbers, from, lines, to, k);
            } else {
                System.arraycopy(array, from, lines, to, k);
                if (rounds) {
                    Halves.round(lines, to, k);
                }
            }
        }
    }

    /** Multiplies each of some lines by another one, and sets or adds to a column of C. */
    static void multiply(
            int count, int k, float[] lines, float[] other, int at, float[] c, int to, int stride, boolean add) {
        for (int i = 0; i < count; i++, to += stride) {
            float product = dot(lines, i * LineTile.STRIDE, other, at, k);
            c[to] = add ? c[to] + product : product;
        }
    }

    /** In several chains, since each multiply-add waits for the one before it. */
    private static float dot(float[] a, int aAt, float[] b, int bAt, int n) {
        var s0 = FloatVector.zero(SPECIES);
        var s1 = s0;
        var s2 = s0;
        var s3 = s0;
        int i = 0;
        for (; i <= n - CHAINS * LANES; i += CHAINS * LANES) {
            s0 = fma(a, aAt + i, b, bAt + i, s0);
            s1 = fma(a, aAt + i + LANES, b, bAt + i + LANES, s1);
            s2 = fma(a, aAt + i + 2 * LANES, b, bAt + i + 2 * LANES, s2);
            s3 = fma(a, aAt + i + 3 * LANES, b, bAt + i + 3 * LANES, s3);
        }
        for (; i <= n - LANES; i += LANES) {
            s0 = fma(a, aAt + i, b, bAt + i, s0);
        }
        float sum = VectorMath.sum(s0.add(s1).add(s2.add(s3)));
        for (; i < n; i++) {
            sum = VectorMath.fma(a[aAt + i], b[bAt + i], sum);
        }
        return sum;
    }

    private static FloatVector fma(float[] a, int aAt, float[] b, int bAt, FloatVector sum) {
        return VectorMath.fma(FloatVector.fromArray(SPECIES, a, aAt), FloatVector.fromArray(SPECIES, b, bAt), sum);
    }
}
