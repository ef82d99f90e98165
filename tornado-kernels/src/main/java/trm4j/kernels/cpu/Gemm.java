package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * One thread's matrix product: operands are packed into panels that the inner loop reads from one end to
 * the other, whatever their strides, and an {@link #MR} x {@link #NR} tile of the result is summed up in
 * registers. (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication".)
 */
final class Gemm {

    /** Rows of a register tile. */
    static final int MR = 8;
    /** Columns of a register tile. */
    static final int NR = 2 * LANES;
    /** The longest sum a packed panel holds: an A panel then fills half of a 32 KiB first-level cache. */
    static final int KC = 512;
    /** Rows of A packed at a time: 256 KiB, for the second-level cache. */
    static final int MC = 128;

    private static final int TRANSPOSED_BLOCK = 16;

    private final float[] packedA = new float[MC * KC];
    private final float[] tile = new float[MR * NR];


    /** Bytes of scratch space that one instance takes. */
    static long bytes() {
        return 4L * (MC * KC + MR * NR);
    }

    /** Floats that {@link #packB} fills for n columns and sums of length k. */
    static int packedSize(int n, int k) {
        return Math.ceilDiv(n, NR) * NR * k;
    }

    /** Packs all of B, for {@link #multiplyAll}: blocks of {@link #KC} rows one after the other. */
    static void packAll(
            float[] array, int b, int rowStride, int columnStride, int k, int n, float[] packed) {
        int panels = Math.ceilDiv(n, NR);
        for (int p = 0; p < k; p += KC) {
            packB(
                    array, b + p * rowStride, rowStride, columnStride, Math.min(KC, k - p), n, 0, panels, packed,
                    p * panels * NR);
        }
    }

    /** {@link #multiply} for any k and all of B, packed by {@link #packAll}. */
    void multiplyAll(
            int m, int n, int k, float[] arrayA, int a, int aRow, int aColumn, float[] packedB,
            float[] arrayC, int c, int cRow, boolean add) {
        for (int p = 0; p < k; p += KC) {
            multiply(
                    m, n, Math.min(KC, k - p), arrayA, a + p * aColumn, aRow, aColumn, packedB,
                    p * packedSize(n, 1), arrayC, c, cRow, add || p > 0);
        }
    }

    /**
     * Packs column panels [first, last) of B, each as k rows of NR: element (p, j) of B is at
     * {@code b + p*rowStride + j*columnStride}; columns past n become 0.
     */
    static void packB(
            float[] array, int b, int rowStride, int columnStride, int k, int n, int first, int last,
            float[] packed, int at) {
        for (int panel = first; panel < last; panel++) {
            int to = at + panel * NR * k;
            int j0 = panel * NR;
            int columns = Math.min(NR, n - j0);
            if (columns < NR) {
                Arrays.fill(packed, to, to + NR * k, 0f);
            }
            if (columnStride == 1 && columns == NR) {
                for (int p = 0, from = b + j0; p < k; p++, from += rowStride, to += NR) {
                    FloatVector.fromArray(SPECIES, array, from).intoArray(packed, to);
                    FloatVector.fromArray(SPECIES, array, from + LANES).intoArray(packed, to + LANES);
                }
            } else {
                packStrided(array, b + j0 * columnStride, columnStride, rowStride, columns, k, packed, to, NR);
            }
        }
    }

    /** packed[to + p*width + i] = element i + p, in blocks that keep both sides in the first-level cache. */
    private static void packStrided(
            float[] array, int from, int stride, int step, int count, int k, float[] packed, int to, int width) {
        for (int p0 = 0; p0 < k; p0 += TRANSPOSED_BLOCK) {
            int p1 = Math.min(k, p0 + TRANSPOSED_BLOCK);
            for (int i = 0; i < count; i++) {
                int source = from + i * stride + p0 * step;
                int target = to + p0 * width + i;
                for (int p = p0; p < p1; p++, source += step, target += width) {
                    packed[target] = array[source];
                }
            }
        }
    }

    private void packA(float[] array, int a, int rowStride, int columnStride, int rows, int k) {
        for (int i0 = 0, to = 0; i0 < rows; i0 += MR, to += MR * k) {
            int count = Math.min(MR, rows - i0);
            if (count < MR) {
                Arrays.fill(packedA, to, to + MR * k, 0f);
            }
            int from = a + i0 * rowStride;
            if (rowStride == 1 && count == MR) {
                for (int p = 0, source = from, target = to; p < k; p++, source += columnStride, target += MR) {
                    System.arraycopy(array, source, packedA, target, MR);
                }
            } else {
                packStrided(array, from, rowStride, columnStride, count, k, packedA, to, MR);
            }
        }
    }

    /**
     * C[m x n] = A B, or += with {@code add}, for B packed by {@link #packB} and k at most {@link #KC}:
     * element (i, p) of A is at {@code a + i*aRow + p*aColumn}, (i, j) of C at {@code c + i*cRow + j}.
     */
    void multiply(
            int m, int n, int k, float[] arrayA, int a, int aRow, int aColumn, float[] packedB, int b,
            float[] arrayC, int c, int cRow, boolean add) {
        for (int i0 = 0; i0 < m; i0 += MC) {
            int rows = Math.min(MC, m - i0);
            packA(arrayA, a + i0 * aRow, aRow, aColumn, rows, k);
            for (int j = 0; j < n; j += NR) {
                int columns = Math.min(NR, n - j);
                for (int i = 0; i < rows; i += MR) {
                    tile(k, packedA, i * k, packedB, b + j * k, tile);
                    put(Math.min(MR, rows - i), columns, arrayC, c + (i0 + i) * cRow + j, cRow, add);
                }
            }
        }
    }

    /** Puts the tile's first rows and columns into C, or adds them. */
    private void put(int rows, int columns, float[] c, int at, int cRow, boolean add) {
        for (int i = 0; i < rows; i++, at += cRow) {
            if (!add) {
                System.arraycopy(tile, i * NR, c, at, columns);
            } else if (columns == NR) {
                addLanes(i * NR, c, at);
                addLanes(i * NR + LANES, c, at + LANES);
            } else {
                for (int j = 0; j < columns; j++) {
                    c[at + j] += tile[i * NR + j];
                }
            }
        }
    }

    private void addLanes(int from, float[] c, int at) {
        FloatVector.fromArray(SPECIES, c, at).add(FloatVector.fromArray(SPECIES, tile, from)).intoArray(c, at);
    }

    /**
     * One MR x NR tile of C, summed up in 16 vector registers. It has no branches, and leaves adding to C
     * to others: C2 keeps vectors in registers only where no two paths meet.
     */
    private static void tile(int k, float[] pa, int a, float[] pb, int b, float[] tile) {
        var zero = FloatVector.zero(SPECIES);
        FloatVector c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
        FloatVector c40 = zero, c41 = zero, c50 = zero, c51 = zero, c60 = zero, c61 = zero, c70 = zero, c71 = zero;
        for (int p = 0; p < k; p++, a += MR, b += NR) {
            var b0 = FloatVector.fromArray(SPECIES, pb, b);
            var b1 = FloatVector.fromArray(SPECIES, pb, b + LANES);
            var x = FloatVector.broadcast(SPECIES, pa[a]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(SPECIES, pa[a + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(SPECIES, pa[a + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(SPECIES, pa[a + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(SPECIES, pa[a + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(SPECIES, pa[a + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            x = FloatVector.broadcast(SPECIES, pa[a + 6]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            x = FloatVector.broadcast(SPECIES, pa[a + 7]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
        }
        store(c00, c01, tile, 0);
        store(c10, c11, tile, NR);
        store(c20, c21, tile, 2 * NR);
        store(c30, c31, tile, 3 * NR);
        store(c40, c41, tile, 4 * NR);
        store(c50, c51, tile, 5 * NR);
        store(c60, c61, tile, 6 * NR);
        store(c70, c71, tile, 7 * NR);
    }

    private static void store(FloatVector low, FloatVector high, float[] tile, int at) {
        low.intoArray(tile, at);
        high.intoArray(tile, at + LANES);
    }
}
