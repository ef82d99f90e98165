package trm4j.model.net;

import java.util.ArrayList;
import java.util.List;
import trm4j.kernels.device.Program;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SwiGlu;

/**
 * The mixer block of {@code mlp_t}: a SwiGLU over the positions, channel by channel, and a norm over the
 * positions. The reference transposes to [B, D, T] and back; here weights multiply from the left and the
 * norm runs along the middle axis, which is the same without a copy.
 */
record TokenMixing(Program forward, Program backward) implements Block {

    private static final String GATE_UP = "mlp_t.gate_up_proj.weight";
    private static final String DOWN = "mlp_t.down_proj.weight";

    static TokenMixing in(NetBuffers buffers) {
        int batch = buffers.batch;
        int inner = buffers.config.swiGluWidth(buffers.positions);
        int width = buffers.width;
        boolean recomputed = buffers.recompute.mixer();
        var gateUp = buffers.inner(recomputed, "mlp_t.gateUp", batch, 2 * inner, width);
        var scale = buffers.kept("mlp_t.scale", batch, width);
        var gated = buffers.activation("mlp_t.gated", batch, inner, width).all();
        var halves = gateUp.as(batch, 2, inner * width);
        var branch = buffers.branch.all();

        var project = MatMul.set(buffers.weight(GATE_UP), false, buffers.input(), false, gateUp);
        var forward = new Program(
                "mix tokens",
                project,
                new SwiGlu.Forward(halves, gated),
                MatMul.set(buffers.weight(DOWN), false, gated, false, branch),
                new RmsNorm.Forward(buffers.input(), branch, buffers.output(), scale, buffers.epsilon()));
        if (!buffers.trains()) {
            return new TokenMixing(forward, null);
        }

        var dGated = buffers.activation("mlp_t.dGated", batch, inner, width).all();
        var dState = buffers.dState.all();
        var backward = new ArrayList<Operation>(recomputed ? List.of(project) : List.of());
        backward.addAll(List.of(
                new RmsNorm.Backward(dState, buffers.output(), scale, dState),
                MatMul.set(buffers.weight(DOWN), true, dState, false, dGated),
                new SwiGlu.Backward(halves, dGated, gated, halves)));
        backward.addAll(buffers.toGradient(DOWN, dDown -> MatMul.add(dState, false, gated, true, dDown)));
        backward.addAll(buffers.toGradient(
                GATE_UP, dWeight -> MatMul.add(gateUp, false, buffers.input(), true, dWeight)));
        backward.add(MatMul.add(buffers.weight(GATE_UP), true, gateUp, false, dState));
        return new TokenMixing(forward, new Program("mix tokens backward", backward));
    }
}
