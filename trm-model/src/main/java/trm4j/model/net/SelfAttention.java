package trm4j.model.net;

import java.util.ArrayList;
import java.util.List;
import trm4j.kernels.Buffer;
import trm4j.kernels.Tensor;
import trm4j.kernels.device.Program;
import trm4j.kernels.op.Attention;
import trm4j.kernels.op.MatMul;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RmsNorm;
import trm4j.kernels.op.Rope;

/** The attention block: f(h) = o(attention(rope(q), rope(k), v)), of every position to every position. */
record SelfAttention(Program forward, Program backward) implements Block {

    private static final String QKV = "self_attn.qkv_proj.weight";
    private static final String OUT = "self_attn.o_proj.weight";

    static SelfAttention in(NetBuffers buffers) {
        var config = buffers.config;
        int rows = buffers.rows;
        int width = buffers.width;
        int heads = config.numHeads();
        int[] headed = {buffers.batch, buffers.positions, 3, heads, config.headSize()};
        boolean recomputed = buffers.recompute.mixer();
        var qkv = buffers.inner(recomputed, "attention.qkv", headed);
        var attended = buffers.inner(recomputed, "attention.out", rows, width);
        int[] queries = {buffers.batch, heads, buffers.positions};
        var logSumExp = recomputed
                ? Buffer.floats("attention.logSumExp", queries).all()
                : buffers.kept("attention.logSumExp", queries);
        var scale = buffers.kept("attention.scale", rows);
        var input = buffers.matrix(buffers.input());
        var branch = buffers.branch.all();

        var attend = new ArrayList<Operation>();
        attend.add(MatMul.set(input, false, buffers.weight(QKV), true, qkv.as(rows, 3 * width)));
        attend.addAll(rope(buffers, qkv, false));
        attend.add(new Attention.Forward(qkv, attended, logSumExp));
        var forward = new ArrayList<Operation>(attend);
        forward.add(MatMul.set(attended, false, buffers.weight(OUT), true, buffers.matrix(branch)));
        forward.add(new RmsNorm.Forward(
                buffers.byRow(buffers.input()), buffers.byRow(branch), buffers.byRow(buffers.output()), scale,
                buffers.epsilon()));
        if (!buffers.trains()) {
            return new SelfAttention(new Program("attend", forward), null);
        }

        var dAttended = buffers.activation("attention.dOut", rows, width).all();
        var dQkv = buffers.activation("attention.dQkv", headed).all();
        var dState = buffers.matrix(buffers.dState.all());
        var dSum = buffers.byRow(buffers.dState.all());
        var backward = new ArrayList<Operation>(recomputed ? attend : List.of());
        backward.add(new RmsNorm.Backward(dSum, buffers.byRow(buffers.output()), scale, dSum));
        backward.add(MatMul.set(dState, false, buffers.weight(OUT), false, dAttended));
        backward.addAll(buffers.toGradient(OUT, dOut -> MatMul.add(dState, true, attended, false, dOut)));
        backward.add(new Attention.Backward(qkv, attended, logSumExp, dAttended, dQkv));
        backward.addAll(rope(buffers, dQkv, true));
        var dProjected = dQkv.as(rows, 3 * width);
        backward.addAll(buffers.toGradient(QKV, dWeight -> MatMul.add(dProjected, true, input, false, dWeight)));
        backward.add(MatMul.add(dProjected, false, buffers.weight(QKV), false, dState));
        return new SelfAttention(new Program("attend", forward), new Program("attend backward", backward));
    }

    /** Turns queries and keys with their position, if the configuration says so. */
    private static List<Operation> rope(NetBuffers buffers, Tensor qkv, boolean inverse) {
        var config = buffers.config;
        int heads = config.numHeads();
        var allHeads = qkv.as(buffers.batch, buffers.positions, 3 * heads, config.headSize());
        return config.rope() ? List.of(new Rope(allHeads, 2 * heads, (float) config.ropeTheta(), inverse)) : List.of();
    }
}
