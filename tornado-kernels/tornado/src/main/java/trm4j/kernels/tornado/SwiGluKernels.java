package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.op.SwiGlu;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

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

    /** For processors, and rows of whole vectors. Each thread computes 16 elements of the product. */
    static void forwardVectors(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int n = ints[row + 2];
        int inner = ints[row + 3];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int first = i * Lanes.COUNT;
            int gatePlace = ints[row] + first + first / inner * inner;
            Float16 gate = Lanes.load(f, gatePlace);
            Float16 silu = Float16.mult(gate, Lanes.sigmoid(gate));
            Lanes.store(f, ints[row + 1] + first, Float16.mult(silu, Lanes.load(f, gatePlace + inner)));
        }
    }

    /** For processors, and rows of whole vectors. Each thread computes 16 elements, as in {@link #backward}. */
    static void backwardVectors(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int n = ints[row + 4];
        int inner = ints[row + 5];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int first = i * Lanes.COUNT;
            int gatePlace = first + first / inner * inner;
            Float16 gate = Lanes.load(f, ints[row] + gatePlace);
            Float16 up = Lanes.load(f, ints[row] + gatePlace + inner);
            Float16 d = Lanes.load(f, ints[row + 1] + first);
            Float16 sigmoid = Lanes.sigmoid(gate);
            Float16 silu = Float16.mult(gate, sigmoid);
            Lanes.store(f, ints[row + 2] + first, Float16.mult(silu, up));
            Float16 slope = Float16.add(sigmoid, Float16.mult(silu, Float16.sub(Lanes.all(1f), sigmoid)));
            Lanes.store(f, ints[row + 3] + gatePlace, Float16.mult(Float16.mult(d, up), slope));
            Lanes.store(f, ints[row + 3] + gatePlace + inner, Float16.mult(d, silu));
        }
    }

    /** Whether 16 elements are always of one row. */
    static boolean isOfVectors(int inner) {
        return inner % Lanes.COUNT == 0;
    }

    static Launch forward(SwiGlu.Forward op, Traits device) {
        int inner = op.gateUp().dim(2);
        boolean vectors = !device.gpu() && isOfVectors(inner);
        int[] sizes = {op.out().size() / (vectors ? Lanes.COUNT : 1), inner};
        return Launch.elementwise("swiGlu", List.of(op.gateUp(), op.out()), sizes, (graph, id, on) -> {
            if (vectors) {
                graph.task(id, SwiGluKernels::forwardVectors, on.ints(), on.at(), on.floats());
            } else {
                graph.task(id, SwiGluKernels::forward, on.ints(), on.at(), on.floats());
            }
        });
    }

    static Launch backward(SwiGlu.Backward op, Traits device) {
        int inner = op.gateUp().dim(2);
        boolean vectors = !device.gpu() && isOfVectors(inner);
        int[] sizes = {op.out().size() / (vectors ? Lanes.COUNT : 1), inner};
        var operands = List.of(op.gateUp(), op.dOut(), op.out(), op.dGateUp());
        return Launch.elementwise("swiGlu backward", operands, sizes, (graph, id, on) -> {
            if (vectors) {
                graph.task(id, SwiGluKernels::backwardVectors, on.ints(), on.at(), on.floats());
            } else {
                graph.task(id, SwiGluKernels::backward, on.ints(), on.at(), on.floats());
            }
        });
    }
}
