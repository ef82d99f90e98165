package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import trm4j.kernels.Bfloat16;
import trm4j.kernels.op.Attention;

/**
 * Attention's gradients, one head of one sequence at a time, {@link #ROWS} queries at a time: only their
 * weights, computed again, are in memory, in each worker's scratch space.
 */
final class AttentionBackward {

    private static final int ROWS = Gemm.PANELS * Gemm.MR;

    private AttentionBackward() {}

    /** Returns each worker's scratch space. */
    static Scratch.Size scratch(Attention.Backward op) {
        var heads = AttentionHeads.of(op.qkv());
        return Scratch.Size.own(4L * (4L * packed(heads) + 2L * scores(heads) + ofHead(op, heads)));
    }

    /** Returns the floats of a packed operand: all positions by the size of a head, either way round. */
    private static int packed(AttentionHeads heads) {
        return Math.max(
                Gemm.packedSize(heads.length(), heads.size()), Gemm.packedSize(heads.size(), heads.length()));
    }

    /** Returns the floats of the product of some queries with all keys: [rows, length]. */
    private static int scores(AttentionHeads heads) {
        return Math.min(ROWS, heads.length()) * heads.length();
    }

    /** Returns the floats of a head's gradients, summed up aside where they are to be rounded. */
    private static int ofHead(Attention.Backward op, AttentionHeads heads) {
        return Spaces.rounds(op) ? 3 * heads.length() * heads.size() : 0;
    }

    /** Each part is one head of one sequence. */
    static Kernel of(Attention.Backward op, Memory memory, Team team, Gemm[] gemms) {
        var heads = AttentionHeads.of(op.qkv());
        var qkv = memory.view(op.qkv());
        var out = memory.view(op.out());
        var logSumExp = memory.view(op.logSumExp());
        var dOut = memory.view(op.dOut());
        var dQkv = memory.view(op.dQkv());
        int workers = team.size();
        var packedKeysAcross = new float[workers][packed(heads)];
        var packedValuesAcross = new float[workers][packed(heads)];
        var packedKeys = new float[workers][packed(heads)];
        var packedBlock = new float[workers][packed(heads)];
        var scores = new float[workers][scores(heads)];
        var dScores = new float[workers][scores(heads)];
        var sums = new float[workers][ofHead(op, heads)];
        boolean rounds = qkv.rounds();
        int length = heads.length();
        int size = heads.size();
        int row = heads.qkvRow();
        int outRow = heads.outRow();
        int sumRow = rounds ? size : row;
        return new Parallel(team, heads.batch() * heads.heads(), (indices, head, worker) -> {
            var gemm = gemms[worker];
            var in = qkv.array();
            var gradient = dOut.array();
            var sum = rounds ? sums[worker] : dQkv.floats();
            var keysAcross = packedKeysAcross[worker];
            var valuesAcross = packedValuesAcross[worker];
            var keys = packedKeys[worker];
            var block = packedBlock[worker];
            var weights = scores[worker];
            var dWeights = dScores[worker];
            int at = qkv.at(indices);
            int to = dQkv.at(indices);
            int dQuery = rounds ? 0 : to + heads.query(head);
            int dKey = rounds ? length * size : to + heads.key(head);
            int dValue = rounds ? 2 * length * size : to + heads.value(head);
            gemm.packAll(in, false, at + heads.key(head), 1, row, size, length, keysAcross);
            gemm.packAll(in, false, at + heads.value(head), 1, row, size, length, valuesAcross);
            gemm.packAll(in, false, at + heads.key(head), row, 1, length, size, keys);
            for (int i = 0; i < length; i += ROWS) {
                int rows = Math.min(ROWS, length - i);
                int query = at + heads.query(head) + i * row;
                int outFrom = heads.out(head) + i * outRow;
                int dFrom = dOut.at(indices) + outFrom;
                gemm.multiplyAll(rows, length, size, in, false, query, row, 1, keysAcross, weights, 0, length, false);
                gemm.multiplyAll(
                        rows, length, size, gradient, false, dFrom, outRow, 1, valuesAcross, dWeights, 0, length,
                        false);
                if (rounds) {
                    Halves.round(weights, 0, rows * length);
                    Halves.round(dWeights, 0, rows * length);
                }
                for (int r = 0; r < rows; r++) {
                    float logs = logSumExp.floats()[logSumExp.at(indices) + head * length + i + r];
                    if (rounds) {
                        softmaxBackwardRounded(weights, dWeights, r * length, length, heads.scale(), logs);
                    } else {
                        float delta = dot(
                                dOut.floats(), dFrom + r * outRow, out.floats(),
                                out.at(indices) + outFrom + r * outRow, size);
                        softmaxBackward(weights, dWeights, r * length, length, heads.scale(), logs, delta);
                    }
                }
                gemm.multiplyAll(
                        rows, size, length, dWeights, false, 0, length, 1, keys, sum, dQuery + i * sumRow, sumRow,
                        false);
                gemm.packAll(in, false, query, row, 1, rows, size, block);
                gemm.multiplyAll(
                        length, size, rows, dWeights, false, 0, 1, length, block, sum, dKey, sumRow, i > 0);
                gemm.packAll(gradient, false, dFrom, outRow, 1, rows, size, block);
                gemm.multiplyAll(
                        length, size, rows, weights, false, 0, 1, length, block, sum, dValue, sumRow, i > 0);
            }
            for (int t = 0; rounds && t < length; t++) {
                var numbers = (short[]) dQkv.array();
                Halves.narrow(sum, dQuery + t * size, numbers, to + heads.query(head) + t * row, size);
                Halves.narrow(sum, dKey + t * size, numbers, to + heads.key(head) + t * row, size);
                Halves.narrow(sum, dValue + t * size, numbers, to + heads.value(head) + t * row, size);
            }
        });
    }

    private static float dot(float[] a, int aAt, float[] b, int bAt, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum = VectorMath.fma(a[aAt + i], b[bAt + i], sum);
        }
        return sum;
    }

    /** Turns scores into weights, and gradients of weights into those of the products of queries and keys. */
    private static void softmaxBackward(
            float[] row, float[] dRow, int at, int n, float scale, float logSumExp, float delta) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var p = VectorMath.exp(FloatVector.fromArray(SPECIES, row, at + i).mul(scale).sub(logSumExp));
            p.intoArray(row, at + i);
            FloatVector.fromArray(SPECIES, dRow, at + i).sub(delta).mul(p).mul(scale).intoArray(dRow, at + i);
        }
        for (; i < n; i++) {
            float p = VectorMath.exp(row[at + i] * scale - logSumExp);
            row[at + i] = p;
            dRow[at + i] = (dRow[at + i] - delta) * p * scale;
        }
    }

    /** The same, with weights and gradients rounded to bfloat16 as they come, and their products summed up here. */
    private static void softmaxBackwardRounded(
            float[] row, float[] dRow, int at, int n, float scale, float logSumExp) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            var score = FloatVector.fromArray(SPECIES, row, at + i);
            Halves.round(VectorMath.exp(score.mul(scale).sub(logSumExp))).intoArray(row, at + i);
        }
        for (; i < n; i++) {
            row[at + i] = Bfloat16.round(VectorMath.exp(row[at + i] * scale - logSumExp));
        }
        float delta = 0;
        for (i = 0; i < n; i++) {
            delta = VectorMath.fma(row[at + i], dRow[at + i], delta);
        }
        for (i = 0; i <= n - LANES; i += LANES) {
            var p = FloatVector.fromArray(SPECIES, row, at + i);
            var d = Halves.round(FloatVector.fromArray(SPECIES, dRow, at + i).sub(delta).mul(p));
            Halves.round(d.mul(scale)).intoArray(dRow, at + i);
        }
        for (; i < n; i++) {
            dRow[at + i] = Bfloat16.round(Bfloat16.round((dRow[at + i] - delta) * row[at + i]) * scale);
        }
    }
}
