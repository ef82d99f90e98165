package trm4j.kernels.tornado;

import static trm4j.kernels.tornado.AttentionTiles.ELEMENTS;
import static trm4j.kernels.tornado.AttentionTiles.POSITIONS;
import static trm4j.kernels.tornado.AttentionTiles.SIDE;

import java.util.List;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Attention;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * The way back through {@link AttentionTiles}. Scores are computed again from the log-sum-exp of each row, once for the
 * gradients of keys and values and once for those of queries, so that each work-group alone writes what it sums.
 */
final class AttentionTilesBackward {

    /**
     * Threads of a work-group across the 16 of a row: half as many as the tile is high asks each for twice as many
     * rows, so that what it reads from local memory serves more multiplications.
     */
    private static final int HIGH = 8;

    // The columns of a row.
    private static final int QKV = 0, LOG_SUM_EXP = 1, D_OUT = 2, DELTA = 3, D_QKV = 4, LENGTH = 5, HEADS = 6, END = 7;

    private AttentionTilesBackward() {}

    /**
     * The gradients of keys and values. Each work-group computes a tile of one head's keys, over all tiles
     * of queries.
     *
     * @param size of a head
     * @param rows of a thread: a tile has 8 times as many
     * @param columns of a thread: a tile has 16 times as many, the same number
     * @param width elements of a head that a thread sums; beyond the head's size, local memory has zeros
     */
    static void keysAndValues(
            KernelContext context, int[] ints, int at, int size, int rows, int columns, int width, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int length = ints[row + LENGTH];
        int heads = ints[row + HEADS];
        int x = context.localIdx;
        int y = context.localIdy;
        int thread = y * SIDE + x;
        int keyTile = context.groupIdx * SIDE * columns;
        int b = context.groupIdz / heads;
        int head = context.groupIdz - b * heads;
        CallTable.count(ints, thread + keyTile + context.groupIdz);
        int position = 3 * heads * size;
        int within = b * length * position + head * size;
        int q0 = ints[row + QKV] + within;
        int k0 = q0 + heads * size;
        int v0 = k0 + heads * size;
        int rowAt = (b * heads + head) * length;
        int d0 = ints[row + D_OUT] + (b * length * heads + head) * size;
        float scale = 1f / TornadoMath.sqrt((float) size);
        float[] qs = context.allocateFloatLocalArray(SIDE * width * (SIDE * columns + 1));
        float[] ks = context.allocateFloatLocalArray(SIDE * width * (SIDE * columns + 1));
        float[] vs = context.allocateFloatLocalArray(SIDE * width * (SIDE * columns + 1));
        float[] ds = context.allocateFloatLocalArray(SIDE * width * (SIDE * columns + 1));
        float[] ps = context.allocateFloatLocalArray(SIDE * columns * (SIDE * columns + 1));
        float[] dps = context.allocateFloatLocalArray(SIDE * columns * (SIDE * columns + 1));
        float[] dk = new float[rows * width];
        float[] dv = new float[rows * width];
        float[] scores = new float[rows * columns];
        float[] dpSums = new float[rows * columns];
        float[] kOfC = new float[columns];
        float[] vOfC = new float[columns];
        float[] dOfQuery = new float[width];
        float[] qOfQuery = new float[width];
        for (int i = 0; i < rows * width; i++) {
            dk[i] = 0f;
            dv[i] = 0f;
        }
        for (int e = thread; e < SIDE * columns * SIDE * width; e += SIDE * HIGH) {
            int r = e / (SIDE * width);
            int c = e - r * SIDE * width;
            float k = 0f;
            float v = 0f;
            if (keyTile + r < length && (SIDE * width == size || c < size)) {
                k = f[k0 + (keyTile + r) * position + c];
                v = f[v0 + (keyTile + r) * position + c];
            }
            ks[c * (SIDE * columns + 1) + r] = k;
            vs[c * (SIDE * columns + 1) + r] = v;
        }
        for (int queryTile = 0; queryTile < length; queryTile += SIDE * columns) {
            context.localBarrier();
            for (int e = thread; e < SIDE * columns * SIDE * width; e += SIDE * HIGH) {
                int r = e / (SIDE * width);
                int c = e - r * SIDE * width;
                float q = 0f;
                float d = 0f;
                if (queryTile + r < length && (SIDE * width == size || c < size)) {
                    q = f[q0 + (queryTile + r) * position + c] * scale;
                    d = f[d0 + (queryTile + r) * heads * size + c];
                }
                qs[c * (SIDE * columns + 1) + r] = q;
                ds[c * (SIDE * columns + 1) + r] = d;
            }
            context.localBarrier();
            for (int i = 0; i < rows * columns; i++) {
                scores[i] = 0f;
                dpSums[i] = 0f;
            }
            int keysAt = x * columns;
            int queriesAt = y * rows;
            for (int c = 0; c < SIDE * width; c += ELEMENTS) {
                for (int u = 0; u < ELEMENTS; u++) {
                    for (int j = 0; j < columns; j++) {
                        kOfC[j] = ks[keysAt + u * (SIDE * columns + 1) + j];
                        vOfC[j] = vs[keysAt + u * (SIDE * columns + 1) + j];
                    }
                    for (int i = 0; i < rows; i++) {
                        float q = qs[queriesAt + u * (SIDE * columns + 1) + i];
                        float d = ds[queriesAt + u * (SIDE * columns + 1) + i];
                        for (int j = 0; j < columns; j++) {
                            scores[i * columns + j] += q * kOfC[j];
                            dpSums[i * columns + j] += d * vOfC[j];
                        }
                    }
                }
                keysAt += ELEMENTS * (SIDE * columns + 1);
                queriesAt += ELEMENTS * (SIDE * columns + 1);
            }
            for (int i = 0; i < rows; i++) {
                int query = y * rows + i;
                for (int j = 0; j < columns; j++) {
                    int key = x * columns + j;
                    float p = 0f;
                    float dScore = 0f;
                    if (queryTile + query < length && keyTile + key < length) {
                        p = TornadoMath.exp(
                                scores[i * columns + j] - f[ints[row + LOG_SUM_EXP] + rowAt + queryTile + query]);
                        dScore = p * (dpSums[i * columns + j] - f[ints[row + DELTA] + rowAt + queryTile + query]);
                    }
                    ps[query * (SIDE * columns + 1) + key] = p;
                    dps[query * (SIDE * columns + 1) + key] = dScore;
                }
            }
            context.localBarrier();
            for (int from = 0; from < SIDE * columns; from += POSITIONS) {
                for (int u = 0; u < POSITIONS; u++) {
                    int query = from + u;
                    for (int j = 0; j < width; j++) {
                        dOfQuery[j] = ds[(x + SIDE * j) * (SIDE * columns + 1) + query];
                        qOfQuery[j] = qs[(x + SIDE * j) * (SIDE * columns + 1) + query];
                    }
                    for (int i = 0; i < rows; i++) {
                        float p = ps[query * (SIDE * columns + 1) + y * rows + i];
                        float dScore = dps[query * (SIDE * columns + 1) + y * rows + i];
                        for (int j = 0; j < width; j++) {
                            dv[i * width + j] += p * dOfQuery[j];
                            dk[i * width + j] += dScore * qOfQuery[j];
                        }
                    }
                }
            }
        }
        int dk0 = ints[row + D_QKV] + within + heads * size;
        int dv0 = dk0 + heads * size;
        for (int i = 0; i < rows; i++) {
            int key = keyTile + y * rows + i;
            if (key < length) {
                for (int j = 0; j < width; j++) {
                    if (x + SIDE * j < size) {
                        f[dk0 + key * position + x + SIDE * j] = dk[i * width + j];
                        f[dv0 + key * position + x + SIDE * j] = dv[i * width + j];
                    }
                }
            }
        }
    }

    /**
     * The gradients of queries. Each work-group computes a tile of one head's, over all tiles of keys. What is compiled
     * in is the same as in {@link #keysAndValues}.
     */
    static void queries(
            KernelContext context, int[] ints, int at, int size, int rows, int columns, int width, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int length = ints[row + LENGTH];
        int heads = ints[row + HEADS];
        int x = context.localIdx;
        int y = context.localIdy;
        int thread = y * SIDE + x;
        int queryTile = context.groupIdx * SIDE * columns;
        int b = context.groupIdz / heads;
        int head = context.groupIdz - b * heads;
        CallTable.count(ints, thread + queryTile + context.groupIdz);
        int position = 3 * heads * size;
        int within = b * length * position + head * size;
        int q0 = ints[row + QKV] + within;
        int k0 = q0 + heads * size;
        int v0 = k0 + heads * size;
        int rowAt = (b * heads + head) * length;
        int d0 = ints[row + D_OUT] + (b * length * heads + head) * size;
        float scale = 1f / TornadoMath.sqrt((float) size);
        float[] qs = context.allocateFloatLocalArray(SIDE * width * (SIDE * columns + 1));
        float[] ks = context.allocateFloatLocalArray(SIDE * width * (SIDE * columns + 1));
        float[] vs = context.allocateFloatLocalArray(SIDE * width * (SIDE * columns + 1));
        float[] ds = context.allocateFloatLocalArray(SIDE * width * (SIDE * columns + 1));
        float[] dps = context.allocateFloatLocalArray(SIDE * columns * (SIDE * columns + 1));
        float[] dq = new float[rows * width];
        float[] scores = new float[rows * columns];
        float[] dpSums = new float[rows * columns];
        float[] kOfC = new float[columns];
        float[] vOfC = new float[columns];
        float[] kOfKey = new float[width];
        for (int i = 0; i < rows * width; i++) {
            dq[i] = 0f;
        }
        for (int e = thread; e < SIDE * columns * SIDE * width; e += SIDE * HIGH) {
            int r = e / (SIDE * width);
            int c = e - r * SIDE * width;
            float q = 0f;
            float d = 0f;
            if (queryTile + r < length && (SIDE * width == size || c < size)) {
                q = f[q0 + (queryTile + r) * position + c] * scale;
                d = f[d0 + (queryTile + r) * heads * size + c];
            }
            qs[c * (SIDE * columns + 1) + r] = q;
            ds[c * (SIDE * columns + 1) + r] = d;
        }
        for (int keyTile = 0; keyTile < length; keyTile += SIDE * columns) {
            context.localBarrier();
            for (int e = thread; e < SIDE * columns * SIDE * width; e += SIDE * HIGH) {
                int r = e / (SIDE * width);
                int c = e - r * SIDE * width;
                float k = 0f;
                float v = 0f;
                if (keyTile + r < length && (SIDE * width == size || c < size)) {
                    k = f[k0 + (keyTile + r) * position + c];
                    v = f[v0 + (keyTile + r) * position + c];
                }
                ks[c * (SIDE * columns + 1) + r] = k;
                vs[c * (SIDE * columns + 1) + r] = v;
            }
            context.localBarrier();
            for (int i = 0; i < rows * columns; i++) {
                scores[i] = 0f;
                dpSums[i] = 0f;
            }
            int keysAt = x * columns;
            int queriesAt = y * rows;
            for (int c = 0; c < SIDE * width; c += ELEMENTS) {
                for (int u = 0; u < ELEMENTS; u++) {
                    for (int j = 0; j < columns; j++) {
                        kOfC[j] = ks[keysAt + u * (SIDE * columns + 1) + j];
                        vOfC[j] = vs[keysAt + u * (SIDE * columns + 1) + j];
                    }
                    for (int i = 0; i < rows; i++) {
                        float q = qs[queriesAt + u * (SIDE * columns + 1) + i];
                        float d = ds[queriesAt + u * (SIDE * columns + 1) + i];
                        for (int j = 0; j < columns; j++) {
                            scores[i * columns + j] += q * kOfC[j];
                            dpSums[i * columns + j] += d * vOfC[j];
                        }
                    }
                }
                keysAt += ELEMENTS * (SIDE * columns + 1);
                queriesAt += ELEMENTS * (SIDE * columns + 1);
            }
            for (int i = 0; i < rows; i++) {
                int query = y * rows + i;
                for (int j = 0; j < columns; j++) {
                    int key = x * columns + j;
                    float dScore = 0f;
                    if (queryTile + query < length && keyTile + key < length) {
                        float p = TornadoMath.exp(
                                scores[i * columns + j] - f[ints[row + LOG_SUM_EXP] + rowAt + queryTile + query]);
                        dScore = p * scale
                                * (dpSums[i * columns + j] - f[ints[row + DELTA] + rowAt + queryTile + query]);
                    }
                    dps[key * (SIDE * columns + 1) + query] = dScore;
                }
            }
            context.localBarrier();
            for (int from = 0; from < SIDE * columns; from += POSITIONS) {
                for (int u = 0; u < POSITIONS; u++) {
                    int key = from + u;
                    for (int j = 0; j < width; j++) {
                        kOfKey[j] = ks[(x + SIDE * j) * (SIDE * columns + 1) + key];
                    }
                    for (int i = 0; i < rows; i++) {
                        float dScore = dps[key * (SIDE * columns + 1) + y * rows + i];
                        for (int j = 0; j < width; j++) {
                            dq[i * width + j] += dScore * kOfKey[j];
                        }
                    }
                }
            }
        }
        int dq0 = ints[row + D_QKV] + within;
        for (int i = 0; i < rows; i++) {
            int query = queryTile + y * rows + i;
            if (query < length) {
                for (int j = 0; j < width; j++) {
                    if (x + SIDE * j < size) {
                        f[dq0 + query * position + x + SIDE * j] = dq[i * width + j];
                    }
                }
            }
        }
    }

    static Recipe of(Attention.Backward op) {
        var qkv = op.qkv();
        int size = AttentionTiles.headSize(qkv);
        int columns = size <= 64 ? 2 : 1;
        int rows = SIDE / HIGH * columns;
        int width = Math.ceilDiv(size, SIDE);
        return Recipe.withScratch(op.logSumExp().size(), delta -> List.of(
                AttentionDelta.of(op, delta),
                launch("attention keys and values", op, delta, columns, caller ->
                        caller.groups(AttentionTilesBackward::keysAndValues, size, rows, columns, width)),
                launch("attention queries", op, delta, columns, caller ->
                        caller.groups(AttentionTilesBackward::queries, size, rows, columns, width))));
    }

    private static Launch launch(String kernel, Attention.Backward op, Tensor delta, int columns, Launch.Call call) {
        var qkv = op.qkv();
        return Launch.of(kernel, END)
                .operand(QKV, qkv)
                .operand(LOG_SUM_EXP, op.logSumExp())
                .operand(D_OUT, op.dOut())
                .operand(DELTA, delta)
                .operand(D_QKV, op.dQkv())
                .size(LENGTH, qkv.dim(1))
                .size(HEADS, qkv.dim(3))
                .on(AttentionTiles.threads(qkv, columns, HIGH), call);
    }
}
