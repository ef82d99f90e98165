package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Matrix products from tiles in local memory. A work-group of 16 x 16 threads computes a tile of c; each
 * thread holds some rows and columns of it in registers, and all go through k in steps of 16, for which
 * they bring a tile of a and one of b to local memory. Transposition is a matter of strides.
 *
 * <p>Where c has too few tiles to keep the device busy, its sums are split into parts that are added up
 * afterwards, in order.
 */
final class MatMulTiles {

    /** Threads of a work-group along each axis, and steps of k between two barriers. */
    private static final int SIDE = 16;

    /** Rows of c that a thread computes, and columns. */
    private static final int MOST_PER_THREAD = 8;

    private static final int MOST_PARTS = 64;
    private static final int LEAST_STEPS = 8;

    private MatMulTiles() {}

    /** Columns of tiles. */
    private static final class TilesRow {
        static final int A = 0, B = 1, C = 2, M = 3, N = 4, K = 5, A_ROW = 6, A_COLUMN = 7, A_NEXT = 8, B_ROW = 9,
                B_COLUMN = 10, B_NEXT = 11, STEPS = 12, ALL_STEPS = 13, END = 14;
    }

    /**
     * Each work-group computes a tile of c, over a part of the steps of k. The rows and columns of a thread are 16
     * apart, so that neighbouring threads read from different banks of local memory.
     *
     * @param rows of c that a thread computes
     * @param columns of c that a thread computes
     * @param aDown 1 where a's neighbours in memory are in one column, not in one row
     * @param bDown likewise of b
     * @param add 1 to add to c, 0 to set it
     */
    static void tiles(
            KernelContext context, int[] ints, int at, int rows, int columns, int aDown, int bDown, int add,
            float[] f) {
        int row = ints[CallTable.ROW] + at;
        int m = ints[row + TilesRow.M];
        int n = ints[row + TilesRow.N];
        int k = ints[row + TilesRow.K];
        int aRow = ints[row + TilesRow.A_ROW];
        int aColumn = ints[row + TilesRow.A_COLUMN];
        int bRow = ints[row + TilesRow.B_ROW];
        int bColumn = ints[row + TilesRow.B_COLUMN];
        int steps = ints[row + TilesRow.STEPS];
        int allSteps = ints[row + TilesRow.ALL_STEPS];
        int x = context.localIdx;
        int y = context.localIdy;
        int part = context.groupIdz;
        int thread = y * SIDE + x;
        CallTable.count(ints, thread + context.groupIdx + context.groupIdy + part);
        int tileRow = context.groupIdy * SIDE * rows;
        int tileColumn = context.groupIdx * SIDE * columns;
        int aStride = SIDE * rows + 1;
        int bStride = SIDE * columns + 1;
        float[] aTile = context.allocateFloatLocalArray(SIDE * (SIDE * rows + 1));
        float[] bTile = context.allocateFloatLocalArray(SIDE * (SIDE * columns + 1));
        float[] sums = new float[rows * columns];
        float[] bs = new float[columns];
        for (int i = 0; i < rows * columns; i++) {
            sums[i] = 0f;
        }
        // The elements that a thread brings lie at equal distances: a row r and a step q of k to begin with, and so
        // many of one of them further each time.
        int ar = y;
        int aq = x;
        int arNext = SIDE;
        int aqNext = 0;
        if (aDown == 1) {
            ar = thread % (SIDE * rows);
            aq = thread / (SIDE * rows);
            arNext = 0;
            aqNext = SIDE / rows;
        }
        int br = thread % (SIDE * columns);
        int bq = thread / (SIDE * columns);
        int brNext = 0;
        int bqNext = SIDE / columns;
        if (bDown == 1) {
            br = y;
            bq = x;
            brNext = SIDE;
            bqNext = 0;
        }
        int aFirst = (tileRow + ar) * aRow + aq * aColumn;
        int bFirst = (tileColumn + br) * bColumn + bq * bRow;
        int aRowsLeft = m - tileRow - ar;
        int bColumnsLeft = n - tileColumn - br;
        int aApart = arNext * aRow + aqNext * aColumn;
        int bApart = brNext * bColumn + bqNext * bRow;
        int stepsOfOne = (k + SIDE - 1) / SIDE;
        int end = allSteps;
        if ((part + 1) * steps < allSteps) {
            end = (part + 1) * steps;
        }
        for (int step = part * steps; step < end; step++) {
            int product = step / stepsOfOne;
            int first = (step - product * stepsOfOne) * SIDE;
            int aAt = ints[row + TilesRow.A] + product * ints[row + TilesRow.A_NEXT] + first * aColumn + aFirst;
            int bAt = ints[row + TilesRow.B] + product * ints[row + TilesRow.B_NEXT] + first * bRow + bFirst;
            int aStepsLeft = k - first - aq;
            for (int l = 0; l < rows; l++) {
                float value = 0f;
                if (l * arNext < aRowsLeft && l * aqNext < aStepsLeft) {
                    value = f[aAt];
                }
                aAt += aApart;
                aTile[aq * aStride + ar + l * (aqNext * aStride + arNext)] = value;
            }
            int bStepsLeft = k - first - bq;
            for (int l = 0; l < columns; l++) {
                float value = 0f;
                if (l * bqNext < bStepsLeft && l * brNext < bColumnsLeft) {
                    value = f[bAt];
                }
                bAt += bApart;
                bTile[bq * bStride + br + l * (bqNext * bStride + brNext)] = value;
            }
            context.localBarrier();
            for (int q = 0; q < SIDE; q++) {
                for (int j = 0; j < columns; j++) {
                    bs[j] = bTile[q * bStride + x + j * SIDE];
                }
                for (int i = 0; i < rows; i++) {
                    float value = aTile[q * aStride + y + i * SIDE];
                    for (int j = 0; j < columns; j++) {
                        sums[i * columns + j] += value * bs[j];
                    }
                }
            }
            context.localBarrier();
        }
        int cAt = ints[row + TilesRow.C] + part * m * n + (tileRow + y) * n + tileColumn + x;
        int rowsLeft = m - tileRow - y;
        int columnsLeft = n - tileColumn - x;
        for (int i = 0; i < rows; i++) {
            // The test and the place of a row stand here, since the compiler unrolls what is inside only while it is
            // small; and unless it unrolls all, the sums have no fixed places, and no registers.
            if (i * SIDE < rowsLeft) {
                int to = cAt + i * SIDE * n;
                for (int j = 0; j < columns; j++) {
                    if (j * SIDE < columnsLeft) {
                        float sum = sums[i * columns + j];
                        if (add == 1) {
                            sum += f[to + j * SIDE];
                        }
                        f[to + j * SIDE] = sum;
                    }
                }
            }
        }
    }

    /** How a product is cut for a device that runs some work-groups at a time. */
    private record Cut(int rows, int columns, int parts, int stepsOfPart) {

        static Cut of(MatMul op, int units) {
            int rows = perThread(op.m());
            int columns = perThread(op.n());
            int all = allSteps(op);
            int most = op.c().rank() == 3 ? op.batch() : Math.clamp(all / LEAST_STEPS, 1, MOST_PARTS);
            // More parts before smaller tiles, which do less for what they read; smaller tiles before idle units.
            while (rows * columns > 16 && groups(op, rows, columns) * most < units) {
                if (rows >= columns) {
                    rows /= 2;
                } else {
                    columns /= 2;
                }
            }
            if (op.c().rank() == 3) {
                return new Cut(rows, columns, op.batch(), all / op.batch());
            }
            int wanted = (int) Math.ceilDiv(2L * units, groups(op, rows, columns));
            int parts = Math.clamp(wanted, 1, most);
            int steps = Math.ceilDiv(all, parts);
            return new Cut(rows, columns, Math.ceilDiv(all, steps), steps);
        }

        private static int perThread(int size) {
            int wanted = Integer.highestOneBit(Math.max(1, 2 * Math.ceilDiv(size, SIDE) - 1));
            return Math.min(MOST_PER_THREAD, wanted);
        }

        private static long groups(MatMul op, int rows, int columns) {
            return (long) Math.ceilDiv(op.m(), SIDE * rows) * Math.ceilDiv(op.n(), SIDE * columns);
        }

        boolean isSplit(MatMul op) {
            return op.c().rank() == 2 && parts > 1;
        }
    }

    /** Steps of k over all products of a batch. */
    private static int allSteps(MatMul op) {
        return Math.multiplyExact(op.batch(), Math.ceilDiv(op.k(), SIDE));
    }

    /** @param units how many work-groups run at a time, roughly */
    static Recipe of(MatMul op, int units) {
        var cut = Cut.of(op, units);
        if (!cut.isSplit(op)) {
            return Recipe.of(tiles(op, cut, op.c(), op.accumulate()));
        }
        return Recipe.withScratch(Math.multiplyExact(cut.parts, op.c().size()), parts -> List.of(
                tiles(op, cut, parts, false), PartSums.of("matmul parts", parts, op.c(), op.accumulate())));
    }

    private static Launch tiles(MatMul op, Cut cut, Tensor c, boolean add) {
        var threads = new Threads(
                Math.ceilDiv(op.n(), SIDE * cut.columns), Math.ceilDiv(op.m(), SIDE * cut.rows), cut.parts, SIDE, SIDE);
        return Launch.of("matmul", TilesRow.END)
                .operand(TilesRow.A, op.a())
                .operand(TilesRow.B, op.b())
                .operand(TilesRow.C, c)
                .size(TilesRow.M, op.m())
                .size(TilesRow.N, op.n())
                .size(TilesRow.K, op.k())
                .size(TilesRow.A_ROW, op.transposeA() ? 1 : op.k())
                .size(TilesRow.A_COLUMN, op.transposeA() ? op.m() : 1)
                .size(TilesRow.A_NEXT, op.a().rank() == 3 ? op.m() * op.k() : 0)
                .size(TilesRow.B_ROW, op.transposeB() ? 1 : op.n())
                .size(TilesRow.B_COLUMN, op.transposeB() ? op.k() : 1)
                .size(TilesRow.B_NEXT, op.b().rank() == 3 ? op.k() * op.n() : 0)
                .size(TilesRow.STEPS, cut.stepsOfPart)
                .size(TilesRow.ALL_STEPS, allSteps(op))
                .on(threads, caller -> caller.groups(
                        MatMulTiles::tiles, cut.rows, cut.columns, op.transposeA() ? 1 : 0, op.transposeB() ? 1 : 0,
                        add ? 1 : 0));
    }
}
