package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.SwiGlu;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** silu(gate) * up, and back. */
final class SwiGluKernels {

    private SwiGluKernels() {}

    /** Each thread computes one element of the product. */
    static void forward(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int gateUpAt = ints[row];
        int outAt = ints[row + 1];
        int n = ints[row + 2];
        int inner = ints[row + 3];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int gatePlace = gateUpAt + i + i / inner * inner;
            float gate = f[gatePlace];
            f[outAt + i] = gate / (1f + TornadoMath.exp(-gate)) * f[gatePlace + inner];
        }
    }

    /** Each thread computes one element of the product, and the gradients by its gate and its up. */
    static void backward(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int gateUpAt = ints[row];
        int dOutAt = ints[row + 1];
        int outAt = ints[row + 2];
        int dGateUpAt = ints[row + 3];
        int n = ints[row + 4];
        int inner = ints[row + 5];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int gatePlace = i + i / inner * inner;
            float gate = f[gateUpAt + gatePlace];
            float up = f[gateUpAt + gatePlace + inner];
            float d = f[dOutAt + i];
            float sigmoid = 1f / (1f + TornadoMath.exp(-gate));
            float silu = gate * sigmoid;
            f[outAt + i] = silu * up;
            f[dGateUpAt + gatePlace] = d * up * (sigmoid + silu * (1f - sigmoid));
            f[dGateUpAt + gatePlace + inner] = d * silu;
        }
    }

    static Launch forward(SwiGlu.Forward op) {
        int[] sizes = {op.out().size(), op.gateUp().dim(2)};
        return Launch.elementwise("swiGlu", List.of(op.gateUp(), op.out()), sizes, (graph, id, on) ->
                graph.task(id, SwiGluKernels::forward, on.ints(), on.at(), on.floats()));
    }

    static Launch backward(SwiGlu.Backward op) {
        int[] sizes = {op.out().size(), op.gateUp().dim(2)};
        var operands = List.of(op.gateUp(), op.dOut(), op.out(), op.dGateUp());
        return Launch.elementwise("swiGlu backward", operands, sizes, (graph, id, on) -> graph.task(
                id, SwiGluKernels::backward, on.ints(), on.at(), on.floats()));
    }
}
