package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.FmaChain;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Chains of multiply-adds in registers. */
final class FmaChainKernel {

    /** Elements of a thread: a GPU hides a chain's latency by threads, a processor by vectors. */
    private static final int GPU_CHAINS = 16;
    static final int CPU_CHAINS = 64;

    private FmaChainKernel() {}

    /** x = factor * x + term, length times. Each thread computes some elements, one of them in each of equal parts. */
    static void chain(int[] ints, int at, float factor, float term, int chains, float[] f) {
        int row = ints[Calls.ROW] + at;
        int xAt = ints[row];
        int n = ints[row + 1];
        int size = ints[row + 2];
        int length = ints[row + 3];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            float[] x = new float[chains];
            for (int j = 0; j < chains; j++) {
                x[j] = 0f;
                if (i + j * n < size) {
                    x[j] = f[xAt + i + j * n];
                }
            }
            for (int l = 0; l < length; l++) {
                for (int j = 0; j < chains; j++) {
                    x[j] = factor * x[j] + term;
                }
            }
            for (int j = 0; j < chains; j++) {
                if (i + j * n < size) {
                    f[xAt + i + j * n] = x[j];
                }
            }
        }
    }

    static Launch of(FmaChain op, Traits device) {
        int chains = device.gpu() ? GPU_CHAINS : CPU_CHAINS;
        int[] sizes = {Math.ceilDiv(op.x().size(), chains), op.x().size(), op.length()};
        return Launch.elementwise("fmaChain", List.of(op.x()), sizes, (graph, id, on) -> graph.task(
                id, FmaChainKernel::chain, on.ints(), on.at(), op.factor(), op.term(), chains, on.floats()));
    }
}
