package trm4j.benchmarks;

import ai.djl.nn.Activation;
import trm4j.kernels.Buffer;
import trm4j.kernels.op.SwiGlu;

/** silu(gate) * up, gateUp [outer, 2, inner] to [outer, inner], by each library that has it. */
final class SwiGlus {

    private SwiGlus() {}

    static Computation of(int outer, int inner, Library library) {
        var gateUp = Buffer.floats("gateUp", outer, 2, inner);
        return switch (library) {
            case TRM4J -> {
                var out = Buffer.floats("out", outer, inner);
                yield CpuComputation.of(new SwiGlu.Forward(gateUp.all(), out.all()), out);
            }
            case DJL -> new DjlComputation(arrays -> {
                var all = DjlComputation.array(arrays, RandomInputs.normal(gateUp.shape(), 1), gateUp.shape());
                var gate = all.get(":,0");
                var up = all.get(":,1");
                return () -> Activation.swish(gate, 1).muli(up);
            });
            case TORCHSCRIPT -> new DjlComputation(arrays -> {
                var all = DjlComputation.array(arrays, RandomInputs.normal(gateUp.shape(), 1), gateUp.shape());
                var gated = TorchScript.function(arrays, """
                        gate, up, = torch.unbind(x, 1)
                        return torch.mul(torch.silu(gate), up)
                        """);
                return () -> gated.apply(all);
            });
            case OPENBLAS -> throw new IllegalArgumentException("OpenBLAS has no SwiGLU");
        };
    }
}
