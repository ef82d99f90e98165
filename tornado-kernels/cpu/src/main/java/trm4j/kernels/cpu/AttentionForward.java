package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.Gemm.NR;
import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import trm4j.kernels.op.Attention;

/**
 * Attention, one head of one sequence at a time, a panel of {@link Gemm#NR} queries at a time. Scores are computed
 * as [keys, queries]: so they are packed for the next product as they come, and softmax has a lane for each query. In
 * bfloat16, scores and weights are rounded, as plain operations have it.
 */
final class AttentionForward {

    private AttentionForward() {}

    /** Returns each worker's scratch space. */
    static Scratch.Size scratch(Attention.Forward op) {
        var heads = AttentionHeads.of(op.qkv());
        int length = heads.length();
        int size = heads.size();
        return Scratch.Size.own(Panels.bytes()
                + 4L * (Gemm.packedRows(length, size) + Gemm.packedRows(size, length))
                + 4L * NR * (size + length + size + Panels.width(size) + 2));
    }

    /** One worker's scratch space. */
    private static final class Space {

        final float[] keys;
        final float[] values;
        final float[] queries;
        /** Scores, then their exponentials: [keys, queries]. */
        final float[] weights;
        /** Sums of values by their weights: [head size, queries], and turned. */
        final float[] sums;
        final float[] turned;
        final Panels turning;
        /** For each query. */
        final float[] max = new float[NR];
        final float[] total = new float[NR];

        Space(AttentionHeads heads) {
            int length = heads.length();
            int size = heads.size();
            keys = new float[Gemm.packedRows(length, size)];
            values = new float[Gemm.packedRows(size, length)];
            queries = new float[NR * size];
            weights = new float[NR * length];
            sums = new float[NR * size];
            turning = new Panels(size);
            turned = new float[NR * turning.width];
        }
    }

    /** Each part is one head of one sequence. */
    static Kernel of(Attention.Forward op, Memory memory, Team team, Gemm[] gemms) {
        var heads = AttentionHeads.of(op.qkv());
        var qkv = memory.view(op.qkv());
        var out = memory.view(op.out());
        var logSumExp = memory.view(op.logSumExp());
        var spaces = new Space[team.size()];
        for (int i = 0; i < spaces.length; i++) {
            spaces[i] = new Space(heads);
        }
        int length = heads.length();
        int size = heads.size();
        int row = heads.qkvRow();
        float scale = heads.scale();
        boolean rounds = qkv.rounds();
        return new Parallel(team, heads.batch() * heads.heads(), (indices, head, worker) -> {
            var gemm = gemms[worker];
            var s = spaces[worker];
            var in = qkv.array();
            int at = qkv.at(indices);
            gemm.rows.pack(
                    in, false, at + heads.key(head), row, 1, length, size, 0, gemm.rows.count(length), s.keys, 0);
            gemm.rows.pack(
                    in, false, at + heads.value(head), 1, row, size, length, 0, gemm.rows.count(size), s.values, 0);
            for (int i = 0; i < length; i += NR) {
                int count = Math.min(NR, length - i);
                gemm.columns.pack(
                        in, false, at + heads.query(head) + i * row, row, 1, count, size, 0, 1, s.queries, 0);
                gemm.multiplyPacked(length, NR, size, s.keys, 0, s.queries, 0, s.weights, 0, NR, false);
                if (rounds) {
                    Halves.round(s.weights, 0, length * NR);
                }
                for (int lane = 0; lane < NR; lane += LANES) {
                    exponentials(s.weights, lane, length, scale, s.max, s.total);
                    if (rounds) {
                        divide(s.weights, lane, length, s.total);
                    }
                }
                gemm.multiplyPacked(size, NR, length, s.values, 0, s.weights, 0, s.sums, 0, NR, false);
                s.turning.pack(s.sums, false, 0, NR, 1, size, NR, 0, 1, s.turned, 0);
                int to = out.at(indices) + heads.out(head) + i * heads.outRow();
                int logs = logSumExp.at(indices) + head * length + i;
                for (int q = 0; q < count; q++) {
                    int place = to + q * heads.outRow();
                    if (out.array() instanceof short[] numbers) {
                        Halves.narrow(s.turned, q * s.turning.width, numbers, place, size);
                    } else {
                        CopyKernels.scale(
                                s.turned, q * s.turning.width, 1 / s.total[q], out.floats(), place, size);
                    }
                    logSumExp.floats()[logs + q] = s.max[q] * scale + (float) Math.log(s.total[q]);
                }
            }
        });
    }

    /** Divides a vector of queries' exponentials by their sums, and rounds to bfloat16. */
    private static void divide(float[] exponentials, int at, int keys, float[] sums) {
        var sum = FloatVector.fromArray(SPECIES, sums, at);
        for (int t = 0, from = at; t < keys; t++, from += NR) {
            Halves.round(FloatVector.fromArray(SPECIES, exponentials, from).div(sum)).intoArray(exponentials, from);
        }
    }

    /** Turns a vector of queries' scores into e^(scale (score - max)); finds their maxima and sums. */
    private static void exponentials(
            float[] scores, int at, int keys, float scale, float[] maxima, float[] sums) {
        var max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int t = 0, from = at; t < keys; t++, from += NR) {
            var score = FloatVector.fromArray(SPECIES, scores, from);
            max = max.blend(score, score.compare(VectorOperators.GT, max));
        }
        var sum = FloatVector.zero(SPECIES);
        for (int t = 0, from = at; t < keys; t++, from += NR) {
            var e = VectorMath.exp(FloatVector.fromArray(SPECIES, scores, from).sub(max).mul(scale));
            e.intoArray(scores, from);
            sum = sum.add(e);
        }
        max.intoArray(maxima, at);
        sum.intoArray(sums, at);
    }
}
