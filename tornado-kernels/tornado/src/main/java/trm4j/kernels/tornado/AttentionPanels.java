package trm4j.kernels.tornado;

import java.util.List;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Attention;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Softmax attention for processors: the computation of {@link AttentionTiles} in the products of {@link Lanes}.
 * There are a few threads, each with scratch space of its own, that share out the tiles of 64 positions.
 */
final class AttentionPanels {

    /** Positions of a tile. */
    private static final int TILE = 64;
    /** Threads for each work-group that runs at a time, so that all end at about the same time. */
    private static final int SHARES = 4;

    /** Less than any score, and still finite when something is subtracted from it. */
    private static final float LOWEST = -1e30f;

    private AttentionPanels() {}

    /** Copies the rows of a tile, scaled, with zeros at the end of each. */
    private static void copy(float[] f, int from, int rows, int apart, int size, int wide, float scale, int to) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < size; c++) {
                f[to + r * wide + c] = f[from + r * apart + c] * scale;
            }
            for (int c = size; c < wide; c++) {
                f[to + r * wide + c] = 0f;
            }
        }
    }

    /** Copies the rows of a tile to columns, with zeros in the place of those that are missing. */
    private static void turn(float[] f, int from, int rows, int apart, int size, int to) {
        for (int c = 0; c < size; c++) {
            for (int r = 0; r < rows; r++) {
                f[to + c * TILE + r] = f[from + r * apart + c];
            }
            for (int r = rows; r < TILE; r++) {
                f[to + c * TILE + r] = 0f;
            }
        }
    }

    /** c = keep * c + a b, for some rows of a and c that lie {@code aRow} and {@code wide} apart. */
    private static void product(
            float[] f, int rows, int steps, int a, int aRow, int aNext, int b, int c, int wide, int keep) {
        for (int r = 0; r < rows; r += Lanes.TALL) {
            int r1 = Math.min(r + 1, rows - 1);
            for (int j = 0; j < wide; j += Lanes.WIDE) {
                Lanes.product(
                        f, steps, a + r * aRow, a + r1 * aRow, aNext, b + j, wide,
                        c + r * wide + j, c + r1 * wide + j, keep);
            }
        }
    }

    /** Columns of forward. */
    private static final class ForwardRow {
        static final int QKV = 0, OUT = 1, LOG_SUM_EXP = 2, SCRATCH = 3, THREADS = 4, LENGTH = 5, HEADS = 6, SIZE = 7,
                WIDE = 8, TILES = 9, SHARE = 10, END = 11;
    }

    /** Each thread computes some tiles of queries, in a softmax that goes on from one tile of keys to the next. */
    static void forward(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int threads = ints[row + ForwardRow.THREADS];
        int length = ints[row + ForwardRow.LENGTH];
        int heads = ints[row + ForwardRow.HEADS];
        int size = ints[row + ForwardRow.SIZE];
        int wide = ints[row + ForwardRow.WIDE];
        int tiles = ints[row + ForwardRow.TILES];
        int share = ints[row + ForwardRow.SHARE];
        int position = 3 * heads * size;
        int down = (length + TILE - 1) / TILE;
        float scale = 1f / TornadoMath.sqrt((float) size);
        for (@Parallel int i = 0; i < threads; i++) {
            CallTable.count(ints, i);
            int keysAt = ints[row + ForwardRow.SCRATCH] + i * share;
            int valuesAt = keysAt + TILE * wide;
            int sumsAt = valuesAt + TILE * wide;
            int scoresAt = sumsAt + TILE * wide;
            int maximaAt = scoresAt + TILE * TILE;
            int totalsAt = maximaAt + TILE;
            for (int tile = i; tile < tiles; tile += threads) {
                int of = tile / down;
                int first = (tile - of * down) * TILE;
                int b = of / heads;
                int head = of - b * heads;
                int rows = Math.min(TILE, length - first);
                int q0 = ints[row + ForwardRow.QKV] + b * length * position + head * size;
                int k0 = q0 + heads * size;
                int v0 = k0 + heads * size;
                for (int r = 0; r < rows; r++) {
                    f[maximaAt + r] = LOWEST;
                    f[totalsAt + r] = 0f;
                }
                for (int keyTile = 0; keyTile < length; keyTile += TILE) {
                    int keys = Math.min(TILE, length - keyTile);
                    turn(f, k0 + keyTile * position, keys, position, size, keysAt);
                    copy(f, v0 + keyTile * position, keys, position, size, wide, 1f, valuesAt);
                    product(f, rows, size, q0 + first * position, position, 1, keysAt, scoresAt, TILE, 0);
                    for (int r = 0; r < rows; r++) {
                        int scores = scoresAt + r * TILE;
                        float before = f[maximaAt + r];
                        float max = before;
                        for (int j = 0; j < keys; j++) {
                            max = TornadoMath.max(max, f[scores + j] * scale);
                        }
                        float total = 0f;
                        for (int j = 0; j < keys; j++) {
                            float p = TornadoMath.exp(f[scores + j] * scale - max);
                            f[scores + j] = p;
                            total += p;
                        }
                        float factor = TornadoMath.exp(before - max);
                        f[maximaAt + r] = max;
                        f[totalsAt + r] = f[totalsAt + r] * factor + total;
                        if (keyTile > 0) {
                            for (int c = 0; c < wide; c += Lanes.COUNT) {
                                Lanes.scale(f, sumsAt + r * wide + c, factor);
                            }
                        }
                    }
                    product(f, rows, keys, scoresAt, TILE, 1, valuesAt, sumsAt, wide, keyTile);
                }
                for (int r = 0; r < rows; r++) {
                    float whole = 1f / f[totalsAt + r];
                    int to = ints[row + ForwardRow.OUT] + ((b * length + first + r) * heads + head) * size;
                    for (int c = 0; c < size; c++) {
                        f[to + c] = f[sumsAt + r * wide + c] * whole;
                    }
                    f[ints[row + ForwardRow.LOG_SUM_EXP] + of * length + first + r] =
                            f[maximaAt + r] + TornadoMath.log(f[totalsAt + r]);
                }
            }
        }
    }

    /** Columns of backward. */
    private static final class BackwardRow {
        static final int QKV = 0, LOG_SUM_EXP = 1, D_OUT = 2, DELTA = 3, D_QKV = 4, SCRATCH = 5, THREADS = 6,
                LENGTH = 7, HEADS = 8, SIZE = 9, WIDE = 10, ALL = 11, SHARE = 12, END = 13;
    }

    /** Each thread computes all gradients of some heads: for each tile of keys it goes through the queries. */
    static void backward(int[] ints, int at, float[] f) {
        int row = ints[CallTable.ROW] + at;
        int threads = ints[row + BackwardRow.THREADS];
        int length = ints[row + BackwardRow.LENGTH];
        int heads = ints[row + BackwardRow.HEADS];
        int size = ints[row + BackwardRow.SIZE];
        int wide = ints[row + BackwardRow.WIDE];
        int all = ints[row + BackwardRow.ALL];
        int share = ints[row + BackwardRow.SHARE];
        int position = 3 * heads * size;
        float scale = 1f / TornadoMath.sqrt((float) size);
        for (@Parallel int i = 0; i < threads; i++) {
            CallTable.count(ints, i);
            int keysAt = ints[row + BackwardRow.SCRATCH] + i * share;
            int keysTurnedAt = keysAt + TILE * wide;
            int valuesTurnedAt = keysTurnedAt + TILE * wide;
            int queriesAt = valuesTurnedAt + TILE * wide;
            int dOutAt = queriesAt + TILE * wide;
            int dqAt = dOutAt + TILE * wide;
            int dkAt = dqAt + TILE * wide;
            int dvAt = dkAt + TILE * wide;
            int psAt = dvAt + TILE * wide;
            int dpsAt = psAt + TILE * TILE;
            for (int of = i; of < all; of += threads) {
                int b = of / heads;
                int head = of - b * heads;
                int within = b * length * position + head * size;
                int q0 = ints[row + BackwardRow.QKV] + within;
                int k0 = q0 + heads * size;
                int v0 = k0 + heads * size;
                int d0 = ints[row + BackwardRow.D_OUT] + (b * length * heads + head) * size;
                int dq0 = ints[row + BackwardRow.D_QKV] + within;
                int dk0 = dq0 + heads * size;
                int dv0 = dk0 + heads * size;
                for (int keyTile = 0; keyTile < length; keyTile += TILE) {
                    int keys = Math.min(TILE, length - keyTile);
                    copy(f, k0 + keyTile * position, keys, position, size, wide, scale, keysAt);
                    turn(f, k0 + keyTile * position, keys, position, size, keysTurnedAt);
                    turn(f, v0 + keyTile * position, keys, position, size, valuesTurnedAt);
                    for (int queryTile = 0; queryTile < length; queryTile += TILE) {
                        int queries = Math.min(TILE, length - queryTile);
                        int logSumExp = ints[row + BackwardRow.LOG_SUM_EXP] + of * length + queryTile;
                        int delta = ints[row + BackwardRow.DELTA] + of * length + queryTile;
                        copy(f, q0 + queryTile * position, queries, position, size, wide, scale, queriesAt);
                        copy(f, d0 + queryTile * heads * size, queries, heads * size, size, wide, 1f, dOutAt);
                        product(f, queries, size, queriesAt, wide, 1, keysTurnedAt, psAt, TILE, 0);
                        product(f, queries, size, dOutAt, wide, 1, valuesTurnedAt, dpsAt, TILE, 0);
                        for (int r = 0; r < queries; r++) {
                            for (int j = r * TILE; j < r * TILE + keys; j++) {
                                float p = TornadoMath.exp(f[psAt + j] - f[logSumExp + r]);
                                f[psAt + j] = p;
                                f[dpsAt + j] = p * (f[dpsAt + j] - f[delta + r]);
                            }
                        }
                        product(f, keys, queries, psAt, 1, TILE, dOutAt, dvAt, wide, queryTile);
                        product(f, keys, queries, dpsAt, 1, TILE, queriesAt, dkAt, wide, queryTile);
                        product(f, queries, keys, dpsAt, TILE, 1, keysAt, dqAt, wide, 0);
                        for (int r = 0; r < queries; r++) {
                            int to = dq0 + (queryTile + r) * position;
                            for (int c = 0; c < size; c++) {
                                float sum = f[dqAt + r * wide + c];
                                if (keyTile > 0) {
                                    sum += f[to + c];
                                }
                                f[to + c] = sum;
                            }
                        }
                    }
                    copyBack(f, dkAt, keys, wide, size, dk0 + keyTile * position, position);
                    copyBack(f, dvAt, keys, wide, size, dv0 + keyTile * position, position);
                }
            }
        }
    }

    private static void copyBack(float[] f, int from, int rows, int wide, int size, int to, int apart) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < size; c++) {
                f[to + r * apart + c] = f[from + r * wide + c];
            }
        }
    }

    private static int wide(Tensor qkv) {
        return Math.ceilDiv(qkv.dim(4), Lanes.WIDE) * Lanes.WIDE;
    }

    private static int heads(Tensor qkv) {
        return qkv.dim(0) * qkv.dim(3);
    }

    private static int tiles(Tensor qkv) {
        return Math.ceilDiv(qkv.dim(1), TILE) * heads(qkv);
    }

    private static int threads(int most, int units) {
        return Math.min(most, SHARES * units);
    }

    private static int forwardShare(Tensor qkv) {
        return TILE * (3 * wide(qkv) + TILE + 2);
    }

    private static int backwardShare(Tensor qkv) {
        return TILE * (8 * wide(qkv) + 2 * TILE);
    }

    /** @param units how many work-groups run at a time, roughly */
    static Recipe forward(Attention.Forward op, int units) {
        var qkv = op.qkv();
        int threads = threads(tiles(qkv), units);
        int share = forwardShare(qkv);
        return Recipe.withScratch(threads * share, scratch -> List.of(Launch.of("attention", ForwardRow.END)
                .operand(ForwardRow.QKV, qkv)
                .operand(ForwardRow.OUT, op.out())
                .operand(ForwardRow.LOG_SUM_EXP, op.logSumExp())
                .operand(ForwardRow.SCRATCH, scratch)
                .size(ForwardRow.THREADS, threads)
                .size(ForwardRow.LENGTH, qkv.dim(1))
                .size(ForwardRow.HEADS, qkv.dim(3))
                .size(ForwardRow.SIZE, qkv.dim(4))
                .size(ForwardRow.WIDE, wide(qkv))
                .size(ForwardRow.TILES, tiles(qkv))
                .size(ForwardRow.SHARE, share)
                .on(Threads.alone(threads), caller -> caller.loop(AttentionPanels::forward))));
    }

    /** @param units how many work-groups run at a time, roughly */
    static Recipe backward(Attention.Backward op, int units) {
        int threads = threads(heads(op.qkv()), units);
        int share = backwardShare(op.qkv());
        int deltas = op.logSumExp().size();
        return Recipe.withScratch(deltas + threads * share, scratch -> {
            var delta = scratch.part(0, deltas);
            var shares = scratch.part(deltas, threads * share);
            return List.of(AttentionDelta.of(op, delta), gradients(op, delta, shares, threads));
        });
    }

    private static Launch gradients(Attention.Backward op, Tensor delta, Tensor shares, int threads) {
        var qkv = op.qkv();
        return Launch.of("attention backward", BackwardRow.END)
                .operand(BackwardRow.QKV, qkv)
                .operand(BackwardRow.LOG_SUM_EXP, op.logSumExp())
                .operand(BackwardRow.D_OUT, op.dOut())
                .operand(BackwardRow.DELTA, delta)
                .operand(BackwardRow.D_QKV, op.dQkv())
                .operand(BackwardRow.SCRATCH, shares)
                .size(BackwardRow.THREADS, threads)
                .size(BackwardRow.LENGTH, qkv.dim(1))
                .size(BackwardRow.HEADS, qkv.dim(3))
                .size(BackwardRow.SIZE, qkv.dim(4))
                .size(BackwardRow.WIDE, wide(qkv))
                .size(BackwardRow.ALL, heads(qkv))
                .size(BackwardRow.SHARE, backwardShare(qkv))
                .on(Threads.alone(threads), caller -> caller.loop(AttentionPanels::backward));
    }
}
