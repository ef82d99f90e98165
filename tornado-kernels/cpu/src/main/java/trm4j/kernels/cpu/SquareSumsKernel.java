package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import trm4j.kernels.op.SquareSums;

/** Sums of squares. */
final class SquareSumsKernel {

    private static final int SUMS = 256;

    private SquareSumsKernel() {}

    /** Each part does some of the sums. */
    static Kernel of(SquareSums op, Memory memory, Team team) {
        var x = memory.view(op.x());
        var sums = memory.view(op.sums());
        int n = op.x().size();
        int stride = op.sums().size();
        return new Parallel(team, Math.ceilDiv(stride, SUMS), (values, part, worker) -> {
            int first = part * SUMS;
            int count = Math.min(SUMS, stride - first);
            var total = sums.floats();
            int to = sums.at(values) + first;
            Arrays.fill(total, to, to + count, 0f);
            for (int from = first; from < n; from += stride) {
                add(x.floats(), x.at(values) + from, total, to, Math.min(count, n - from));
            }
        });
    }

    private static void add(float[] x, int at, float[] sums, int to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var v = FloatVector.fromArray(SPECIES, x, at + i);
            VectorMath.fma(v, v, FloatVector.fromArray(SPECIES, sums, to + i)).intoArray(sums, to + i);
        }
        for (; i < n; i++) {
            sums[to + i] = VectorMath.fma(x[at + i], x[at + i], sums[to + i]);
        }
    }
}
