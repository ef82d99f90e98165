package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Rope;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Rotary positions, from tables of cosines and sines that the host computes in double precision. */
final class RopeKernel {

    private RopeKernel() {}

    /** Each thread turns one pair of elements. */
    static void turn(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int xAt = ints[row];
        int tableAt = ints[row + 1];
        int n = ints[row + 2];
        int positions = ints[row + 3];
        int heads = ints[row + 4];
        int rotated = ints[row + 5];
        int half = ints[row + 6];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
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
    static float[] table(Rope op) {
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

    static Launch of(Rope op, Tensor table) {
        int half = op.x().dim(3) / 2;
        int[] sizes = {
            op.x().dim(0) * op.x().dim(1) * op.rotated() * half, op.x().dim(1), op.x().dim(2), op.rotated(), half
        };
        return Launch.elementwise("rope", List.of(op.x(), table), sizes, (graph, id, on) ->
                graph.task(id, RopeKernel::turn, on.ints(), on.at(), on.floats()));
    }
}
