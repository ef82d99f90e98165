package trm4j.model;

import java.util.ArrayList;
import java.util.List;
import trm4j.kernels.Buffer;
import trm4j.kernels.Program;
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

    static TokenMixing in(Frame frame) {
        int batch = frame.batch;
        int inner = frame.config.swiGluWidth(frame.positions);
        int width = frame.width;
        boolean recomputed = frame.recompute.mixer();
        var gateUp = frame.inner(recomputed, "mlp_t.gateUp", batch, 2 * inner, width);
        var scale = frame.kept("mlp_t.scale", batch, width);
        var gated = Buffer.floats("mlp_t.gated", batch, inner, width).all();
        var halves = gateUp.as(batch, 2, inner * width);
        var branch = frame.branch.all();

        var project = MatMul.set(frame.weight(GATE_UP), false, frame.input(), false, gateUp);
        var forward = new Program(
                "mix tokens",
                project,
                new SwiGlu.Forward(halves, gated),
                MatMul.set(frame.weight(DOWN), false, gated, false, branch),
                new RmsNorm.Forward(frame.input(), branch, frame.output(), scale, frame.epsilon()));
        if (!frame.trains()) {
            return new TokenMixing(forward, null);
        }

        var dGated = Buffer.floats("mlp_t.dGated", batch, inner, width).all();
        var dState = frame.dState.all();
        var backward = new ArrayList<Operation>(recomputed ? List.of(project) : List.of());
        backward.addAll(List.of(
                new RmsNorm.Backward(dState, frame.output(), scale, dState),
                MatMul.set(frame.weight(DOWN), true, dState, false, dGated),
                new SwiGlu.Backward(halves, dGated, gated, halves),
                MatMul.add(dState, false, gated, true, frame.gradient(DOWN)),
                MatMul.add(gateUp, false, frame.input(), true, frame.gradient(GATE_UP)),
                MatMul.add(frame.weight(GATE_UP), true, gateUp, false, dState)));
        return new TokenMixing(forward, new Program("mix tokens backward", backward));
    }
}
