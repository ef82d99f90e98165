package trm4j.kernels.cpu;

import static trm4j.kernels.cpu.VectorMath.LANES;
import static trm4j.kernels.cpu.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
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

        static Heads of(trm4j.kernels.Tensor qkv) {
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
    static final class Forward implements Kernel {

        private final Team team;
        private final Gemm[] gemms;
        private final Heads heads;
        private final View qkv;
        private final View out;
        private final View logSumExp;
        private final float[][] keys;
        private final float[][] values;
        private final float[][] scores;
        private final float[][] lanes;
        private final Team.Parts part = this::head;
        private int qkvAt;
        private int outAt;
        private int logSumExpAt;

        Forward(Attention.Forward op, Memory memory, Team team, Gemm[] gemms) {
            this.team = team;
            this.gemms = gemms;
            heads = Heads.of(op.qkv());
            qkv = memory.view(op.qkv());
            out = memory.view(op.out());
            logSumExp = memory.view(op.logSumExp());
            keys = new float[team.size()][heads.packed()];
            values = new float[team.size()][heads.packed()];
            scores = new float[team.size()][heads.scores()];
            lanes = new float[team.size()][LANES];
        }

        @Override
        public void run(int[] indices) {
            qkvAt = qkv.at(indices);
            outAt = out.at(indices);
            logSumExpAt = logSumExp.at(indices);
            team.run(heads.batch * heads.heads, part);
        }

        private void head(int head, int worker) {
            int length = heads.length;
            int size = heads.size;
            int row = heads.qkvRow();
            var in = qkv.floats();
            var weights = scores[worker];
            Gemm.packAll(in, qkvAt + heads.key(head), 1, row, size, length, keys[worker]);
            Gemm.packAll(in, qkvAt + heads.value(head), row, 1, length, size, values[worker]);
            for (int i = 0; i < length; i += ROWS) {
                int rows = Math.min(ROWS, length - i);
                gemms[worker].multiplyAll(
                        rows, length, size, in, qkvAt + heads.query(head) + i * row, row, 1, keys[worker], weights,
                        0, length, false);
                for (int r = 0; r < rows; r++) {
                    softmax(weights, r * length, logSumExpAt + head * length + i + r, lanes[worker]);
                }
                gemms[worker].multiplyAll(
                        rows, size, length, weights, 0, length, 1, values[worker], out.floats(),
                        outAt + heads.out(head) + i * heads.outRow(), heads.outRow(), false);
            }
        }

        private void softmax(float[] row, int at, int logSumExpTo, float[] lanes) {
            int n = heads.length;
            float scale = heads.scale();
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
            logSumExp.floats()[logSumExpTo] = max * scale + (float) Math.log(sum);
            float factor = 1 / sum;
            for (i = 0; i <= n - LANES; i += LANES) {
                FloatVector.fromArray(SPECIES, row, at + i).mul(factor).intoArray(row, at + i);
            }
            for (; i < n; i++) {
                row[at + i] *= factor;
            }
        }
    }

    /** Each part is one head of one sequence. */
    static final class Backward implements Kernel {

        private final Team team;
        private final Gemm[] gemms;
        private final Heads heads;
        private final View qkv;
        private final View out;
        private final View logSumExp;
        private final View dOut;
        private final View dQkv;
        private final float[][] keysAcross;
        private final float[][] valuesAcross;
        private final float[][] keys;
        private final float[][] block;
        private final float[][] scores;
        private final float[][] dScores;
        private final Team.Parts part = this::head;
        private int qkvAt;
        private int outAt;
        private int logSumExpAt;
        private int dOutAt;
        private int dQkvAt;

        Backward(Attention.Backward op, Memory memory, Team team, Gemm[] gemms) {
            this.team = team;
            this.gemms = gemms;
            heads = Heads.of(op.qkv());
            qkv = memory.view(op.qkv());
            out = memory.view(op.out());
            logSumExp = memory.view(op.logSumExp());
            dOut = memory.view(op.dOut());
            dQkv = memory.view(op.dQkv());
            int workers = team.size();
            keysAcross = new float[workers][heads.packed()];
            valuesAcross = new float[workers][heads.packed()];
            keys = new float[workers][heads.packed()];
            block = new float[workers][heads.packed()];
            scores = new float[workers][heads.scores()];
            dScores = new float[workers][heads.scores()];
        }

        @Override
        public void run(int[] indices) {
            qkvAt = qkv.at(indices);
            outAt = out.at(indices);
            logSumExpAt = logSumExp.at(indices);
            dOutAt = dOut.at(indices);
            dQkvAt = dQkv.at(indices);
            team.run(heads.batch * heads.heads, part);
        }

        private void head(int head, int worker) {
            int length = heads.length;
            int size = heads.size;
            int row = heads.qkvRow();
            int outRow = heads.outRow();
            var in = qkv.floats();
            var gradient = dOut.floats();
            var dIn = dQkv.floats();
            var gemm = gemms[worker];
            var weights = scores[worker];
            var dWeights = dScores[worker];
            Gemm.packAll(in, qkvAt + heads.key(head), 1, row, size, length, keysAcross[worker]);
            Gemm.packAll(in, qkvAt + heads.value(head), 1, row, size, length, valuesAcross[worker]);
            Gemm.packAll(in, qkvAt + heads.key(head), row, 1, length, size, keys[worker]);
            for (int i = 0; i < length; i += ROWS) {
                int rows = Math.min(ROWS, length - i);
                int query = qkvAt + heads.query(head) + i * row;
                int dOutFrom = dOutAt + heads.out(head) + i * outRow;
                gemm.multiplyAll(
                        rows, length, size, in, query, row, 1, keysAcross[worker], weights, 0, length, false);
                gemm.multiplyAll(
                        rows, length, size, gradient, dOutFrom, outRow, 1, valuesAcross[worker], dWeights, 0,
                        length, false);
                for (int r = 0; r < rows; r++) {
                    float delta = dot(
                            gradient, dOutFrom + r * outRow, out.floats(),
                            outAt + heads.out(head) + (i + r) * outRow, size);
                    softmaxBackward(
                            weights, dWeights, r * length, logSumExp.floats()[logSumExpAt + head * length + i + r],
                            delta);
                }
                gemm.multiplyAll(
                        rows, size, length, dWeights, 0, length, 1, keys[worker], dIn,
                        dQkvAt + heads.query(head) + i * row, row, false);
                Gemm.packAll(in, query, row, 1, rows, size, block[worker]);
                gemm.multiplyAll(
                        length, size, rows, dWeights, 0, 1, length, block[worker], dIn, dQkvAt + heads.key(head),
                        row, i > 0);
                Gemm.packAll(gradient, dOutFrom, outRow, 1, rows, size, block[worker]);
                gemm.multiplyAll(
                        length, size, rows, weights, 0, 1, length, block[worker], dIn,
                        dQkvAt + heads.value(head), row, i > 0);
            }
        }

        private static float dot(float[] a, int aAt, float[] b, int bAt, int n) {
            float sum = 0;
            for (int i = 0; i < n; i++) {
                sum = Math.fma(a[aAt + i], b[bAt + i], sum);
            }
            return sum;
        }

        /** Scores become weights, and gradients of weights those of the products of queries and keys. */
        private void softmaxBackward(float[] row, float[] dRow, int at, float logSumExp, float delta) {
            int n = heads.length;
            float scale = heads.scale();
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
}
