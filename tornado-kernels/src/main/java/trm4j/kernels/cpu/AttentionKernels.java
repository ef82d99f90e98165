package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Attention;

/**
 * Attention, one head of one sequence at a time, {@link #ROWS} queries at a time: only their weights are
 * in memory, in each worker's scratch space.
 */
final class AttentionKernels {

    private static final int ROWS = 128;

    private AttentionKernels() {}

    /** Where a head's queries, keys and values lie, and the scratch space for its products. */
    private record Heads(int batch, int length, int heads, int size) {

        static Heads of(Tensor qkv) {
            return new Heads(qkv.dim(0), qkv.dim(1), qkv.dim(3), qkv.dim(4));
        }

        /** Elements from one position's queries, keys and values to the next one's. */
        int qkvRow() {
            return 3 * heads * size;
        }

        /** Elements from one position's outputs to the next one's. */
        int outRow() {
            return heads * size;
        }

        int query(int head) {
            return head / heads * length * qkvRow() + head % heads * size;
        }

        int key(int head) {
            return query(head) + heads * size;
        }

        int value(int head) {
            return query(head) + 2 * heads * size;
        }

        int out(int head) {
            return head / heads * length * outRow() + head % heads * size;
        }

        float scale() {
            return (float) (1 / Math.sqrt(size));
        }

        /** The product of some queries with all keys: [rows, length]. */
        int scores() {
            return Math.min(ROWS, length) * length;
        }

        /** Packed operands: all positions by the size of a head, either way round. */
        int packed() {
            return Math.max(Gemm.packedSize(length, size), Gemm.packedSize(size, length));
        }
    }

    /** Bytes of each worker's scratch space. */
    static long scratchBytes(Attention op) {
        return switch (op) {
            case Attention.Forward f -> {
                var heads = Heads.of(f.qkv());
                yield 4L * (2L * heads.packed() + heads.scores());
            }
            case Attention.Backward b -> {
                var heads = Heads.of(b.qkv());
                yield 4L * (4L * heads.packed() + 2L * heads.scores());
            }
        };
    }

    /** Each part is one head of one sequence. */
    static Kernel forward(Attention.Forward op, Memory memory, Team team, Gemm[] gemms) {
        var heads = Heads.of(op.qkv());
        var qkv = memory.view(op.qkv());
        var out = memory.view(op.out());
        var logSumExp = memory.view(op.logSumExp());
        int workers = team.size();
        var packedKeys = new float[workers][heads.packed()];
        var packedValues = new float[workers][heads.packed()];
        var scores = new float[workers][heads.scores()];
        var lanes = new float[workers][LANES];
        int length = heads.length;
        int size = heads.size;
        int row = heads.qkvRow();
        return new Parallel(team, heads.batch * heads.heads, (indices, head, worker) -> {
            var gemm = gemms[worker];
            var in = qkv.floats();
            var keys = packedKeys[worker];
            var values = packedValues[worker];
            var weights = scores[worker];
            int at = qkv.at(indices);
            Gemm.packAll(in, at + heads.key(head), 1, row, size, length, keys);
            Gemm.packAll(in, at + heads.value(head), row, 1, length, size, values);
            for (int i = 0; i < length; i += ROWS) {
                int rows = Math.min(ROWS, length - i);
                int query = at + heads.query(head) + i * row;
                gemm.multiplyAll(rows, length, size, in, query, row, 1, keys, weights, 0, length, false);
                int sums = logSumExp.at(indices) + head * length + i;
                for (int r = 0; r < rows; r++) {
                    logSumExp.floats()[sums + r] =
                            softmax(weights, r * length, length, heads.scale(), lanes[worker]);
                }
                int to = out.at(indices) + heads.out(head) + i * heads.outRow();
                gemm.multiplyAll(
                        rows, size, length, weights, 0, length, 1, values, out.floats(), to, heads.outRow(), false);
            }
        });
    }

    /** Scores become weights; returns the logarithm of the sum of their exponentials. */
    private static float softmax(float[] row, int at, int n, float scale, float[] lanes) {
        var maxima = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            maxima = maxima.max(FloatVector.fromArray(SPECIES, row, at + i));
        }
        float max = maxima.reduceLanes(VectorOperators.MAX);
        for (; i < n; i++) {
            max = Math.max(max, row[at + i]);
        }
        var sums = FloatVector.zero(SPECIES);
        for (i = 0; i <= n - LANES; i += LANES) {
            var e = VectorMath.exp(FloatVector.fromArray(SPECIES, row, at + i).sub(max).mul(scale));
            e.intoArray(row, at + i);
            sums = sums.add(e);
        }
        float sum = VectorMath.sum(sums, lanes);
        for (; i < n; i++) {
            float e = VectorMath.exp((row[at + i] - max) * scale);
            row[at + i] = e;
            sum += e;
        }
        float factor = 1 / sum;
        for (i = 0; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, row, at + i).mul(factor).intoArray(row, at + i);
        }
        for (; i < n; i++) {
            row[at + i] *= factor;
        }
        return max * scale + (float) Math.log(sum);
    }

    /** Each part is one head of one sequence. */
    static Kernel backward(Attention.Backward op, Memory memory, Team team, Gemm[] gemms) {
        var heads = Heads.of(op.qkv());
        var qkv = memory.view(op.qkv());
        var out = memory.view(op.out());
        var logSumExp = memory.view(op.logSumExp());
        var dOut = memory.view(op.dOut());
        var dQkv = memory.view(op.dQkv());
        int workers = team.size();
        var packedKeysAcross = new float[workers][heads.packed()];
        var packedValuesAcross = new float[workers][heads.packed()];
        var packedKeys = new float[workers][heads.packed()];
        var packedBlock = new float[workers][heads.packed()];
        var scores = new float[workers][heads.scores()];
        var dScores = new float[workers][heads.scores()];
        int length = heads.length;
        int size = heads.size;
        int row = heads.qkvRow();
        int outRow = heads.outRow();
        return new Parallel(team, heads.batch * heads.heads, (indices, head, worker) -> {
            var gemm = gemms[worker];
            var in = qkv.floats();
            var gradient = dOut.floats();
            var dIn = dQkv.floats();
            var keysAcross = packedKeysAcross[worker];
            var valuesAcross = packedValuesAcross[worker];
            var keys = packedKeys[worker];
            var block = packedBlock[worker];
            var weights = scores[worker];
            var dWeights = dScores[worker];
            int at = qkv.at(indices);
            int to = dQkv.at(indices);
            Gemm.packAll(in, at + heads.key(head), 1, row, size, length, keysAcross);
            Gemm.packAll(in, at + heads.value(head), 1, row, size, length, valuesAcross);
            Gemm.packAll(in, at + heads.key(head), row, 1, length, size, keys);
            for (int i = 0; i < length; i += ROWS) {
                int rows = Math.min(ROWS, length - i);
                int query = at + heads.query(head) + i * row;
                int outFrom = heads.out(head) + i * outRow;
                int dFrom = dOut.at(indices) + outFrom;
                gemm.multiplyAll(rows, length, size, in, query, row, 1, keysAcross, weights, 0, length, false);
                gemm.multiplyAll(
                        rows, length, size, gradient, dFrom, outRow, 1, valuesAcross, dWeights, 0, length, false);
                for (int r = 0; r < rows; r++) {
                    float delta = dot(
                            gradient, dFrom + r * outRow, out.floats(), out.at(indices) + outFrom + r * outRow, size);
                    float sum = logSumExp.floats()[logSumExp.at(indices) + head * length + i + r];
                    softmaxBackward(weights, dWeights, r * length, length, heads.scale(), sum, delta);
                }
                gemm.multiplyAll(
                        rows, size, length, dWeights, 0, length, 1, keys, dIn, to + heads.query(head) + i * row, row,
                        false);
                Gemm.packAll(in, query, row, 1, rows, size, block);
                gemm.multiplyAll(
                        length, size, rows, dWeights, 0, 1, length, block, dIn, to + heads.key(head), row, i > 0);
                Gemm.packAll(gradient, dFrom, outRow, 1, rows, size, block);
                gemm.multiplyAll(
                        length, size, rows, weights, 0, 1, length, block, dIn, to + heads.value(head), row, i > 0);
            }
        });
    }

    private static float dot(float[] a, int aAt, float[] b, int bAt, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum = Math.fma(a[aAt + i], b[bAt + i], sum);
        }
        return sum;
    }

    /** Scores become weights, and gradients of weights those of the products of queries and keys. */
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
}
