package trm4j.model;

import java.util.ArrayList;
import java.util.List;
import trm4j.kernels.Buffer;
import trm4j.kernels.Program;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SwiGlu;

/** The feed-forward block: f(h) = down(silu(gate(h)) * up(h)), position by position. */
record SwiGluMlp(Program forward, Program backward) implements Block {

    private static final String GATE_UP = "mlp.gate_up_proj.weight";
    private static final String DOWN = "mlp.down_proj.weight";

    static SwiGluMlp in(Frame frame) {
        int rows = frame.rows;
        int inner = frame.config.swiGluWidth(frame.width);
        boolean recomputed = frame.recompute.mlp();
        var gateUp = frame.inner(recomputed, "mlp.gateUp", rows, 2, inner);
        var scale = frame.kept("mlp.scale", rows);
        var gated = Buffer.floats("mlp.gated", rows, inner).all();
        var input = frame.matrix(frame.input());
        var branch = frame.matrix(frame.branch.all());

        var project = MatMul.set(input, false, frame.weight(GATE_UP), true, gateUp.as(rows, 2 * inner));
        var forward = new Program(
                "mlp",
                project,
                new SwiGlu.Forward(gateUp, gated),
                MatMul.set(gated, false, frame.weight(DOWN), true, branch),
                new RmsNorm.Forward(
                        frame.byRow(frame.input()), frame.byRow(frame.branch.all()), frame.byRow(frame.output()),
                        scale, frame.epsilon()));
        if (!frame.trains()) {
            return new SwiGluMlp(forward, null);
        }

        var dGated = Buffer.floats("mlp.dGated", rows, inner).all();
        var dSum = frame.byRow(frame.dState.all());
        var dState = frame.matrix(frame.dState.all());
        var backward = new ArrayList<Operation>(recomputed ? List.of(project) : List.of());
        backward.addAll(List.of(
                new RmsNorm.Backward(dSum, frame.byRow(frame.output()), scale, dSum),
                MatMul.set(dState, false, frame.weight(DOWN), false, dGated),
                new SwiGlu.Backward(gateUp, dGated, gated, gateUp),
                MatMul.add(dState, true, gated, false, frame.gradient(DOWN)),
                MatMul.add(gateUp.as(rows, 2 * inner), true, input, false, frame.gradient(GATE_UP)),
                MatMul.add(gateUp.as(rows, 2 * inner), false, frame.weight(GATE_UP), false, dState)));
        return new SwiGluMlp(forward, new Program("mlp backward", backward));
    }
}
