package trm4j.kernels.op;

import java.util.List;
import java.util.function.UnaryOperator;
import trm4j.kernels.Tensor;

/** The gated product of a SwiGLU feed-forward: silu(gate) * up, silu(v) = v / (1 + exp(-v)). */
public sealed interface SwiGlu extends Operation {

    /**
     * out = silu(gate) * up.
     *
     * @param gateUp [outer, 2, inner], gate first
     * @param out [outer, inner]
     */
    record Forward(Tensor gateUp, Tensor out) implements SwiGlu {

        public Forward {
            Operation.require(fits(gateUp, out), "swiGlu", gateUp, out);
        }

        @Override
        public String name() {
            return "swiGlu";
        }

        @Override
        public String size() {
            return gateUp.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(gateUp);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(out);
        }

        @Override
        public Forward map(UnaryOperator<Tensor> to) {
            return new Forward(to.apply(gateUp), to.apply(out));
        }
    }

    /**
     * dGateUp from dOut; computes out once more, so that the forward pass need not keep it.
     *
     * @param dGateUp like gateUp; may be gateUp
     */
    record Backward(Tensor gateUp, Tensor dOut, Tensor out, Tensor dGateUp) implements SwiGlu {

        public Backward {
            Operation.require(
                    fits(gateUp, out) && dOut.size() == out.size() && dGateUp.shape().equals(gateUp.shape()),
                    "swiGlu backward", gateUp, dOut, out, dGateUp);
        }

        @Override
        public String name() {
            return "swiGlu backward";
        }

        @Override
        public String size() {
            return gateUp.shape().label();
        }

        @Override
        public List<Tensor> reads() {
            return List.of(gateUp, dOut);
        }

        @Override
        public List<Tensor> writes() {
            return List.of(out, dGateUp);
        }

        @Override
        public Backward map(UnaryOperator<Tensor> to) {
            return new Backward(to.apply(gateUp), to.apply(dOut), to.apply(out), to.apply(dGateUp));
        }

        /** Tells whether gradients take the place of the gates: then the next run works on them. */
        @Override
        public boolean decays() {
            return gateUp.equals(dGateUp);
        }
    }

    private static boolean fits(Tensor gateUp, Tensor out) {
        return gateUp.rank() == 3 && gateUp.dim(1) == 2 && out.size() == gateUp.dim(0) * gateUp.dim(2);
    }
}
