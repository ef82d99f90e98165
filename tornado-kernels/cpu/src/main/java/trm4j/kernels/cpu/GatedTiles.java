package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.KC;
import static trm4j.kernels.cpu.Gemm.MR;
import static trm4j.kernels.cpu.Gemm.NR;
import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/** One thread's tiles of a {@link FeedForward}: sums of any length, and the gated product of gates and ups. */
final class GatedTiles {

    private static final int SIZE = MR * NR;

    final float[] gates = new float[SIZE];
    final float[] ups = new float[SIZE];
    final float[] sums = new float[SIZE];
    private final float[] more = new float[SIZE];

    /** Bytes of one instance. */
    static long bytes() {
        return 4L * 4 * SIZE;
    }

    /**
     * Sums up a tile, in blocks of {@link Gemm#KC} as all products do.
     *
     * @param pa a panel of rows of length k, at a
     * @param pb a panel of columns of length k, at b
     */
    void sum(int k, float[] pa, int a, float[] pb, int b, float[] tile) {
        RegisterTile.multiply(Math.min(KC, k), pa, a, pb, b, tile);
        for (int p = KC; p < k; p += KC) {
            RegisterTile.multiply(Math.min(KC, k - p), pa, a + p * Panels.width(MR), pb, b + p * NR, more);
            add(more, tile);
        }
    }

    private static void add(float[] from, float[] to) {
        for (int i = 0; i < SIZE; i += LANES) {
            FloatVector.fromArray(SPECIES, to, i).add(FloatVector.fromArray(SPECIES, from, i)).intoArray(to, i);
        }
    }

    /** Makes the gated product of the gates and ups, its rows one after the other. */
    void multiply(int rows, float[] out, int at) {
        SwiGluKernels.gated(gates, 0, ups, 0, out, at, rows * NR);
    }

    /**
     * Puts the beginnings of rows of a tile into their places.
     *
     * @param stride from one row's place to the next
     */
    static void put(float[] tile, int at, int rows, int columns, float[] to, int place, int stride) {
        for (int i = 0; i < rows; i++, at += NR, place += stride) {
            if (columns == NR) {
                FloatVector.fromArray(SPECIES, tile, at).intoArray(to, place);
                FloatVector.fromArray(SPECIES, tile, at + LANES).intoArray(to, place + LANES);
            } else {
                System.arraycopy(tile, at, to, place, columns);
            }
        }
    }
}
