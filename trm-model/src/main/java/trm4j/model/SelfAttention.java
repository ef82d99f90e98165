package trm4j.model;

import java.util.ArrayList;
import java.util.List;
import trm4j.kernels.Buffer;
import trm4j.kernels.Program;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.Rope;

/** The attention block: f(h) = o(attention(rope(q), rope(k), v)), of every position to every position. */
record SelfAttention(Program forward, Program backward) implements Block {

    private static final String QKV = "self_attn.qkv_proj.weight";
    private static final String OUT = "self_attn.o_proj.weight";

    static SelfAttention in(Frame frame) {
        var config = frame.config;
        int rows = frame.rows;
        int width = frame.width;
        int heads = config.numHeads();
        int[] headed = {frame.batch, frame.positions, 3, heads, config.headSize()};
        boolean recomputed = frame.recompute.mixer();
        var qkv = frame.inner(recomputed, "attention.qkv", headed);
        var attended = frame.inner(recomputed, "attention.out", rows, width);
        var logSumExp = frame.inner(recomputed, "attention.logSumExp", frame.batch, heads, frame.positions);
        var scale = frame.kept("attention.scale", rows);
        var input = frame.matrix(frame.input());
        var branch = frame.branch.all();

        var attend = new ArrayList<Operation>();
        attend.add(MatMul.set(input, false, frame.weight(QKV), true, qkv.as(rows, 3 * width)));
        attend.addAll(rope(frame, qkv, false));
        attend.add(new Attention.Forward(qkv, attended, logSumExp));
        var forward = new ArrayList<Operation>(attend);
        forward.add(MatMul.set(attended, false, frame.weight(OUT), true, frame.matrix(branch)));
        forward.add(new RmsNorm.Forward(
                frame.byRow(frame.input()), frame.byRow(branch), frame.byRow(frame.output()), scale,
                frame.epsilon()));
        if (!frame.trains()) {
            return new SelfAttention(new Program("attend", forward), null);
        }

        var dAttended = Buffer.floats("attention.dOut", rows, width).all();
        var dQkv = Buffer.floats("attention.dQkv", headed).all();
        var dState = frame.matrix(frame.dState.all());
        var dSum = frame.byRow(frame.dState.all());
        var backward = new ArrayList<Operation>(recomputed ? attend : List.of());
        backward.add(new RmsNorm.Backward(dSum, frame.byRow(frame.output()), scale, dSum));
        backward.add(MatMul.set(dState, false, frame.weight(OUT), false, dAttended));
        backward.add(MatMul.add(dState, true, attended, false, frame.gradient(OUT)));
        backward.add(new Attention.Backward(qkv, attended, logSumExp, dAttended, dQkv));
        backward.addAll(rope(frame, dQkv, true));
        backward.add(MatMul.add(dQkv.as(rows, 3 * width), true, input, false, frame.gradient(QKV)));
        backward.add(MatMul.add(dQkv.as(rows, 3 * width), false, frame.weight(QKV), false, dState));
        return new SelfAttention(new Program("attend", forward), new Program("attend backward", backward));
    }

    /** Turns queries and keys with their position, if the configuration says so. */
    private static List<Operation> rope(Frame frame, Tensor qkv, boolean inverse) {
        var config = frame.config;
        int heads = config.numHeads();
        var allHeads = qkv.as(frame.batch, frame.positions, 3 * heads, config.headSize());
        return config.rope() ? List.of(new Rope(allHeads, 2 * heads, (float) config.ropeTheta(), inverse)) : List.of();
    }
}
