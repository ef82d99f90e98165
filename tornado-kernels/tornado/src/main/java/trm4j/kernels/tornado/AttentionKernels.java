package trm4j.kernels.tornado;

import java.util.List;
import java.util.function.IntFunction;
import trm4j.kernels.DeviceException;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Attention;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Softmax attention in tiles, after FlashAttention (arXiv 2205.14135): a work-group of 16 x 16 threads has
 * a tile of one head's queries (or keys) in local memory and goes through the tiles of the others. Scores
 * exist for one pair of tiles at a time. On the way back they are computed again from the log-sum-exp of
 * each row, once for the gradients of keys and values and once for those of queries, so that each
 * work-group alone writes what it sums.
 */
final class AttentionKernels {

    /** Threads of a work-group along each axis. */
    private static final int SIDE = 16;

    private static final int LARGEST_HEAD = 128;
    /** Less than any score, and still finite when something is subtracted from it. */
    private static final float LOWEST = -1e30f;

    private AttentionKernels() {}

    /**
     * Each work-group computes a tile of one head's queries, in a softmax that goes on from tile to tile.
     *
     * @param size of a head
     * @param rows queries of a thread: a tile has 16 times as many
     * @param columns keys of a thread: a tile has 16 times as many
     * @param width elements of a head that a thread sums
     */
    static void forward(
            KernelContext context, int[] ints, int at, int size, int rows, int columns, int width, float[] f) {
        int row = ints[Calls.ROW] + at;
        int length = ints[row + 3];
        int heads = ints[row + 4];
        int x = context.localIdx;
        int y = context.localIdy;
        int thread = y * SIDE + x;
        int queryTile = context.groupIdx * SIDE * rows;
        int b = context.groupIdz / heads;
        int head = context.groupIdz - b * heads;
        Calls.count(ints, thread + queryTile + context.groupIdz);
        int position = 3 * heads * size;
        int q0 = ints[row] + b * length * position + head * size;
        int k0 = q0 + heads * size;
        int v0 = k0 + heads * size;
        float scale = 1f / TornadoMath.sqrt((float) size);
        float[] qs = context.allocateFloatLocalArray(SIDE * rows * (size + 1));
        float[] kv = context.allocateFloatLocalArray(SIDE * columns * (size + 1));
        float[] ps = context.allocateFloatLocalArray(SIDE * rows * (SIDE * columns + 1));
        float[] maxima = context.allocateFloatLocalArray(SIDE * rows);
        float[] shrink = context.allocateFloatLocalArray(SIDE * rows);
        float[] totals = context.allocateFloatLocalArray(SIDE * rows);
        float[] scores = new float[rows * columns];
        float[] sums = new float[rows * width];
        for (int i = 0; i < rows * width; i++) {
            sums[i] = 0f;
        }
        for (int e = thread; e < SIDE * rows * size; e += SIDE * SIDE) {
            int r = e / size;
            int c = e - r * size;
            float value = 0f;
            if (queryTile + r < length) {
                value = f[q0 + (queryTile + r) * position + c] * scale;
            }
            qs[r * (size + 1) + c] = value;
        }
        if (thread < SIDE * rows) {
            maxima[thread] = LOWEST;
            totals[thread] = 0f;
        }
        for (int keyTile = 0; keyTile < length; keyTile += SIDE * columns) {
            context.localBarrier();
            for (int e = thread; e < SIDE * columns * size; e += SIDE * SIDE) {
                int r = e / size;
                int c = e - r * size;
                float value = 0f;
                if (keyTile + r < length) {
                    value = f[k0 + (keyTile + r) * position + c];
                }
                kv[r * (size + 1) + c] = value;
            }
            context.localBarrier();
            for (int i = 0; i < rows * columns; i++) {
                scores[i] = 0f;
            }
            for (int c = 0; c < size; c++) {
                for (int i = 0; i < rows; i++) {
                    float q = qs[(y + SIDE * i) * (size + 1) + c];
                    for (int j = 0; j < columns; j++) {
                        scores[i * columns + j] += q * kv[(x + SIDE * j) * (size + 1) + c];
                    }
                }
            }
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    float score = scores[i * columns + j];
                    if (keyTile + x + SIDE * j >= length) {
                        score = LOWEST;
                    }
                    ps[(y + SIDE * i) * (SIDE * columns + 1) + x + SIDE * j] = score;
                }
            }
            context.localBarrier();
            if (thread < SIDE * rows) {
                float before = maxima[thread];
                float max = before;
                for (int j = 0; j < SIDE * columns; j++) {
                    max = TornadoMath.max(max, ps[thread * (SIDE * columns + 1) + j]);
                }
                float total = 0f;
                for (int j = 0; j < SIDE * columns; j++) {
                    float p = TornadoMath.exp(ps[thread * (SIDE * columns + 1) + j] - max);
                    ps[thread * (SIDE * columns + 1) + j] = p;
                    total += p;
                }
                float factor = TornadoMath.exp(before - max);
                maxima[thread] = max;
                shrink[thread] = factor;
                totals[thread] = totals[thread] * factor + total;
            }
            for (int e = thread; e < SIDE * columns * size; e += SIDE * SIDE) {
                int r = e / size;
                int c = e - r * size;
                float value = 0f;
                if (keyTile + r < length) {
                    value = f[v0 + (keyTile + r) * position + c];
                }
                kv[r * (size + 1) + c] = value;
            }
            context.localBarrier();
            for (int i = 0; i < rows; i++) {
                float factor = shrink[y + SIDE * i];
                for (int j = 0; j < width; j++) {
                    sums[i * width + j] *= factor;
                }
            }
            for (int r = 0; r < SIDE * columns; r++) {
                for (int i = 0; i < rows; i++) {
                    float p = ps[(y + SIDE * i) * (SIDE * columns + 1) + r];
                    for (int j = 0; j < width; j++) {
                        if (x + SIDE * j < size) {
                            sums[i * width + j] += p * kv[r * (size + 1) + x + SIDE * j];
                        }
                    }
                }
            }
        }
        for (int i = 0; i < rows; i++) {
            int query = queryTile + y + SIDE * i;
            if (query < length) {
                float whole = 1f / totals[y + SIDE * i];
                for (int j = 0; j < width; j++) {
                    if (x + SIDE * j < size) {
                        f[ints[row + 1] + ((b * length + query) * heads + head) * size + x + SIDE * j] =
                                sums[i * width + j] * whole;
                    }
                }
            }
        }
        if (thread < SIDE * rows && queryTile + thread < length) {
            f[ints[row + 2] + (b * heads + head) * length + queryTile + thread] =
                    maxima[thread] + TornadoMath.log(totals[thread]);
        }
    }

    /** delta = out . dOut, head by head. Each thread computes one position of one head. */
    static void delta(int[] ints, int at, float[] f) {
        int row = ints[Calls.ROW] + at;
        int outAt = ints[row];
        int dOutAt = ints[row + 1];
        int deltaAt = ints[row + 2];
        int n = ints[row + 3];
        int length = ints[row + 4];
        int heads = ints[row + 5];
        int size = ints[row + 6];
        for (@Parallel int i = 0; i < n; i++) {
            Calls.count(ints, i);
            int of = i / length;
            int position = i - of * length;
            int b = of / heads;
            int from = ((b * length + position) * heads + of - b * heads) * size;
            float sum = 0f;
            for (int c = 0; c < size; c++) {
                sum += f[outAt + from + c] * f[dOutAt + from + c];
            }
            f[deltaAt + i] = sum;
        }
    }

    /**
     * The gradients of keys and values. Each work-group computes a tile of one head's keys, over all tiles
     * of queries.
     *
     * @param side positions of a thread: a tile has 16 times as many
     */
    static void keysAndValues(KernelContext context, int[] ints, int at, int size, int side, int width, float[] f) {
        int row = ints[Calls.ROW] + at;
        int length = ints[row + 5];
        int heads = ints[row + 6];
        int x = context.localIdx;
        int y = context.localIdy;
        int thread = y * SIDE + x;
        int keyTile = context.groupIdx * SIDE * side;
        int b = context.groupIdz / heads;
        int head = context.groupIdz - b * heads;
        Calls.count(ints, thread + keyTile + context.groupIdz);
        int position = 3 * heads * size;
        int within = b * length * position + head * size;
        int q0 = ints[row] + within;
        int k0 = q0 + heads * size;
        int v0 = k0 + heads * size;
        int rowAt = (b * heads + head) * length;
        int d0 = ints[row + 2] + (b * length * heads + head) * size;
        float scale = 1f / TornadoMath.sqrt((float) size);
        float[] qs = context.allocateFloatLocalArray(SIDE * side * (size + 1));
        float[] ks = context.allocateFloatLocalArray(SIDE * side * (size + 1));
        float[] vs = context.allocateFloatLocalArray(SIDE * side * (size + 1));
        float[] ds = context.allocateFloatLocalArray(SIDE * side * (size + 1));
        float[] ps = context.allocateFloatLocalArray(SIDE * side * (SIDE * side + 1));
        float[] dps = context.allocateFloatLocalArray(SIDE * side * (SIDE * side + 1));
        float[] dk = new float[side * width];
        float[] dv = new float[side * width];
        for (int i = 0; i < side * width; i++) {
            dk[i] = 0f;
            dv[i] = 0f;
        }
        for (int e = thread; e < SIDE * side * size; e += SIDE * SIDE) {
            int r = e / size;
            int c = e - r * size;
            float k = 0f;
            float v = 0f;
            if (keyTile + r < length) {
                k = f[k0 + (keyTile + r) * position + c];
                v = f[v0 + (keyTile + r) * position + c];
            }
            ks[r * (size + 1) + c] = k;
            vs[r * (size + 1) + c] = v;
        }
        for (int queryTile = 0; queryTile < length; queryTile += SIDE * side) {
            context.localBarrier();
            for (int e = thread; e < SIDE * side * size; e += SIDE * SIDE) {
                int r = e / size;
                int c = e - r * size;
                float q = 0f;
                float d = 0f;
                if (queryTile + r < length) {
                    q = f[q0 + (queryTile + r) * position + c] * scale;
                    d = f[d0 + (queryTile + r) * heads * size + c];
                }
                qs[r * (size + 1) + c] = q;
                ds[r * (size + 1) + c] = d;
            }
            context.localBarrier();
            for (int i = 0; i < side; i++) {
                int query = y + SIDE * i;
                for (int j = 0; j < side; j++) {
                    int key = x + SIDE * j;
                    float score = 0f;
                    float dp = 0f;
                    for (int c = 0; c < size; c++) {
                        score += qs[query * (size + 1) + c] * ks[key * (size + 1) + c];
                        dp += ds[query * (size + 1) + c] * vs[key * (size + 1) + c];
                    }
                    float p = 0f;
                    float dScore = 0f;
                    if (queryTile + query < length && keyTile + key < length) {
                        p = TornadoMath.exp(score - f[ints[row + 1] + rowAt + queryTile + query]);
                        dScore = p * (dp - f[ints[row + 3] + rowAt + queryTile + query]);
                    }
                    ps[query * (SIDE * side + 1) + key] = p;
                    dps[query * (SIDE * side + 1) + key] = dScore;
                }
            }
            context.localBarrier();
            for (int query = 0; query < SIDE * side; query++) {
                for (int i = 0; i < side; i++) {
                    float p = ps[query * (SIDE * side + 1) + y + SIDE * i];
                    float dScore = dps[query * (SIDE * side + 1) + y + SIDE * i];
                    for (int j = 0; j < width; j++) {
                        if (x + SIDE * j < size) {
                            dv[i * width + j] += p * ds[query * (size + 1) + x + SIDE * j];
                            dk[i * width + j] += dScore * qs[query * (size + 1) + x + SIDE * j];
                        }
                    }
                }
            }
        }
        int dk0 = ints[row + 4] + within + heads * size;
        int dv0 = dk0 + heads * size;
        for (int i = 0; i < side; i++) {
            int key = keyTile + y + SIDE * i;
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

    /** The gradients of queries. Each work-group computes a tile of one head's, over all tiles of keys. */
    static void queries(KernelContext context, int[] ints, int at, int size, int side, int width, float[] f) {
        int row = ints[Calls.ROW] + at;
        int length = ints[row + 5];
        int heads = ints[row + 6];
        int x = context.localIdx;
        int y = context.localIdy;
        int thread = y * SIDE + x;
        int queryTile = context.groupIdx * SIDE * side;
        int b = context.groupIdz / heads;
        int head = context.groupIdz - b * heads;
        Calls.count(ints, thread + queryTile + context.groupIdz);
        int position = 3 * heads * size;
        int within = b * length * position + head * size;
        int q0 = ints[row] + within;
        int k0 = q0 + heads * size;
        int v0 = k0 + heads * size;
        int rowAt = (b * heads + head) * length;
        int d0 = ints[row + 2] + (b * length * heads + head) * size;
        float scale = 1f / TornadoMath.sqrt((float) size);
        float[] qs = context.allocateFloatLocalArray(SIDE * side * (size + 1));
        float[] ks = context.allocateFloatLocalArray(SIDE * side * (size + 1));
        float[] vs = context.allocateFloatLocalArray(SIDE * side * (size + 1));
        float[] ds = context.allocateFloatLocalArray(SIDE * side * (size + 1));
        float[] dps = context.allocateFloatLocalArray(SIDE * side * (SIDE * side + 1));
        float[] dq = new float[side * width];
        for (int i = 0; i < side * width; i++) {
            dq[i] = 0f;
        }
        for (int e = thread; e < SIDE * side * size; e += SIDE * SIDE) {
            int r = e / size;
            int c = e - r * size;
            float q = 0f;
            float d = 0f;
            if (queryTile + r < length) {
                q = f[q0 + (queryTile + r) * position + c] * scale;
                d = f[d0 + (queryTile + r) * heads * size + c];
            }
            qs[r * (size + 1) + c] = q;
            ds[r * (size + 1) + c] = d;
        }
        for (int keyTile = 0; keyTile < length; keyTile += SIDE * side) {
            context.localBarrier();
            for (int e = thread; e < SIDE * side * size; e += SIDE * SIDE) {
                int r = e / size;
                int c = e - r * size;
                float k = 0f;
                float v = 0f;
                if (keyTile + r < length) {
                    k = f[k0 + (keyTile + r) * position + c];
                    v = f[v0 + (keyTile + r) * position + c];
                }
                ks[r * (size + 1) + c] = k;
                vs[r * (size + 1) + c] = v;
            }
            context.localBarrier();
            for (int i = 0; i < side; i++) {
                int query = y + SIDE * i;
                for (int j = 0; j < side; j++) {
                    int key = x + SIDE * j;
                    float score = 0f;
                    float dp = 0f;
                    for (int c = 0; c < size; c++) {
                        score += qs[query * (size + 1) + c] * ks[key * (size + 1) + c];
                        dp += ds[query * (size + 1) + c] * vs[key * (size + 1) + c];
                    }
                    float dScore = 0f;
                    if (queryTile + query < length && keyTile + key < length) {
                        float p = TornadoMath.exp(score - f[ints[row + 1] + rowAt + queryTile + query]);
                        dScore = p * (dp - f[ints[row + 3] + rowAt + queryTile + query]) * scale;
                    }
                    dps[query * (SIDE * side + 1) + key] = dScore;
                }
            }
            context.localBarrier();
            for (int key = 0; key < SIDE * side; key++) {
                for (int i = 0; i < side; i++) {
                    float dScore = dps[(y + SIDE * i) * (SIDE * side + 1) + key];
                    for (int j = 0; j < width; j++) {
                        if (x + SIDE * j < size) {
                            dq[i * width + j] += dScore * ks[key * (size + 1) + x + SIDE * j];
                        }
                    }
                }
            }
        }
        int dq0 = ints[row + 4] + within;
        for (int i = 0; i < side; i++) {
            int query = queryTile + y + SIDE * i;
            if (query < length) {
                for (int j = 0; j < width; j++) {
                    if (x + SIDE * j < size) {
                        f[dq0 + query * position + x + SIDE * j] = dq[i * width + j];
                    }
                }
            }
        }
    }

    static Launch forward(Attention.Forward op, Traits device, IntFunction<Tensor> scratch) {
        if (!device.gpu()) {
            return AttentionPanels.forward(op, scratch.apply(scratch(op, device)), device);
        }
        var qkv = op.qkv();
        int size = headSize(qkv);
        int rows = size <= 64 ? 4 : 2;
        int columns = 2;
        return new Launch(
                "attention", threads(qkv, rows), List.of(qkv, op.out(), op.logSumExp()), sizes(qkv),
                (graph, id, on) -> graph.task(
                        id, AttentionKernels::forward, on.context(), on.ints(), on.at(), size, rows, columns,
                        Math.ceilDiv(size, SIDE), on.floats()));
    }

    /** Elements of scratch space that the way forward needs. */
    static int scratch(Attention.Forward op, Traits device) {
        return device.gpu() ? 0 : AttentionPanels.scratch(op, device);
    }

    /** Elements of scratch space that the way back needs. */
    static int scratch(Attention.Backward op, Traits device) {
        return op.logSumExp().size() + (device.gpu() ? 0 : AttentionPanels.scratch(op, device));
    }

    static List<Launch> backward(Attention.Backward op, Traits device, IntFunction<Tensor> scratch) {
        var all = scratch.apply(scratch(op, device));
        var delta = all.part(0, op.logSumExp().size());
        var qkv = op.qkv();
        int size = headSize(qkv);
        int side = size <= 64 ? 2 : 1;
        int width = Math.ceilDiv(size, SIDE);
        var operands = List.of(qkv, op.logSumExp(), op.dOut(), delta, op.dQkv());
        int[] deltaSizes = {delta.size(), qkv.dim(1), qkv.dim(3), size};
        var deltas = Launch.elementwise(
                "attention delta", List.of(op.out(), op.dOut(), delta), deltaSizes, (graph, id, on) ->
                        graph.task(
                                id, AttentionKernels::delta, on.ints(), on.at(), on.floats()));
        if (!device.gpu()) {
            var rest = all.part(delta.size(), all.size() - delta.size());
            return List.of(deltas, AttentionPanels.backward(op, delta, rest, device));
        }
        return List.of(
                deltas,
                new Launch("attention keys and values", threads(qkv, side), operands, sizes(qkv), (graph, id, on) ->
                        graph.task(
                                id, AttentionKernels::keysAndValues, on.context(), on.ints(), on.at(), size, side,
                                width, on.floats())),
                new Launch("attention queries", threads(qkv, side), operands, sizes(qkv), (graph, id, on) ->
                        graph.task(
                                id, AttentionKernels::queries, on.context(), on.ints(), on.at(), size, side, width,
                                on.floats())));
    }

    private static int headSize(Tensor qkv) {
        int size = qkv.dim(4);
        if (size > LARGEST_HEAD) {
            throw new DeviceException("Attention heads of " + size + " elements do not fit a work-group's local memory,"
                    + " expected at most " + LARGEST_HEAD + "; choose more num_heads.");
        }
        return size;
    }

    private static Threads threads(Tensor qkv, int perThread) {
        return new Threads(
                Math.ceilDiv(qkv.dim(1), SIDE * perThread), 1, qkv.dim(0) * qkv.dim(3), SIDE, SIDE);
    }

    private static int[] sizes(Tensor qkv) {
        return new int[] {qkv.dim(1), qkv.dim(3)};
    }
}
