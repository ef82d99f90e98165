package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import trm4j.kernels.Bfloat16;

/**
 * Packs lines of a matrix (rows of A, columns of B) into panels: some lines side by side, so that a panel is k times
 * one element of each. Which way round the matrix lies in memory makes no difference to what comes out.
 */
final class Panels {

    private static final VectorSpecies<Integer> INDICES = VectorSpecies.of(int.class, SPECIES.vectorShape());
    /** Which elements of two vectors, one behind the other, make the halves of both interleaved. */
    private static final IntVector LOW = interleaved(0);
    private static final IntVector HIGH = interleaved(LANES / 2);
    private static final int SQUARE = LANES * LANES;

    private static final int STRETCH = 256;
    private static final int STRETCH_STRIDE = STRETCH + 2 * LANES;

    /** Lines of a panel. */
    final int lines;
    /** Floats from one element of a line to its next: whole vectors, some of them perhaps unused at the end. */
    final int width;

    private final float[] squares = new float[2 * SQUARE];
    private final float[] stretches = new float[LANES * STRETCH_STRIDE];

    Panels(int lines) {
        this.lines = lines;
        width = width(lines);
    }

    /** The width of panels of some lines. */
    static int width(int lines) {
        return Math.ceilDiv(lines, LANES) * LANES;
    }

    /** Bytes of scratch space that one instance takes. */
    static long bytes() {
        return 4L * (2 * SQUARE + LANES * STRETCH_STRIDE);
    }

    /** How many panels some lines make. */
    int count(int allLines) {
        return Math.ceilDiv(allLines, lines);
    }

    /**
     * Packs panels [first, last). Either lines or the elements of a line lie next to each other.
     *
     * @param array of floats, or of numbers of bfloat16
     * @param rounds whether floats are rounded to bfloat16
     * @param from where the first line of all starts
     * @param stride from one line to the next
     * @param step from one element of a line to the next
     * @param to where the first of these panels goes
     */
    void pack(
            Object array, boolean rounds, int from, int stride, int step, int allLines, int k, int first, int last,
            float[] packed, int to) {
        for (int panel = first; panel < last; panel++, to += width * k) {
            int end = Math.min(allLines, (panel + 1) * lines);
            for (int line = panel * lines, at = to; line < end; line += LANES, at += LANES) {
                int count = Math.min(LANES, end - line);
                int start = from + line * stride;
                if (stride == 1) {
                    copy(array, rounds, start, step, count, k, packed, at);
                } else if (k >= LANES) {
                    transpose(array, rounds, start, stride, count, k, packed, at);
                } else {
                    copyElements(array, rounds, start, stride, step, count, 0, k, packed, at);
                }
            }
        }
    }

    /** Packs the rows of a tile, {@link Gemm#NR} elements of each; there are no more of them than a vector's. */
    void packTile(float[] tile, int count, float[] packed, int to) {
        for (int p = 0; p < Gemm.NR; p += LANES) {
            transpose(tile, p, Gemm.NR, count, packed, to + p * width);
        }
    }

    /** Lines next to each other: up to a vector of them, with whatever stands behind them in unused lanes. */
    private void copy(
            Object array, boolean rounds, int from, int step, int count, int k, float[] packed, int to) {
        int whole = Math.clamp(Math.floorDiv(length(array) - LANES - from, Math.max(1, step)) + 1L, 0, k);
        if (array instanceof short[] numbers) {
            for (int p = 0; p < whole; p++) {
                Halves.load(numbers, from + p * step).intoArray(packed, to + p * width);
            }
        } else if (rounds) {
            for (int p = 0; p < whole; p++) {
                Halves.round(FloatVector.fromArray(SPECIES, (float[]) array, from + p * step))
                        .intoArray(packed, to + p * width);
            }
        } else {
            copy((float[]) array, from, step, whole, packed, to);
        }
        copyElements(array, rounds, from, 1, step, count, whole, k, packed, to);
    }

    private static int length(Object array) {
        return array instanceof short[] numbers ? numbers.length : ((float[]) array).length;
    }

    private void copy(float[] array, int from, int step, int whole, float[] packed, int to) {
        for (int p = 0; p < whole; p++) {
            FloatVector.fromArray(SPECIES, array, from + p * step).intoArray(packed, to + p * width);
        }
    }

    private void copyElements(
            Object array, boolean rounds, int from, int stride, int step, int count, int first, int k, float[] packed,
            int to) {
        if (array instanceof float[] floats && !rounds) {
            copyElements(floats, from, stride, step, count, first, k, packed, to);
            return;
        }
        for (int p = first; p < k; p++) {
            for (int i = 0; i < count; i++) {
                int at = from + i * stride + p * step;
                packed[to + p * width + i] = array instanceof short[] numbers
                        ? Bfloat16.value(numbers[at])
                        : Bfloat16.round(((float[]) array)[at]);
            }
        }
    }

    private void copyElements(
            float[] array, int from, int stride, int step, int count, int first, int k, float[] packed, int to) {
        for (int p = first; p < k; p++) {
            for (int i = 0; i < count; i++) {
                packed[to + p * width + i] = array[from + i * stride + p * step];
            }
        }
    }

    /**
     * Lines whose elements lie next to each other, in squares; the last may overlap the one before. Lines are copied
     * first, a stretch of each: as a stream for the memory's sake, and to places that do not share a cache set.
     */
    private void transpose(
            Object array, boolean rounds, int from, int stride, int count, int k, float[] packed, int to) {
        for (int start = 0; start < k; start += STRETCH) {
            int first = Math.clamp(k - LANES, 0, start);
            int length = Math.min(k, start + STRETCH) - first;
            for (int i = 0; i < count; i++) {
                copyStretch(array, rounds, from + first + i * stride, i * STRETCH_STRIDE, length);
            }
            for (int p = 0; p < length; p += LANES) {
                int at = Math.min(p, length - LANES);
                transpose(stretches, at, STRETCH_STRIDE, count, packed, to + (first + at) * width);
            }
        }
    }

    private void copyStretch(Object array, boolean rounds, int from, int to, int length) {
        if (array instanceof short[] numbers) {
            Halves.widen(numbers, from, stretches, to, length);
        } else {
            System.arraycopy(array, from, stretches, to, length);
            if (rounds) {
                Halves.round(stretches, to, length);
            }
        }
    }

    /**
     * Interleaving the first half of the rows with the second transposes a square after log2(LANES) times. Going
     * through memory each time keeps this short for any number of lanes, and is no slower than loads and stores are.
     */
    private void transpose(float[] array, int from, int stride, int count, float[] packed, int to) {
        float[] in = array;
        int out = 0;
        for (int done = 2; done < LANES; done *= 2) {
            interleave(in, from, stride, count, squares, out, LANES);
            in = squares;
            from = out;
            stride = LANES;
            count = LANES;
            out = SQUARE - out;
        }
        interleave(in, from, stride, count, packed, to, width);
    }

    /** Interleaves rows of the first half with those of the second; what is missing at the end is the last again. */
    private static void interleave(
            float[] in, int from, int step, int count, float[] out, int to, int outStep) {
        for (int i = 0; i < LANES / 2; i++) {
            int first = from + Math.min(i, count - 1) * step;
            int second = from + Math.min(i + LANES / 2, count - 1) * step;
            var x = FloatVector.fromArray(SPECIES, in, first).reinterpretAsInts();
            var y = FloatVector.fromArray(SPECIES, in, second).reinterpretAsInts();
            LOW.selectFrom(x, y).reinterpretAsFloats().intoArray(out, to + 2 * i * outStep);
            HIGH.selectFrom(x, y).reinterpretAsFloats().intoArray(out, to + (2 * i + 1) * outStep);
        }
    }

    private static IntVector interleaved(int first) {
        var indices = new int[LANES];
        for (int i = 0; i < LANES; i++) {
            indices[i] = first + i / 2 + i % 2 * LANES;
        }
        return IntVector.fromArray(INDICES, indices, 0);
    }
}
