package trm4j.kernels.tornado;

import trm4j.kernels.DeviceException;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Attention;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Softmax attention in tiles, after FlashAttention (arXiv 2205.14135): a work-group of 16 x 16 threads has
 * a tile of one head's queries in local memory and goes through the tiles of its keys and values. Scores exist for
 * one pair of tiles at a time. {@link AttentionTilesBackward} is the way back.
 *
 * <p>Local memory has a tile's positions side by side, element by element. Positions that a thread multiplies follow
 * one another, so that compilers read several at once; an odd distance between elements keeps banks apart.
 */
final class AttentionTiles {

    /** Threads of a work-group along each axis. */
    static final int SIDE = 16;
    /** Elements of a head in one turn of a loop over scores: as many as leave little beside their multiply-adds. */
    static final int ELEMENTS = 4;
    /** Positions in one turn of a loop over sums, likewise. */
    static final int POSITIONS = 2;

    private static final int LARGEST_HEAD = 128;
    /** Less than any score, and still finite when something is subtracted from it. */
    private static final float LOWEST = -1e30f;

    private AttentionTiles() {}

    /** Columns of forward. */
    private static final class ForwardRow {
        static final int QKV = 0, OUT = 1, LOG_SUM_EXP = 2, LENGTH = 3, HEADS = 4, END = 5;
    }

    /**
     * Each work-group computes a tile of one head's queries, in a softmax that goes on from tile to tile.
     *
     * @param size of a head
     * @param rows queries of a thread: a tile has 16 times as many
     * @param columns keys of a thread: a tile has 16 times as many
     * @param width elements of a head that a thread sums; beyond the head's size, local memory has zeros
     */
    static void forward(
            KernelContext context, int[] ints, int at, int size, int rows, int columns, int width, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int length = ints[row + ForwardRow.LENGTH];
        int heads = ints[row + ForwardRow.HEADS];
        int x = context.localIdx;
        int y = context.localIdy;
        int thread = y * SIDE + x;
        int queryTile = context.groupIdx * SIDE * rows;
        int b = context.groupIdz / heads;
        int head = context.groupIdz - b * heads;
        CallTable.count(ints, thread + queryTile + context.groupIdz);
        int position = 3 * heads * size;
        int q0 = ints[row + ForwardRow.QKV] + b * length * position + head * size;
        int k0 = q0 + heads * size;
        int v0 = k0 + heads * size;
        float scale = 1f / TornadoMath.sqrt((float) size);
        float[] qs = context.allocateFloatLocalArray(SIDE * width * (SIDE * rows + 1));
        float[] kv = context.allocateFloatLocalArray(SIDE * width * (SIDE * columns + 1));
        float[] ps = context.allocateFloatLocalArray(SIDE * columns * (SIDE * rows + 1));
        float[] maxima = context.allocateFloatLocalArray(SIDE * rows);
        float[] shrink = context.allocateFloatLocalArray(SIDE * rows);
        float[] totals = context.allocateFloatLocalArray(SIDE * rows);
        float[] scores = new float[rows * columns];
        float[] sums = new float[rows * width];
        float[] kOfC = new float[columns];
        float[] vOfKey = new float[width];
        for (int i = 0; i < rows * width; i++) {
            sums[i] = 0f;
        }
        for (int e = thread; e < SIDE * rows * SIDE * width; e += SIDE * SIDE) {
            int r = e / (SIDE * width);
            int c = e - r * SIDE * width;
            float value = 0f;
            if (queryTile + r < length && (SIDE * width == size || c < size)) {
                value = f[q0 + (queryTile + r) * position + c] * scale;
            }
            qs[c * (SIDE * rows + 1) + r] = value;
        }
        if (thread < SIDE * rows) {
            maxima[thread] = LOWEST;
            totals[thread] = 0f;
        }
        for (int keyTile = 0; keyTile < length; keyTile += SIDE * columns) {
            context.localBarrier();
            for (int e = thread; e < SIDE * columns * SIDE * width; e += SIDE * SIDE) {
                int r = e / (SIDE * width);
                int c = e - r * SIDE * width;
                float value = 0f;
                if (keyTile + r < length && (SIDE * width == size || c < size)) {
                    value = f[k0 + (keyTile + r) * position + c];
                }
                kv[c * (SIDE * columns + 1) + r] = value;
            }
            context.localBarrier();
            for (int i = 0; i < rows * columns; i++) {
                scores[i] = 0f;
            }
            int keysAt = x * columns;
            int queriesAt = y * rows;
            for (int c = 0; c < SIDE * width; c += ELEMENTS) {
                for (int u = 0; u < ELEMENTS; u++) {
                    for (int j = 0; j < columns; j++) {
                        kOfC[j] = kv[keysAt + u * (SIDE * columns + 1) + j];
                    }
                    for (int i = 0; i < rows; i++) {
                        float q = qs[queriesAt + u * (SIDE * rows + 1) + i];
                        for (int j = 0; j < columns; j++) {
                            scores[i * columns + j] += q * kOfC[j];
                        }
                    }
                }
                keysAt += ELEMENTS * (SIDE * columns + 1);
                queriesAt += ELEMENTS * (SIDE * rows + 1);
            }
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    float score = scores[i * columns + j];
                    if (keyTile + x * columns + j >= length) {
                        score = LOWEST;
                    }
                    ps[(x * columns + j) * (SIDE * rows + 1) + y * rows + i] = score;
                }
            }
            context.localBarrier();
            if (thread < SIDE * rows) {
                float before = maxima[thread];
                float max = before;
                for (int j = 0; j < SIDE * columns; j++) {
                    max = TornadoMath.max(max, ps[j * (SIDE * rows + 1) + thread]);
                }
                float total = 0f;
                for (int j = 0; j < SIDE * columns; j++) {
                    float p = TornadoMath.exp(ps[j * (SIDE * rows + 1) + thread] - max);
                    ps[j * (SIDE * rows + 1) + thread] = p;
                    total += p;
                }
                float factor = TornadoMath.exp(before - max);
                maxima[thread] = max;
                shrink[thread] = factor;
                totals[thread] = totals[thread] * factor + total;
            }
            for (int e = thread; e < SIDE * columns * SIDE * width; e += SIDE * SIDE) {
                int r = e / (SIDE * width);
                int c = e - r * SIDE * width;
                float value = 0f;
                if (keyTile + r < length && (SIDE * width == size || c < size)) {
                    value = f[v0 + (keyTile + r) * position + c];
                }
                kv[c * (SIDE * columns + 1) + r] = value;
            }
            context.localBarrier();
            for (int i = 0; i < rows; i++) {
                float factor = shrink[y * rows + i];
                for (int j = 0; j < width; j++) {
                    sums[i * width + j] *= factor;
                }
            }
            for (int from = 0; from < SIDE * columns; from += POSITIONS) {
                for (int u = 0; u < POSITIONS; u++) {
                    int key = from + u;
                    for (int j = 0; j < width; j++) {
                        vOfKey[j] = kv[(x + SIDE * j) * (SIDE * columns + 1) + key];
                    }
                    for (int i = 0; i < rows; i++) {
                        float p = ps[key * (SIDE * rows + 1) + y * rows + i];
                        for (int j = 0; j < width; j++) {
                            sums[i * width + j] += p * vOfKey[j];
                        }
                    }
                }
            }
        }
        for (int i = 0; i < rows; i++) {
            int query = queryTile + y * rows + i;
            if (query < length) {
                float whole = 1f / totals[y * rows + i];
                for (int j = 0; j < width; j++) {
                    if (x + SIDE * j < size) {
                        f[ints[row + ForwardRow.OUT] + ((b * length + query) * heads + head) * size + x + SIDE * j] =
                                sums[i * width + j] * whole;
                    }
                }
            }
        }
        if (thread < SIDE * rows && queryTile + thread < length) {
            f[ints[row + ForwardRow.LOG_SUM_EXP] + (b * heads + head) * length + queryTile + thread] =
                    maxima[thread] + TornadoMath.log(totals[thread]);
        }
    }

    static Recipe forward(Attention.Forward op) {
        var qkv = op.qkv();
        int size = headSize(qkv);
        int rows = size <= 64 ? 4 : 2;
        int columns = 2;
        int width = Math.ceilDiv(size, SIDE);
        return Recipe.of(Launch.of("attention", ForwardRow.END)
                .operand(ForwardRow.QKV, qkv)
                .operand(ForwardRow.OUT, op.out())
                .operand(ForwardRow.LOG_SUM_EXP, op.logSumExp())
                .size(ForwardRow.LENGTH, qkv.dim(1))
                .size(ForwardRow.HEADS, qkv.dim(3))
                .on(threads(qkv, rows, SIDE), caller ->
                        caller.groups(AttentionTiles::forward, size, rows, columns, width)));
    }

    /** Elements of a head, of which local memory has room for so many. */
    static int headSize(Tensor qkv) {
        int size = qkv.dim(4);
        if (size > LARGEST_HEAD) {
            throw new DeviceException("Attention heads of " + size + " elements do not fit a work-group's local memory,"
                    + " expected at most " + LARGEST_HEAD + "; choose more num_heads.");
        }
        return size;
    }

    /**
     * A work-group for each tile of each head.
     *
     * @param sixteenths of a tile's positions
     * @param high threads of a work-group across the 16 of a row
     */
    static Threads threads(Tensor qkv, int sixteenths, int high) {
        return new Threads(
                Math.ceilDiv(qkv.dim(1), SIDE * sixteenths), 1, qkv.dim(0) * qkv.dim(3), SIDE, high);
    }
}
