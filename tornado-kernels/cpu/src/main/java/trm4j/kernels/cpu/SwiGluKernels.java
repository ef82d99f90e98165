package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import trm4j.kernels.Bfloat16;
import trm4j.kernels.op.SwiGlu;

/** The gated product: each part computes some elements of out, going forward, and of all gradients, going back. */
final class SwiGluKernels {

    private SwiGluKernels() {}

    static Kernel forward(SwiGlu.Forward op, Memory memory, Team team, Spaces spaces) {
        var gateUp = memory.view(op.gateUp());
        var out = memory.view(op.out());
        int inner = op.gateUp().dim(2);
        int outer = op.gateUp().dim(0);
        return new Elementwise(team, outer, inner, spaces.part(op), (values, row, column, length, worker) -> {
            int gate = gateUp.at(values) + 2 * row * inner + column;
            int at = out.at(values) + row * inner + column;
            if (out.rounds()) {
                var space = spaces.of(worker);
                var silu = gateUp.read(gate, length, space[0]);
                silu(silu, silu, length);
                multiply(silu, gateUp.read(gate + inner, length, space[1]), silu, length);
                out.write(silu, at, length);
            } else {
                gated(gateUp.floats(), gate, gateUp.floats(), gate + inner, out.floats(), at, length);
            }
        });
    }

    /** out = silu(gates) * ups. */
    static void gated(float[] gates, int gate, float[] ups, int up, float[] out, int at, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var g = FloatVector.fromArray(SPECIES, gates, gate + i);
            g.mul(VectorMath.sigmoid(g)).mul(FloatVector.fromArray(SPECIES, ups, up + i)).intoArray(out, at + i);
        }
        for (; i < n; i++) {
            float g = gates[gate + i];
            out[at + i] = g * VectorMath.sigmoid(g) * ups[up + i];
        }
    }

    static Kernel backward(SwiGlu.Backward op, Memory memory, Team team, Spaces spaces) {
        var gateUp = memory.view(op.gateUp());
        var dOut = memory.view(op.dOut());
        var out = memory.view(op.out());
        var dGateUp = memory.view(op.dGateUp());
        int inner = op.gateUp().dim(2);
        int outer = op.gateUp().dim(0);
        return new Elementwise(team, outer, inner, spaces.part(op), (values, row, column, length, worker) -> {
            int pair = 2 * row * inner + column;
            int gate = gateUp.at(values) + pair;
            int dGate = dGateUp.at(values) + pair;
            int dOutAt = dOut.at(values) + row * inner + column;
            int outAt = out.at(values) + row * inner + column;
            if (out.rounds()) {
                var space = spaces.of(worker);
                var g = gateUp.read(gate, length, space[0]);
                var u = gateUp.read(gate + inner, length, space[1]);
                var d = dOut.read(dOutAt, length, space[2]);
                var silu = space[3];
                silu(g, silu, length);
                multiply(silu, u, space[4], length);
                out.write(space[4], outAt, length);
                multiply(d, silu, silu, length);
                dGateUp.write(silu, dGate + inner, length);
                multiply(d, u, d, length);
                Halves.round(d, 0, length);
                multiplyBySlope(d, g, length);
                dGateUp.write(d, dGate, length);
            } else {
                gradient(
                        gateUp.floats(), gate, inner, dOut.floats(), dOutAt, out.floats(), outAt, dGateUp.floats(),
                        dGate, length);
            }
        });
    }

    /** out = silu(in), rounded. */
    private static void silu(float[] in, float[] out, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var g = FloatVector.fromArray(SPECIES, in, i);
            Halves.round(g.mul(VectorMath.sigmoid(g))).intoArray(out, i);
        }
        for (; i < n; i++) {
            out[i] = Bfloat16.round(in[i] * VectorMath.sigmoid(in[i]));
        }
    }

    private static void multiply(float[] a, float[] b, float[] out, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, a, i).mul(FloatVector.fromArray(SPECIES, b, i)).intoArray(out, i);
        }
        for (; i < n; i++) {
            out[i] = a[i] * b[i];
        }
    }

    /** d *= silu'(gate), which is sigmoid + silu (1 - sigmoid). */
    private static void multiplyBySlope(float[] d, float[] gate, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var g = FloatVector.fromArray(SPECIES, gate, i);
            var sigmoid = VectorMath.sigmoid(g);
            var slope = VectorMath.fma(g.mul(sigmoid), sigmoid.broadcast(1f).sub(sigmoid), sigmoid);
            FloatVector.fromArray(SPECIES, d, i).mul(slope).intoArray(d, i);
        }
        for (; i < n; i++) {
            float sigmoid = VectorMath.sigmoid(gate[i]);
            d[i] *= VectorMath.fma(gate[i] * sigmoid, 1f - sigmoid, sigmoid);
        }
    }

    /** Ups are {@code up} elements behind their gates. */
    private static void gradient(
            float[] in, int gate, int up, float[] dOut, int dOutAt, float[] out, int outAt, float[] dIn, int dGate,
            int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var g = FloatVector.fromArray(SPECIES, in, gate + i);
            var u = FloatVector.fromArray(SPECIES, in, gate + up + i);
            var d = FloatVector.fromArray(SPECIES, dOut, dOutAt + i);
            var sigmoid = VectorMath.sigmoid(g);
            var silu = g.mul(sigmoid);
            silu.mul(u).intoArray(out, outAt + i);
            // silu' = sigmoid + silu (1 - sigmoid)
            var slope = VectorMath.fma(silu, sigmoid.broadcast(1f).sub(sigmoid), sigmoid);
            d.mul(u).mul(slope).intoArray(dIn, dGate + i);
            d.mul(silu).intoArray(dIn, dGate + up + i);
        }
        for (; i < n; i++) {
            float g = in[gate + i];
            float u = in[gate + up + i];
            float d = dOut[dOutAt + i];
            float sigmoid = VectorMath.sigmoid(g);
            float silu = g * sigmoid;
            out[outAt + i] = silu * u;
            dIn[dGate + i] = d * u * VectorMath.fma(silu, 1f - sigmoid, sigmoid);
            dIn[dGate + up + i] = d * silu;
        }
    }
}
