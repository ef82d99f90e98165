package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Rope;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Rotary positions, from tables of cosines and sines that the host computes in double precision. */
final class RopeKernel {

    private RopeKernel() {}

    /** Each thread turns one pair of elements. */
    static void turn(int[] calls, int at, float[] x, float[] table) {
        int row = calls[Calls.ROW] + at;
        int xAt = calls[row];
        int tableAt = calls[row + 1];
        int n = calls[row + 2];
        int positions = calls[row + 3];
        int heads = calls[row + 4];
        int rotated = calls[row + 5];
        int half = calls[row + 6];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            int turned = i / half;
            int c = i - turned * half;
            int position = turned / rotated;
            int head = turned - position * rotated;
            int angle = tableAt + 2 * (position % positions * half + c);
            float cos = table[angle];
            float sin = table[angle + 1];
            int low = xAt + (position * heads + head) * 2 * half + c;
            float a = x[low];
            float b = x[low + half];
            x[low] = a * cos - b * sin;
            x[low + half] = b * cos + a * sin;
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
                graph.task(id, RopeKernel::turn, on.calls(), on.at(), on.floats(0), on.floats(1)));
    }
}
