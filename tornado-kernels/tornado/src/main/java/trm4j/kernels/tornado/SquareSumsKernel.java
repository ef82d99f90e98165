package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.SquareSums;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Sums of squares. */
final class SquareSumsKernel {

    private SquareSumsKernel() {}

    /** Each thread does one sum. */
    static void squareSums(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int xAt = ints[row];
        int sumsAt = ints[row + 1];
        int sums = ints[row + 2];
        int n = ints[row + 3];
        for (@Parallel int i = 0; i < sums; i++) {
            Calls.count(ints, i);
            float sum = 0;
            for (int j = i; j < n; j += sums) {
                float x = f[xAt + j];
                sum += x * x;
            }
            f[sumsAt + i] = sum;
        }
    }

    static Launch of(SquareSums op) {
        int[] sizes = {op.sums().size(), op.x().size()};
        return Launch.elementwise("squareSums", List.of(op.x(), op.sums()), sizes, (graph, id, on) -> graph.task(
                id, SquareSumsKernel::squareSums, on.ints(), on.at(), on.floats()));
    }
}
