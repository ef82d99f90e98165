package trm4j.benchmarks;

import trm4j.kernels.Buffer;
import trm4j.kernels.op.Attention;

/** Softmax attention, qkv [batch, T, 3, heads, size] to [batch, T, heads, size], by each library that has it. */
final class Attentions {

    private Attentions() {}

    static Computation forward(AttentionSize size, Library library) {
        var qkv = qkv(size);
        return switch (library) {
            case TRM4J -> {
                var out = out(size);
                yield CpuComputation.of(new Attention.Forward(qkv.all(), out.all(), logSumExp(size).all()), out);
            }
            case DJL -> new DjlComputation(arrays -> {
                var all = DjlComputation.array(arrays, RandomInputs.normal(qkv.shape(), 1), qkv.shape());
                var q = all.get(":,:,0").swapAxes(1, 2);
                var k = all.get(":,:,1").swapAxes(1, 2).swapAxes(2, 3);
                var v = all.get(":,:,2").swapAxes(1, 2);
                float scale = (float) (1 / Math.sqrt(size.size()));
                int width = size.heads() * size.size();
                return () -> q.matMul(k).muli(scale).softmax(-1).matMul(v)
                        .swapAxes(1, 2)
                        .reshape(size.batch(), size.positions(), width);
            });
            case TORCHSCRIPT -> new DjlComputation(arrays -> {
                var all = DjlComputation.array(arrays, RandomInputs.normal(qkv.shape(), 1), qkv.shape());
                var attention = TorchScript.function(arrays, """
                        q, k, v, = torch.unbind(torch.permute(x, [2, 0, 3, 1, 4]))
                        per_head = torch.scaled_dot_product_attention(q, k, v)
                        return torch.flatten(torch.transpose(per_head, 1, 2), 2)
                        """);
                return () -> attention.apply(all);
            });
            case OPENBLAS -> throw new IllegalArgumentException("OpenBLAS has no attention");
        };
    }

    static Computation backward(AttentionSize size) {
        var dQkv = Buffer.floats("dQkv", size.batch(), size.positions(), 3, size.heads(), size.size());
        return CpuComputation.of(
                new Attention.Backward(
                        qkv(size).all(), out(size).all(), logSumExp(size).all(), out(size).all(), dQkv.all()),
                dQkv);
    }

    private static Buffer qkv(AttentionSize size) {
        return Buffer.floats("qkv", size.batch(), size.positions(), 3, size.heads(), size.size());
    }

    private static Buffer out(AttentionSize size) {
        return Buffer.floats("out", size.batch(), size.positions(), size.heads(), size.size());
    }

    private static Buffer logSumExp(AttentionSize size) {
        return Buffer.floats("logSumExp", size.batch(), size.heads(), size.positions());
    }
}
