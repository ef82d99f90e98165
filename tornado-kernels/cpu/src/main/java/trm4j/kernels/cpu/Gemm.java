package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * One thread's matrix product: operands are packed into panels that the inner loop reads from one end to
 * the other, whatever their strides, and a {@link RegisterTile} of the result is summed up at a time.
 * (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication".)
 */
final class Gemm {

    /** Rows of a tile. */
    static final int MR = RegisterTile.ROWS;
    /** Columns of a tile. */
    static final int NR = RegisterTile.COLUMNS;
    /** The longest sum a packed panel holds. */
    static final int KC = 512;
    /** Panels of A packed at a time: 256 KiB with sums of length KC, for the second-level cache. */
    static final int PANELS = 128 / Panels.width(MR);

    final Panels rows = new Panels(MR);
    final Panels columns = new Panels(NR);
    private final float[] packedA = new float[packedRows(PANELS * MR, KC)];
    /** The tile that was summed up last. */
    final float[] tile = new float[MR * NR];

    /** Returns the bytes of scratch space that one instance takes. */
    static long bytes() {
        return 2 * Panels.bytes() + 4L * (packedRows(PANELS * MR, KC) + MR * NR);
    }

    /** Returns the floats that packed columns of B take, for n columns and sums of length k. */
    static int packedSize(int n, int k) {
        return Math.multiplyExact(Math.ceilDiv(n, NR) * Panels.width(NR), k);
    }

    /** Returns the floats that packed rows of A take, for m rows and sums of length k. */
    static int packedRows(int m, int k) {
        return Math.multiplyExact(Math.ceilDiv(m, MR) * Panels.width(MR), k);
    }

    /** Packs panels [first, last) of rows of A, in the block of sums from p on, to their places among all of A packed. */
    void packRows(
            Matrix matrix, boolean rounds, int a, int m, int k, int p, int first, int last, float[] packed, int to) {
        int depth = Math.min(KC, k - p);
        rows.pack(
                matrix.array(), rounds, a + p * matrix.column(), matrix.row(), matrix.column(), m, depth, first, last,
                packed, to + packedRows(m, p) + first * rows.width * depth);
    }

    /** Packs all of B, for {@link #multiplyAll}: blocks of {@link #KC} rows one after the other. */
    void packAll(
            Object array, boolean rounds, int b, int rowStride, int columnStride, int k, int n, float[] packed) {
        for (int p = 0; p < k; p += KC) {
            columns.pack(
                    array, rounds, b + p * rowStride, columnStride, rowStride, n, Math.min(KC, k - p), 0,
                    columns.count(n), packed, packedSize(n, p));
        }
    }

    /** Multiplies as {@link #multiply} does, for any k and all of B, packed by {@link #packAll}. */
    void multiplyAll(
            int m, int n, int k, Object arrayA, boolean rounds, int a, int aRow, int aColumn, float[] packedB,
            float[] arrayC, int c, int cRow, boolean add) {
        for (int p = 0; p < k; p += KC) {
            multiply(
                    m, n, Math.min(KC, k - p), arrayA, rounds, a + p * aColumn, aRow, aColumn, packedB,
                    packedSize(n, p), arrayC, c, cRow, add || p > 0);
        }
    }

    /**
     * Computes C[m x n] = A B, or += with {@code add}, for packed B and k at most {@link #KC}. Element (i, p) of A is
     * at {@code a + i*aRow + p*aColumn}, (i, j) of C at {@code c + i*cRow + j}. {@link Panels#pack} packs A.
     */
    void multiply(
            int m, int n, int k, Object arrayA, boolean rounds, int a, int aRow, int aColumn, float[] packedB, int b,
            float[] arrayC, int c, int cRow, boolean add) {
        int most = PANELS * MR;
        for (int i = 0; i < m; i += most) {
            int count = Math.min(most, m - i);
            rows.pack(
                    arrayA, rounds, a + i * aRow, aRow, aColumn, count, k, 0, rows.count(count), packedA, 0);
            multiplyPacked(count, n, k, packedA, 0, packedB, b, arrayC, c + i * cRow, cRow, add);
        }
    }

    /** Multiplies as {@link #multiply} does, with A packed too. */
    void multiplyPacked(
            int m, int n, int k, float[] packedA, int a, float[] packedB, int b, float[] arrayC, int c, int cRow,
            boolean add) {
        for (int j = 0; j < n; j += NR) {
            int count = Math.min(NR, n - j);
            for (int i = 0, at = a; i < m; i += MR, at += rows.width * k) {
                RegisterTile.multiply(k, packedA, at, packedB, b + j * k, tile);
                put(Math.min(MR, m - i), count, arrayC, c + i * cRow + j, cRow, add);
            }
        }
    }

    /** Puts the first rows and columns of {@link #tile} into C, or adds them. */
    void put(int height, int count, float[] c, int at, int cRow, boolean add) {
        if (count < NR) {
            putColumns(height, count, c, at, cRow, add);
        } else if (add) {
            add(height, c, at, cRow);
        } else {
            set(height, c, at, cRow);
        }
    }

    private void set(int height, float[] c, int at, int cRow) {
        for (int i = 0; i < height; i++) {
            FloatVector.fromArray(SPECIES, tile, i * NR).intoArray(c, at + i * cRow);
            FloatVector.fromArray(SPECIES, tile, i * NR + LANES).intoArray(c, at + i * cRow + LANES);
        }
    }

    private void add(int height, float[] c, int at, int cRow) {
        for (int i = 0; i < height; i++) {
            int to = at + i * cRow;
            var low = FloatVector.fromArray(SPECIES, c, to).add(FloatVector.fromArray(SPECIES, tile, i * NR));
            var high = FloatVector.fromArray(SPECIES, c, to + LANES)
                    .add(FloatVector.fromArray(SPECIES, tile, i * NR + LANES));
            low.intoArray(c, to);
            high.intoArray(c, to + LANES);
        }
    }

    private void putColumns(int height, int count, float[] c, int at, int cRow, boolean add) {
        for (int i = 0; i < height; i++, at += cRow) {
            if (!add) {
                System.arraycopy(tile, i * NR, c, at, count);
            } else {
                for (int j = 0; j < count; j++) {
                    c[at + j] += tile[i * NR + j];
                }
            }
        }
    }
}
