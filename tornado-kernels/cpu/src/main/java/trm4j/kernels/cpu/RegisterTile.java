package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.FUSES;
import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loop of matrix products: a tile of the result, summed up in vector registers. It has no branches, and
 * leaves adding to C to others: C2 keeps vectors in registers only where no two paths meet. Nor does it call methods
 * of our own: past some 18,000 nodes C2 inlines no more than what it is told to, which the Vector API's methods are.
 */
final class RegisterTile {

    /**
     * Whether there are 32 registers for vectors, as with AVX-512, or at least 16. Processors with that many multiply
     * and add at once, so that the larger tile does without another way.
     */
    static final boolean MANY_REGISTERS = SPECIES.vectorBitSize() >= 512 && FUSES;
    /** Rows of a tile. */
    static final int ROWS = MANY_REGISTERS ? 13 : 4;
    /** Columns of a tile. */
    static final int COLUMNS = 2 * LANES;
    /** Floats from one row of a packed panel of A to the next. */
    private static final int ROWS_WIDTH = Math.ceilDiv(ROWS, LANES) * LANES;

    private RegisterTile() {}

    /**
     * tile[ROWS x COLUMNS] = A B, for panels as {@link Panels} packs them.
     *
     * @param k the length of the sums
     */
    static void multiply(int k, float[] pa, int a, float[] pb, int b, float[] tile) {
        if (MANY_REGISTERS) {
            multiply13(k, pa, a, pb, b, tile);
        } else {
            multiply4(k, pa, a, pb, b, tile);
        }
    }

    /** 26 registers for sums, 2 for a row of B, 1 for an element of A. */
    private static void multiply13(int k, float[] pa, int a, float[] pb, int b, float[] tile) {
        var zero = FloatVector.zero(SPECIES);
        FloatVector c0x = zero, c0y = zero, c1x = zero, c1y = zero, c2x = zero, c2y = zero, c3x = zero, c3y = zero;
        FloatVector c4x = zero, c4y = zero, c5x = zero, c5y = zero, c6x = zero, c6y = zero, c7x = zero, c7y = zero;
        FloatVector c8x = zero, c8y = zero, c9x = zero, c9y = zero, c10x = zero, c10y = zero, c11x = zero, c11y = zero;
        FloatVector c12x = zero, c12y = zero;
        for (int p = 0; p < k; p++, a += ROWS_WIDTH, b += COLUMNS) {
            var x = FloatVector.fromArray(SPECIES, pb, b);
            var y = FloatVector.fromArray(SPECIES, pb, b + LANES);
            var s = FloatVector.broadcast(SPECIES, pa[a]);
            c0x = s.fma(x, c0x);
            c0y = s.fma(y, c0y);
            s = FloatVector.broadcast(SPECIES, pa[a + 1]);
            c1x = s.fma(x, c1x);
            c1y = s.fma(y, c1y);
            s = FloatVector.broadcast(SPECIES, pa[a + 2]);
            c2x = s.fma(x, c2x);
            c2y = s.fma(y, c2y);
            s = FloatVector.broadcast(SPECIES, pa[a + 3]);
            c3x = s.fma(x, c3x);
            c3y = s.fma(y, c3y);
            s = FloatVector.broadcast(SPECIES, pa[a + 4]);
            c4x = s.fma(x, c4x);
            c4y = s.fma(y, c4y);
            s = FloatVector.broadcast(SPECIES, pa[a + 5]);
            c5x = s.fma(x, c5x);
            c5y = s.fma(y, c5y);
            s = FloatVector.broadcast(SPECIES, pa[a + 6]);
            c6x = s.fma(x, c6x);
            c6y = s.fma(y, c6y);
            s = FloatVector.broadcast(SPECIES, pa[a + 7]);
            c7x = s.fma(x, c7x);
            c7y = s.fma(y, c7y);
            s = FloatVector.broadcast(SPECIES, pa[a + 8]);
            c8x = s.fma(x, c8x);
            c8y = s.fma(y, c8y);
            s = FloatVector.broadcast(SPECIES, pa[a + 9]);
            c9x = s.fma(x, c9x);
            c9y = s.fma(y, c9y);
            s = FloatVector.broadcast(SPECIES, pa[a + 10]);
            c10x = s.fma(x, c10x);
            c10y = s.fma(y, c10y);
            s = FloatVector.broadcast(SPECIES, pa[a + 11]);
            c11x = s.fma(x, c11x);
            c11y = s.fma(y, c11y);
            s = FloatVector.broadcast(SPECIES, pa[a + 12]);
            c12x = s.fma(x, c12x);
            c12y = s.fma(y, c12y);
        }
        c0x.intoArray(tile, 0);
        c0y.intoArray(tile, LANES);
        c1x.intoArray(tile, COLUMNS);
        c1y.intoArray(tile, COLUMNS + LANES);
        c2x.intoArray(tile, 2 * COLUMNS);
        c2y.intoArray(tile, 2 * COLUMNS + LANES);
        c3x.intoArray(tile, 3 * COLUMNS);
        c3y.intoArray(tile, 3 * COLUMNS + LANES);
        c4x.intoArray(tile, 4 * COLUMNS);
        c4y.intoArray(tile, 4 * COLUMNS + LANES);
        c5x.intoArray(tile, 5 * COLUMNS);
        c5y.intoArray(tile, 5 * COLUMNS + LANES);
        c6x.intoArray(tile, 6 * COLUMNS);
        c6y.intoArray(tile, 6 * COLUMNS + LANES);
        c7x.intoArray(tile, 7 * COLUMNS);
        c7y.intoArray(tile, 7 * COLUMNS + LANES);
        c8x.intoArray(tile, 8 * COLUMNS);
        c8y.intoArray(tile, 8 * COLUMNS + LANES);
        c9x.intoArray(tile, 9 * COLUMNS);
        c9y.intoArray(tile, 9 * COLUMNS + LANES);
        c10x.intoArray(tile, 10 * COLUMNS);
        c10y.intoArray(tile, 10 * COLUMNS + LANES);
        c11x.intoArray(tile, 11 * COLUMNS);
        c11y.intoArray(tile, 11 * COLUMNS + LANES);
        c12x.intoArray(tile, 12 * COLUMNS);
        c12y.intoArray(tile, 12 * COLUMNS + LANES);
    }

    /**
     * 8 registers for sums, 2 for a row of B, 1 for an element of A: with 5 rows, C2 keeps some of them in memory,
     * which takes twice the time. FUSES is a constant to C2: it sees no branch.
     */
    private static void multiply4(int k, float[] pa, int a, float[] pb, int b, float[] tile) {
        var zero = FloatVector.zero(SPECIES);
        FloatVector c0x = zero, c0y = zero, c1x = zero, c1y = zero, c2x = zero, c2y = zero, c3x = zero, c3y = zero;
        for (int p = 0; p < k; p++, a += ROWS_WIDTH, b += COLUMNS) {
            var x = FloatVector.fromArray(SPECIES, pb, b);
            var y = FloatVector.fromArray(SPECIES, pb, b + LANES);
            var s = FloatVector.broadcast(SPECIES, pa[a]);
            c0x = FUSES ? s.fma(x, c0x) : s.mul(x).add(c0x);
            c0y = FUSES ? s.fma(y, c0y) : s.mul(y).add(c0y);
            s = FloatVector.broadcast(SPECIES, pa[a + 1]);
            c1x = FUSES ? s.fma(x, c1x) : s.mul(x).add(c1x);
            c1y = FUSES ? s.fma(y, c1y) : s.mul(y).add(c1y);
            s = FloatVector.broadcast(SPECIES, pa[a + 2]);
            c2x = FUSES ? s.fma(x, c2x) : s.mul(x).add(c2x);
            c2y = FUSES ? s.fma(y, c2y) : s.mul(y).add(c2y);
            s = FloatVector.broadcast(SPECIES, pa[a + 3]);
            c3x = FUSES ? s.fma(x, c3x) : s.mul(x).add(c3x);
            c3y = FUSES ? s.fma(y, c3y) : s.mul(y).add(c3y);
        }
        c0x.intoArray(tile, 0);
        c0y.intoArray(tile, LANES);
        c1x.intoArray(tile, COLUMNS);
        c1y.intoArray(tile, COLUMNS + LANES);
        c2x.intoArray(tile, 2 * COLUMNS);
        c2y.intoArray(tile, 2 * COLUMNS + LANES);
        c3x.intoArray(tile, 3 * COLUMNS);
        c3y.intoArray(tile, 3 * COLUMNS + LANES);
    }
}
