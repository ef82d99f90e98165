package trm4j.kernels.tornado;

import trm4j.kernels.Tensor;
import trm4j.kernels.op.SwiGlu;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.vectors.Float16;

/** silu(gate) * up, and back. */
final class SwiGluKernels {

    private SwiGluKernels() {}

    /** Columns of forward and forwardVectors. */
    private static final class ForwardRow {
        static final int GATE_UP = 0, OUT = 1, N = 2, INNER = 3, END = 4;
    }

    /** Each thread computes one element of the product. */
    static void forward(int[] ints, int at, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int gateUpAt = ints[row + ForwardRow.GATE_UP];
        int outAt = ints[row + ForwardRow.OUT];
        int n = ints[row + ForwardRow.N];
        int inner = ints[row + ForwardRow.INNER];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int gatePlace = gateUpAt + i + i / inner * inner;
            float gate = f[gatePlace];
            f[outAt + i] = Rounding.of(gate / (1f + TornadoMath.exp(-gate)), rounds) * f[gatePlace + inner];
        }
    }

    /** Columns of backward and backwardVectors. */
    private static final class BackwardRow {
        static final int GATE_UP = 0, D_OUT = 1, OUT = 2, D_GATE_UP = 3, N = 4, INNER = 5, END = 6;
    }

    /** Each thread computes one element of the product, and the gradients with respect to its gate and its up. */
    static void backward(int[] ints, int at, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int gateUpAt = ints[row + BackwardRow.GATE_UP];
        int dOutAt = ints[row + BackwardRow.D_OUT];
        int outAt = ints[row + BackwardRow.OUT];
        int dGateUpAt = ints[row + BackwardRow.D_GATE_UP];
        int n = ints[row + BackwardRow.N];
        int inner = ints[row + BackwardRow.INNER];
        for (@Parallel int i = 0; i < n; i++) {
            CallTable.count(ints, i);
            int gatePlace = i + i / inner * inner;
            float gate = f[gateUpAt + gatePlace];
            float up = f[gateUpAt + gatePlace + inner];
            float d = f[dOutAt + i];
            float sigmoid = 1f / (1f + TornadoMath.exp(-gate));
            float silu = gate * sigmoid;
            float rounded = Rounding.of(silu, rounds);
            f[outAt + i] = rounded * up;
            f[dGateUpAt + gatePlace] = Rounding.of(d * up, rounds) * (sigmoid + silu * (1f - sigmoid));
            f[dGateUpAt + gatePlace + inner] = d * rounded;
        }
    }

    /** For processors, and rows of whole vectors. Each thread computes some vectors of 16 elements of the product. */
    static void forwardVectors(int[] ints, int at, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + ForwardRow.N];
        int inner = ints[row + ForwardRow.INNER];
        int threads = (n + Lanes.SHARE - 1) / Lanes.SHARE;
        for (@Parallel int t = 0; t < threads; t++) {
            CallTable.count(ints, t);
            for (int i = t * Lanes.SHARE; i < Math.min((t + 1) * Lanes.SHARE, n); i++) {
                int first = i * Lanes.COUNT;
                int gatePlace = ints[row + ForwardRow.GATE_UP] + first + first / inner * inner;
                Float16 gate = Lanes.load(f, gatePlace);
                Float16 silu = Rounding.of(Float16.mult(gate, Lanes.sigmoid(gate)), rounds);
                Float16 up = Lanes.load(f, gatePlace + inner);
                Lanes.store(f, ints[row + ForwardRow.OUT] + first, Float16.mult(silu, up));
            }
        }
    }

    /** For processors, and rows of whole vectors. Each thread computes some vectors, as in {@link #backward}. */
    static void backwardVectors(int[] ints, int at, int rounds, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int n = ints[row + BackwardRow.N];
        int inner = ints[row + BackwardRow.INNER];
        int threads = (n + Lanes.SHARE - 1) / Lanes.SHARE;
        for (@Parallel int t = 0; t < threads; t++) {
            CallTable.count(ints, t);
            for (int i = t * Lanes.SHARE; i < Math.min((t + 1) * Lanes.SHARE, n); i++) {
                int first = i * Lanes.COUNT;
                int gatePlace = first + first / inner * inner;
                Float16 gate = Lanes.load(f, ints[row + BackwardRow.GATE_UP] + gatePlace);
                Float16 up = Lanes.load(f, ints[row + BackwardRow.GATE_UP] + gatePlace + inner);
                Float16 d = Lanes.load(f, ints[row + BackwardRow.D_OUT] + first);
                Float16 sigmoid = Lanes.sigmoid(gate);
                Float16 silu = Float16.mult(gate, sigmoid);
                Float16 rounded = Rounding.of(silu, rounds);
                Lanes.store(f, ints[row + BackwardRow.OUT] + first, Float16.mult(rounded, up));
                Float16 slope = Float16.add(sigmoid, Float16.mult(silu, Float16.sub(Lanes.all(1f), sigmoid)));
                Float16 dSilu = Rounding.of(Float16.mult(d, up), rounds);
                Lanes.store(f, ints[row + BackwardRow.D_GATE_UP] + gatePlace, Float16.mult(dSilu, slope));
                Lanes.store(f, ints[row + BackwardRow.D_GATE_UP] + gatePlace + inner, Float16.mult(d, rounded));
            }
        }
    }

    /** Whether the rows of a gate and its up, side by side, are of whole vectors. */
    static boolean isOfVectors(Tensor gateUp) {
        return gateUp.dim(2) % Lanes.COUNT == 0;
    }

    static Recipe forward(SwiGlu.Forward op, int rounds) {
        int n = op.out().size();
        return forward(op, n, Threads.of(n), caller -> caller.loop(SwiGluKernels::forward, rounds));
    }

    static Recipe forwardVectors(SwiGlu.Forward op, int rounds) {
        int n = op.out().size() / Lanes.COUNT;
        return forward(op, n, Threads.shares(n), caller -> caller.loop(SwiGluKernels::forwardVectors, rounds));
    }

    private static Recipe forward(SwiGlu.Forward op, int n, Threads threads, Launch.Call call) {
        return Recipe.of(Launch.of("swiGlu", ForwardRow.END)
                .operand(ForwardRow.GATE_UP, op.gateUp())
                .operand(ForwardRow.OUT, op.out())
                .size(ForwardRow.N, n)
                .size(ForwardRow.INNER, op.gateUp().dim(2))
                .on(threads, call));
    }

    static Recipe backward(SwiGlu.Backward op, int rounds) {
        int n = op.out().size();
        return backward(op, n, Threads.of(n), caller -> caller.loop(SwiGluKernels::backward, rounds));
    }

    static Recipe backwardVectors(SwiGlu.Backward op, int rounds) {
        int n = op.out().size() / Lanes.COUNT;
        return backward(op, n, Threads.shares(n), caller -> caller.loop(SwiGluKernels::backwardVectors, rounds));
    }

    private static Recipe backward(SwiGlu.Backward op, int n, Threads threads, Launch.Call call) {
        return Recipe.of(Launch.of("swiGlu backward", BackwardRow.END)
                .operand(BackwardRow.GATE_UP, op.gateUp())
                .operand(BackwardRow.D_OUT, op.dOut())
                .operand(BackwardRow.OUT, op.out())
                .operand(BackwardRow.D_GATE_UP, op.dGateUp())
                .size(BackwardRow.N, n)
                .size(BackwardRow.INNER, op.gateUp().dim(2))
                .on(threads, call));
    }
}
