package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import trm4j.kernels.op.SwiGlu;

/** The gated product, element by element. */
final class SwiGluKernels {

    private SwiGluKernels() {}

    /** Each part computes some elements of out. */
    static final class Forward implements Kernel {

        private final int inner;
        private final View gateUp;
        private final View out;
        private final Segments segments;
        private int gateUpAt;
        private int outAt;

        Forward(SwiGlu.Forward op, Memory memory, Team team) {
            inner = op.gateUp().dim(2);
            gateUp = memory.view(op.gateUp());
            out = memory.view(op.out());
            segments = new Segments(team, op.gateUp().dim(0), inner, this::segment);
        }

        @Override
        public void run(int[] values) {
            gateUpAt = gateUp.at(values);
            outAt = out.at(values);
            segments.run();
        }

        private void segment(int row, int column, int length) {
            var in = gateUp.floats();
            var to = out.floats();
            int gate = gateUpAt + 2 * row * inner + column;
            int up = gate + inner;
            int at = outAt + row * inner + column;
            int i = 0;
            for (; i <= length - LANES; i += LANES) {
                var g = FloatVector.fromArray(SPECIES, in, gate + i);
                g.mul(VectorMath.sigmoid(g)).mul(FloatVector.fromArray(SPECIES, in, up + i)).intoArray(to, at + i);
            }
            for (; i < length; i++) {
                float g = in[gate + i];
                to[at + i] = g * VectorMath.sigmoid(g) * in[up + i];
            }
        }
    }

    /** Each part computes some elements of out and their gates' and ups' gradients. */
    static final class Backward implements Kernel {

        private final int inner;
        private final View gateUp;
        private final View dOut;
        private final View out;
        private final View dGateUp;
        private final Segments segments;
        private int gateUpAt;
        private int dOutAt;
        private int outAt;
        private int dGateUpAt;

        Backward(SwiGlu.Backward op, Memory memory, Team team) {
            inner = op.gateUp().dim(2);
            gateUp = memory.view(op.gateUp());
            dOut = memory.view(op.dOut());
            out = memory.view(op.out());
            dGateUp = memory.view(op.dGateUp());
            segments = new Segments(team, op.gateUp().dim(0), inner, this::segment);
        }

        @Override
        public void run(int[] values) {
            gateUpAt = gateUp.at(values);
            dOutAt = dOut.at(values);
            outAt = out.at(values);
            dGateUpAt = dGateUp.at(values);
            segments.run();
        }

        private void segment(int row, int column, int length) {
            var in = gateUp.floats();
            var gradient = dOut.floats();
            var to = out.floats();
            var dIn = dGateUp.floats();
            int gate = gateUpAt + 2 * row * inner + column;
            int dGate = dGateUpAt + 2 * row * inner + column;
            int at = row * inner + column;
            int i = 0;
            for (; i <= length - LANES; i += LANES) {
                var g = FloatVector.fromArray(SPECIES, in, gate + i);
                var u = FloatVector.fromArray(SPECIES, in, gate + inner + i);
                var d = FloatVector.fromArray(SPECIES, gradient, dOutAt + at + i);
                var sigmoid = VectorMath.sigmoid(g);
                var silu = g.mul(sigmoid);
                silu.mul(u).intoArray(to, outAt + at + i);
                // silu' = sigmoid + silu (1 - sigmoid)
                var slope = silu.fma(sigmoid.broadcast(1f).sub(sigmoid), sigmoid);
                d.mul(u).mul(slope).intoArray(dIn, dGate + i);
                d.mul(silu).intoArray(dIn, dGate + inner + i);
            }
            for (; i < length; i++) {
                float g = in[gate + i];
                float u = in[gate + inner + i];
                float d = gradient[dOutAt + at + i];
                float sigmoid = VectorMath.sigmoid(g);
                float silu = g * sigmoid;
                to[outAt + at + i] = silu * u;
                dIn[dGate + i] = d * u * Math.fma(silu, 1f - sigmoid, sigmoid);
                dIn[dGate + inner + i] = d * silu;
            }
        }
    }
}
