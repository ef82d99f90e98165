package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.RegisterTile.COLUMNS;
import static trm4j.kernels.cpu.VectorMath.FUSES;
import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The tile of {@link RegisterTile}, of rows that lie one behind the other as they are stored, so that nobody has to
 * turn them into a panel. That their distance is a constant spares registers for places.
 */
final class LineTile {

    /** Floats from one row to the next; with KC, all rows would share a few places of the first-level cache. */
    static final int STRIDE = Gemm.KC + 16;
    /** Floats of all rows of a tile. */
    static final int SIZE = RegisterTile.ROWS * STRIDE;

    private LineTile() {}

    /**
     * tile = A B, for rows of A that are {@link #STRIDE} apart and columns of B as {@link Panels} packs them.
     *
     * @param k the length of the sums, at most {@link Gemm#KC}
     */
    static void multiply(int k, float[] pa, int a, float[] pb, int b, float[] tile) {
        if (RegisterTile.MANY_REGISTERS) {
            multiply13(k, pa, a, pb, b, tile);
        } else {
            multiply4(k, pa, a, pb, b, tile);
        }
    }

    private static void multiply13(int k, float[] pa, int a, float[] pb, int b, float[] tile) {
        var zero = FloatVector.zero(SPECIES);
        FloatVector c0x = zero, c0y = zero, c1x = zero, c1y = zero, c2x = zero, c2y = zero, c3x = zero, c3y = zero;
        FloatVector c4x = zero, c4y = zero, c5x = zero, c5y = zero, c6x = zero, c6y = zero, c7x = zero, c7y = zero;
        FloatVector c8x = zero, c8y = zero, c9x = zero, c9y = zero, c10x = zero, c10y = zero, c11x = zero, c11y = zero;
        FloatVector c12x = zero, c12y = zero;
        for (int p = 0; p < k; p++, a++, b += COLUMNS) {
            var x = FloatVector.fromArray(SPECIES, pb, b);
            var y = FloatVector.fromArray(SPECIES, pb, b + LANES);
            var s = FloatVector.broadcast(SPECIES, pa[a]);
            c0x = s.fma(x, c0x);
            c0y = s.fma(y, c0y);
            s = FloatVector.broadcast(SPECIES, pa[a + STRIDE]);
            c1x = s.fma(x, c1x);
            c1y = s.fma(y, c1y);
            s = FloatVector.broadcast(SPECIES, pa[a + 2 * STRIDE]);
            c2x = s.fma(x, c2x);
            c2y = s.fma(y, c2y);
            s = FloatVector.broadcast(SPECIES, pa[a + 3 * STRIDE]);
            c3x = s.fma(x, c3x);
            c3y = s.fma(y, c3y);
            s = FloatVector.broadcast(SPECIES, pa[a + 4 * STRIDE]);
            c4x = s.fma(x, c4x);
            c4y = s.fma(y, c4y);
            s = FloatVector.broadcast(SPECIES, pa[a + 5 * STRIDE]);
            c5x = s.fma(x, c5x);
            c5y = s.fma(y, c5y);
            s = FloatVector.broadcast(SPECIES, pa[a + 6 * STRIDE]);
            c6x = s.fma(x, c6x);
            c6y = s.fma(y, c6y);
            s = FloatVector.broadcast(SPECIES, pa[a + 7 * STRIDE]);
            c7x = s.fma(x, c7x);
            c7y = s.fma(y, c7y);
            s = FloatVector.broadcast(SPECIES, pa[a + 8 * STRIDE]);
            c8x = s.fma(x, c8x);
            c8y = s.fma(y, c8y);
            s = FloatVector.broadcast(SPECIES, pa[a + 9 * STRIDE]);
            c9x = s.fma(x, c9x);
            c9y = s.fma(y, c9y);
            s = FloatVector.broadcast(SPECIES, pa[a + 10 * STRIDE]);
            c10x = s.fma(x, c10x);
            c10y = s.fma(y, c10y);
            s = FloatVector.broadcast(SPECIES, pa[a + 11 * STRIDE]);
            c11x = s.fma(x, c11x);
            c11y = s.fma(y, c11y);
            s = FloatVector.broadcast(SPECIES, pa[a + 12 * STRIDE]);
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

    private static void multiply4(int k, float[] pa, int a, float[] pb, int b, float[] tile) {
        var zero = FloatVector.zero(SPECIES);
        FloatVector c0x = zero, c0y = zero, c1x = zero, c1y = zero, c2x = zero, c2y = zero, c3x = zero, c3y = zero;
        for (int p = 0; p < k; p++, a++, b += COLUMNS) {
            var x = FloatVector.fromArray(SPECIES, pb, b);
            var y = FloatVector.fromArray(SPECIES, pb, b + LANES);
            var s = FloatVector.broadcast(SPECIES, pa[a]);
            c0x = FUSES ? s.fma(x, c0x) : s.mul(x).add(c0x);
            c0y = FUSES ? s.fma(y, c0y) : s.mul(y).add(c0y);
            s = FloatVector.broadcast(SPECIES, pa[a + STRIDE]);
            c1x = FUSES ? s.fma(x, c1x) : s.mul(x).add(c1x);
            c1y = FUSES ? s.fma(y, c1y) : s.mul(y).add(c1y);
            s = FloatVector.broadcast(SPECIES, pa[a + 2 * STRIDE]);
            c2x = FUSES ? s.fma(x, c2x) : s.mul(x).add(c2x);
            c2y = FUSES ? s.fma(y, c2y) : s.mul(y).add(c2y);
            s = FloatVector.broadcast(SPECIES, pa[a + 3 * STRIDE]);
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
