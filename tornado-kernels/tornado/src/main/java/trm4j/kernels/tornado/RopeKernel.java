package trm4j.kernels.tornado;

import trm4j.kernels.Buffer;
import trm4j.kernels.op.Rope;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Rotary positions, from tables of cosines and sines that the host computes in double precision. */
final class RopeKernel {

    // The columns of a row.
    private static final int X = 0, TABLE = 1, N = 2, POSITIONS = 3, HEADS = 4, ROTATED = 5, HALF = 6,
            END = 7;

    private RopeKernel() {}

    /** Each thread turns one pair of elements. */
    static void turn(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int xAt = ints[row + X];
        int tableAt = ints[row + TABLE];
        int n = ints[row + N];
        int positions = ints[row + POSITIONS];
        int heads = ints[row + HEADS];
        int rotated = ints[row + ROTATED];
        int half = ints[row + HALF];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int turned = i / half;
            int c = i - turned * half;
            int position = turned / rotated;
            int head = turned - position * rotated;
            int angle = tableAt + 2 * (position % positions * half + c);
            float cos = f[angle];
            float sin = f[angle + 1];
            int low = xAt + (position * heads + head) * 2 * half + c;
            float a = f[low];
            float b = f[low + half];
            f[low] = a * cos - b * sin;
            f[low + half] = b * cos + a * sin;
        }
    }

    /** Cosine and sine by position and pair, [positions, size/2, 2]. */
    private static float[] table(Rope op) {
        int positions = op.x().dim(1);
        int half = op.x().dim(3) / 2;
        var table = new float[positions * half * 2];
        for (int c = 0; c < half; c++) {
            float frequency = (float) (1 / Math.pow(op.theta(), (double) c / half));
            for (int t = 0; t < positions; t++) {
                float angle = t * frequency;
                table[2 * (t * half + c)] = (float) Math.cos(angle);
                table[2 * (t * half + c) + 1] = (float) (op.inverse() ? -Math.sin(angle) : Math.sin(angle));
            }
        }
        return table;
    }

    static Recipe of(Rope op) {
        if (op.rotated() == 0) {
            return Recipe.of();
        }
        int half = op.x().dim(3) / 2;
        int n = op.x().dim(0) * op.x().dim(1) * op.rotated() * half;
        var table = Buffer.floats("rope table", op.x().dim(1), half, 2);
        var turn = Launch.of("rope", END)
                .operand(X, op.x())
                .operand(TABLE, table.all())
                .size(N, n)
                .size(POSITIONS, op.x().dim(1))
                .size(HEADS, op.x().dim(2))
                .size(ROTATED, op.rotated())
                .size(HALF, half)
                .on(Threads.of(n), caller -> caller.loop(RopeKernel::turn));
        return Recipe.withConstant(table, table(op), turn);
    }
}
