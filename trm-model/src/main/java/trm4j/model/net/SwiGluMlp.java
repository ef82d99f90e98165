package trm4j.model.net;

import java.util.ArrayList;
import java.util.List;
import trm4j.kernels.device.Program;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.SwiGlu;

/** The feed-forward block: f(h) = down(silu(gate(h)) * up(h)), position by position. */
record SwiGluMlp(Program forward, Program backward) implements Block {

    private static final String GATE_UP = "mlp.gate_up_proj.weight";
    private static final String DOWN = "mlp.down_proj.weight";

    static SwiGluMlp in(NetBuffers buffers) {
        int rows = buffers.rows;
        int inner = buffers.config.swiGluWidth(buffers.width);
        boolean recomputed = buffers.recompute.mlp();
        var gateUp = buffers.inner(recomputed, "mlp.gateUp", rows, 2, inner);
        var scale = buffers.kept("mlp.scale", rows);
        var gated = buffers.activation("mlp.gated", rows, inner).all();
        var input = buffers.matrix(buffers.input());
        var branch = buffers.matrix(buffers.branch.all());

        var project = MatMul.set(input, false, buffers.weight(GATE_UP), true, gateUp.as(rows, 2 * inner));
        var forward = new Program(
                "mlp",
                project,
                new SwiGlu.Forward(gateUp, gated),
                MatMul.set(gated, false, buffers.weight(DOWN), true, branch),
                new RmsNorm.Forward(
                        buffers.byRow(buffers.input()), buffers.byRow(buffers.branch.all()),
                        buffers.byRow(buffers.output()), scale, buffers.epsilon()));
        if (!buffers.trains()) {
            return new SwiGluMlp(forward, null);
        }

        var dGated = buffers.activation("mlp.dGated", rows, inner).all();
        var dSum = buffers.byRow(buffers.dState.all());
        var dState = buffers.matrix(buffers.dState.all());
        var backward = new ArrayList<Operation>(recomputed ? List.of(project) : List.of());
        var dGateUp = gateUp.as(rows, 2 * inner);
        backward.addAll(List.of(
                new RmsNorm.Backward(dSum, buffers.byRow(buffers.output()), scale, dSum),
                MatMul.set(dState, false, buffers.weight(DOWN), false, dGated),
                new SwiGlu.Backward(gateUp, dGated, gated, gateUp)));
        backward.addAll(buffers.toGradient(DOWN, dDown -> MatMul.add(dState, true, gated, false, dDown)));
        backward.addAll(buffers.toGradient(GATE_UP, dWeight -> MatMul.add(dGateUp, true, input, false, dWeight)));
        backward.add(MatMul.add(dGateUp, false, buffers.weight(GATE_UP), false, dState));
        return new SwiGluMlp(forward, new Program("mlp backward", backward));
    }
}
