package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.SwiGlu;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** silu(gate) * up, and back. */
final class SwiGluKernels {

    private SwiGluKernels() {}

    /** Each thread computes one element of the product. */
    static void forward(int[] calls, int at, float[] gateUp, float[] out) {
        int row = calls[Calls.ROW] + at;
        int gateUpAt = calls[row];
        int outAt = calls[row + 1];
        int n = calls[row + 2];
        int inner = calls[row + 3];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            int gatePlace = gateUpAt + i + i / inner * inner;
            float gate = gateUp[gatePlace];
            out[outAt + i] = gate / (1f + TornadoMath.exp(-gate)) * gateUp[gatePlace + inner];
        }
    }

    /** Each thread computes one element of the product, and the gradients by its gate and its up. */
    static void backward(int[] calls, int at, float[] gateUp, float[] dOut, float[] out, float[] dGateUp) {
        int row = calls[Calls.ROW] + at;
        int gateUpAt = calls[row];
        int dOutAt = calls[row + 1];
        int outAt = calls[row + 2];
        int dGateUpAt = calls[row + 3];
        int n = calls[row + 4];
        int inner = calls[row + 5];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(calls, i);
            int gatePlace = i + i / inner * inner;
            float gate = gateUp[gateUpAt + gatePlace];
            float up = gateUp[gateUpAt + gatePlace + inner];
            float d = dOut[dOutAt + i];
            float sigmoid = 1f / (1f + TornadoMath.exp(-gate));
            float silu = gate * sigmoid;
            out[outAt + i] = silu * up;
            dGateUp[dGateUpAt + gatePlace] = d * up * (sigmoid + silu * (1f - sigmoid));
            dGateUp[dGateUpAt + gatePlace + inner] = d * silu;
        }
    }

    static Launch forward(SwiGlu.Forward op) {
        int[] sizes = {op.out().size(), op.gateUp().dim(2)};
        return Launch.elementwise("swiGlu", List.of(op.gateUp(), op.out()), sizes, (graph, id, on) ->
                graph.task(id, SwiGluKernels::forward, on.calls(), on.at(), on.floats(0), on.floats(1)));
    }

    static Launch backward(SwiGlu.Backward op) {
        int[] sizes = {op.out().size(), op.gateUp().dim(2)};
        var operands = List.of(op.gateUp(), op.dOut(), op.out(), op.dGateUp());
        return Launch.elementwise("swiGlu backward", operands, sizes, (graph, id, on) -> graph.task(
                id, SwiGluKernels::backward, on.calls(), on.at(), on.floats(0), on.floats(1), on.floats(2),
                on.floats(3)));
    }
}
