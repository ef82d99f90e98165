package trm4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.MatMul;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Matrix products from tiles in local memory. A work-group of 16 x 16 threads computes a tile of c; each
 * thread holds some rows and columns of it in registers, and all go through k in steps of 16, for which
 * they bring a tile of a and one of b to local memory. Transposition is a matter of strides.
 *
 * <p>Where c has too few tiles to keep the device busy, its sums are split into parts that are added up
 * afterwards, in order.
 */
final class MatMulKernels {

    /** Threads of a work-group along each axis, and steps of k between two barriers. */
    private static final int SIDE = 16;

    private static final int MOST_PARTS = 64;
    private static final int LEAST_STEPS = 8;

    private MatMulKernels() {}

    /**
     * Each work-group computes a tile of c, over a part of the steps of k.
     *
     * @param rows of c that a thread computes
     * @param columns of c that a thread computes
     * @param spread 1 for rows and columns of a thread 16 apart (GPUs: no bank conflicts), 0 for neighbours
     *     (CPUs: vectors)
     * @param aDown 1 where a's neighbours in memory are in one column, not in one row
     * @param bDown likewise of b
     * @param add 1 to add to c, 0 to set it
     */
    static void tiles(
            KernelContext context, int[] ints, int at, int rows, int columns, int spread, int aDown, int bDown, int
            add, float[] f) {
        int row = ints[Calls.ROW] + at;
        int m = ints[row + 3];
        int n = ints[row + 4];
        int k = ints[row + 5];
        int aRow = ints[row + 6];
        int aColumn = ints[row + 7];
        int aNext = ints[row + 8];
        int bRow = ints[row + 9];
        int bColumn = ints[row + 10];
        int bNext = ints[row + 11];
        int steps = ints[row + 12];
        int allSteps = ints[row + 13];
        int x = context.localIdx;
        int y = context.localIdy;
        int part = context.groupIdz;
        int thread = y * SIDE + x;
        Calls.count(ints, thread + context.groupIdx + context.groupIdy + part);
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
        int firstRow = y * rows;
        int firstColumn = x * columns;
        int apart = 1;
        if (spread == 1) {
            firstRow = y;
            firstColumn = x;
            apart = SIDE;
        }
        int stepsOfOne = (k + SIDE - 1) / SIDE;
        int end = allSteps;
        if ((part + 1) * steps < allSteps) {
            end = (part + 1) * steps;
        }
        for (int step = part * steps; step < end; step++) {
            int product = step / stepsOfOne;
            int first = (step - product * stepsOfOne) * SIDE;
            int aAt = ints[row] + product * aNext;
            int bAt = ints[row + 1] + product * bNext;
            for (int l = 0; l < rows; l++) {
                int e = thread + l * SIDE * SIDE;
                int r = e / SIDE;
                int q = e % SIDE;
                if (aDown == 1) {
                    r = e % (SIDE * rows);
                    q = e / (SIDE * rows);
                }
                float value = 0f;
                if (tileRow + r < m && first + q < k) {
                    value = f[aAt + (tileRow + r) * aRow + (first + q) * aColumn];
                }
                aTile[q * aStride + r] = value;
            }
            for (int l = 0; l < columns; l++) {
                int e = thread + l * SIDE * SIDE;
                int q = e / (SIDE * columns);
                int r = e % (SIDE * columns);
                if (bDown == 1) {
                    q = e % SIDE;
                    r = e / SIDE;
                }
                float value = 0f;
                if (first + q < k && tileColumn + r < n) {
                    value = f[bAt + (first + q) * bRow + (tileColumn + r) * bColumn];
                }
                bTile[q * bStride + r] = value;
            }
            context.localBarrier();
            for (int q = 0; q < SIDE; q++) {
                for (int j = 0; j < columns; j++) {
                    bs[j] = bTile[q * bStride + firstColumn + j * apart];
                }
                for (int i = 0; i < rows; i++) {
                    float value = aTile[q * aStride + firstRow + i * apart];
                    for (int j = 0; j < columns; j++) {
                        sums[i * columns + j] += value * bs[j];
                    }
                }
            }
            context.localBarrier();
        }
        int cAt = ints[row + 2] + part * m * n;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int r = tileRow + firstRow + i * apart;
                int q = tileColumn + firstColumn + j * apart;
                if (r < m && q < n) {
                    float sum = sums[i * columns + j];
                    if (add == 1) {
                        sum += f[cAt + r * n + q];
                    }
                    f[cAt + r * n + q] = sum;
                }
            }
        }
    }

    /** c = keep * c + the sum of the parts, keep 0 or 1. Each thread computes one element. */
    static void sumParts(int[] ints, int at, int keep, float[] f) {
        int row = ints[Calls.ROW] + at;
        int partsAt = ints[row];
        int cAt = ints[row + 1];
        int n = ints[row + 2];
        int count = ints[row + 3];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            float sum = 0;
            for (int p = 0; p < count; p++) {
                sum += f[partsAt + p * n + i];
            }
            if (keep == 1) {
                sum += f[cAt + i];
            }
            f[cAt + i] = sum;
        }
    }

    /** How a product is cut for a device. */
    private record Cut(int rows, int columns, int parts, int stepsOfPart) {

        static Cut of(MatMul op, Traits device) {
            int most = device.gpu() ? 8 : 4;
            int rows = perThread(op.m(), most);
            int columns = perThread(op.n(), most);
            int outputs = op.c().rank() == 3 ? op.batch() : 1;
            // Smaller tiles before too few of them.
            while (rows * columns > 16 && groups(op, rows, columns) * outputs < device.units()) {
                if (rows >= columns) {
                    rows /= 2;
                } else {
                    columns /= 2;
                }
            }
            int all = allSteps(op);
            if (op.c().rank() == 3) {
                return new Cut(rows, columns, op.batch(), all / op.batch());
            }
            int wanted = device.gpu() ? (int) Math.ceilDiv(2L * device.units(), groups(op, rows, columns)) : 1;
            int parts = Math.clamp(wanted, 1, Math.clamp(all / LEAST_STEPS, 1, MOST_PARTS));
            int steps = Math.ceilDiv(all, parts);
            return new Cut(rows, columns, Math.ceilDiv(all, steps), steps);
        }

        private static int perThread(int size, int most) {
            int wanted = Integer.highestOneBit(Math.max(1, 2 * Math.ceilDiv(size, SIDE) - 1));
            return Math.min(most, wanted);
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

    /** Elements of scratch space that a product needs. */
    static int scratch(MatMul op, Traits device) {
        if (!device.gpu()) {
            return MatMulDots.fits(op) ? 0 : MatMulPanels.scratch(op);
        }
        var cut = Cut.of(op, device);
        return cut.isSplit(op) ? Math.multiplyExact(cut.parts, op.c().size()) : 0;
    }

    static List<Launch> of(MatMul op, Traits device, IntFunction<Tensor> scratch) {
        if (!device.gpu()) {
            return MatMulDots.fits(op) ? MatMulDots.of(op) : MatMulPanels.of(op, scratch);
        }
        var cut = Cut.of(op, device);
        var launches = new ArrayList<Launch>();
        if (!cut.isSplit(op)) {
            launches.add(tiles(op, cut, op.c(), op.accumulate(), device));
            return launches;
        }
        var parts = scratch.apply(cut.parts * op.c().size());
        launches.add(tiles(op, cut, parts, false, device));
        launches.add(Launch.elementwise(
                "matmul parts", List.of(parts, op.c()), new int[] {op.c().size(), cut.parts}, (graph, id, on) ->
                        graph.task(
                                id, MatMulKernels::sumParts, on.ints(), on.at(), op.accumulate() ? 1 : 0,
                                on.floats())));
        return launches;
    }

    private static Launch tiles(MatMul op, Cut cut, Tensor c, boolean add, Traits device) {
        int aRow = op.transposeA() ? 1 : op.k();
        int aColumn = op.transposeA() ? op.m() : 1;
        int bRow = op.transposeB() ? 1 : op.n();
        int bColumn = op.transposeB() ? op.k() : 1;
        int[] sizes = {
            op.m(), op.n(), op.k(),
            aRow, aColumn, op.a().rank() == 3 ? op.m() * op.k() : 0,
            bRow, bColumn, op.b().rank() == 3 ? op.k() * op.n() : 0,
            cut.stepsOfPart, allSteps(op)
        };
        var threads = new Threads(
                Math.ceilDiv(op.n(), SIDE * cut.columns), Math.ceilDiv(op.m(), SIDE * cut.rows), cut.parts, SIDE, SIDE);
        return new Launch("matmul", threads, List.of(op.a(), op.b(), c), sizes, (graph, id, on) -> graph.task(
                id, MatMulKernels::tiles, on.context(), on.ints(), on.at(), cut.rows, cut.columns,
                device.gpu() ? 1 : 0, op.transposeA() ? 1 : 0, op.transposeB() ? 1 : 0, add ? 1 : 0, on.floats()));
    }
}
