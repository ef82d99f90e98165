package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import trm4j.kernels.op.SwiGlu;

/** The gated product: each part computes some elements of out, going forward, and of all gradients, going back. */
final class SwiGluKernels {

    private SwiGluKernels() {}

    static Kernel forward(SwiGlu.Forward op, Memory memory, Team team) {
        var gateUp = memory.view(op.gateUp());
        var out = memory.view(op.out());
        int inner = op.gateUp().dim(2);
        return new Elementwise(team, op.gateUp().dim(0), inner, (values, row, column, length) -> {
            int gate = gateUp.at(values) + 2 * row * inner + column;
            gated(
                    gateUp.floats(), gate, gate + inner, out.floats(), out.at(values) + row * inner + column, length);
        });
    }

    private static void gated(float[] in, int gate, int up, float[] out, int at, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var g = FloatVector.fromArray(SPECIES, in, gate + i);
            g.mul(VectorMath.sigmoid(g)).mul(FloatVector.fromArray(SPECIES, in, up + i)).intoArray(out, at + i);
        }
        for (; i < n; i++) {
            float g = in[gate + i];
            out[at + i] = g * VectorMath.sigmoid(g) * in[up + i];
        }
    }

    static Kernel backward(SwiGlu.Backward op, Memory memory, Team team) {
        var gateUp = memory.view(op.gateUp());
        var dOut = memory.view(op.dOut());
        var out = memory.view(op.out());
        var dGateUp = memory.view(op.dGateUp());
        int inner = op.gateUp().dim(2);
        return new Elementwise(team, op.gateUp().dim(0), inner, (values, row, column, length) -> {
            int pair = 2 * row * inner + column;
            int at = row * inner + column;
            gradient(
                    gateUp.floats(), gateUp.at(values) + pair, inner, dOut.floats(), dOut.at(values) + at, out.floats(),
                    out.at(values) + at, dGateUp.floats(), dGateUp.at(values) + pair, length);
        });
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
