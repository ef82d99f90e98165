package trm4j.model.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.Shape;
import trm4j.kernels.Tensor;
import trm4j.model.config.ConfigException;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;

/**
 * Lays out the dense weights in one flat buffer, by the reference's names. Gradients, optimizer state and moving
 * averages have the same layout, so that one operation updates them all, and layers lie at equal distances, so that one
 * program serves them all.
 */
public final class Parameters {

    public static final String H_INIT = "inner.H_init";
    public static final String L_INIT = "inner.L_init";
    /** The puzzle table, of a row for each identifier. */
    public static final String PUZZLES = "inner.puzzle_emb.weights";
    static final String EMBED_TOKENS = "inner.embed_tokens.embedding_weight";
    static final String EMBED_POSITIONS = "inner.embed_pos.embedding_weight";
    public static final String LM_HEAD = "inner.lm_head.weight";
    public static final String Q_HEAD = "inner.q_head.weight";
    public static final String Q_BIAS = "inner.q_head.bias";
    public static final String LAYER = "inner.L_level.layers.";
    /** Layers of z_H's net, where it has one of its own. */
    public static final String H_LAYER = "inner.H_level.layers.";

    /** The bias that the halt logits start from: halting is unlikely at first. */
    private static final float Q_BIAS_START = -5;
    /** Standard deviation of a standard normal cut off at 2. */
    private static final double CUT_NORMAL_STD = 0.8796256610342398;

    private final TrmConfig config;
    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private final int layerSize;
    private final int size;

    /**
     * One matrix or vector.
     *
     * @param offset its place in a flat buffer
     * @param std standard deviation of its first values; 0 for zeros
     */
    private record Parameter(int offset, int[] shape, double std) {
        int size() {
            return HostTensor.size(shape);
        }
    }

    /**
     * Lays out the weights of an architecture.
     *
     * @param config with the sizes of the puzzles set
     * @throws ConfigException if there are more weights than a buffer holds
     */
    public Parameters(TrmConfig config) {
        this.config = config;
        requireTable(config);
        int d = config.hiddenSize();
        double embeddingStd = 1 / Math.sqrt(d);
        int at = add(EMBED_TOKENS, 0, embeddingStd, config.vocabSize(), d);
        if (config.posEncodings() == TrmConfig.Positions.LEARNED) {
            at = add(EMBED_POSITIONS, at, embeddingStd, config.positions(), d);
        }
        at = add(LM_HEAD, at, embeddingStd, config.vocabSize(), d);
        at = add(Q_HEAD, at, 0, 2, d);
        at = add(Q_BIAS, at, 0, 2);
        int firstLayer = at;
        at = addLayers(LAYER, at);
        layerSize = (at - firstLayer) / config.lLayers();
        size = config.separateNets() ? addLayers(H_LAYER, at) : at;
    }

    private int addLayers(String prefix, int at) {
        for (int layer = 0; layer < config.lLayers(); layer++) {
            for (var matrix : layerMatrices()) {
                at = add(prefix + layer + "." + matrix.name, at, 1 / Math.sqrt(matrix.in), matrix.out, matrix.in);
            }
        }
        return at;
    }

    /** A matrix [out, in] of a layer. */
    private record Matrix(String name, int out, int in) {}

    private List<Matrix> layerMatrices() {
        var matrices = new ArrayList<Matrix>();
        int d = config.hiddenSize();
        if (config.mlpT()) {
            addSwiGlu(matrices, "mlp_t", config.positions());
        } else {
            matrices.add(new Matrix("self_attn.qkv_proj.weight", 3 * d, d));
            matrices.add(new Matrix("self_attn.o_proj.weight", d, d));
        }
        addSwiGlu(matrices, "mlp", d);
        return matrices;
    }

    private void addSwiGlu(List<Matrix> matrices, String name, int size) {
        int width = config.swiGluWidth(size);
        matrices.add(new Matrix(name + ".gate_up_proj.weight", 2 * width, size));
        matrices.add(new Matrix(name + ".down_proj.weight", size, width));
    }

    private static void requireTable(TrmConfig config) {
        long size = (long) config.numPuzzleIdentifiers() * config.puzzleEmbNdim();
        if (size > Buffer.LARGEST) {
            throw new ConfigException("arch.puzzle_emb_ndim: expected a puzzle table of fewer than 2^31 numbers, found "
                    + config.numPuzzleIdentifiers() + " x " + config.puzzleEmbNdim() + " (" + (size >> 18)
                    + " MiB); choose fewer columns or a data set of fewer puzzles.");
        }
    }

    private int add(String name, int offset, double std, int... shape) {
        long end = offset + Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
        if (end > Integer.MAX_VALUE) {
            throw new ConfigException("arch: expected fewer than 2^31 weights, found more with " + name + " "
                    + Arrays.toString(shape) + "; choose a smaller hidden_size, expansion or l_layers.");
        }
        byName.put(name, new Parameter(offset, shape, std));
        return (int) end;
    }

    /** Returns the number of dense weights. */
    public int size() {
        return size;
    }

    /** Returns how many numbers are trained: the dense weights and the puzzle table. */
    public long trained() {
        return size + (long) config.numPuzzleIdentifiers() * config.puzzleEmbNdim();
    }

    /** Returns a parameter's part of a flat buffer. */
    Tensor in(Buffer flat, String name) {
        var parameter = byName.get(name);
        return new Tensor(flat, parameter.offset, Shape.of(parameter.shape), null, 0);
    }

    /**
     * Returns a layer's parameter, such as {@code mlp.down_proj.weight}, for the layer that an index chooses; layers of
     * z_H's own net follow those of z_L's.
     */
    Tensor in(Buffer flat, String name, Index layer) {
        var parameter = byName.get(LAYER + "0." + name);
        return new Tensor(flat, parameter.offset, Shape.of(parameter.shape), layer, layerSize);
    }

    /** Returns the name of the parameter that a place in a flat buffer belongs to. */
    public String nameAt(int place) {
        return byName.entrySet().stream()
                .filter(e -> place >= e.getValue().offset && place < e.getValue().offset + e.getValue().size())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** Returns a flat buffer's values by the parameters' names. */
    public Map<String, HostTensor> split(float[] flat) {
        var tensors = new LinkedHashMap<String, HostTensor>();
        byName.forEach((name, p) -> tensors.put(
                name, new HostTensor(p.shape, Arrays.copyOfRange(flat, p.offset, p.offset + p.size()))));
        return tensors;
    }

    /** Returns the values of a flat buffer, from tensors that are all there. */
    float[] join(Map<String, HostTensor> tensors) {
        var flat = new float[size];
        byName.forEach((name, p) -> System.arraycopy(tensors.get(name).values(), 0, flat, p.offset, p.size()));
        return flat;
    }

    /**
     * Refuses tensors that are not all that a checkpoint holds.
     *
     * @param source what they come from, for messages
     * @throws CheckpointException if one is missing or of another shape
     */
    public void requireAll(Map<String, HostTensor> tensors, String source) {
        shapes().forEach((name, shape) -> require(tensors.get(name), name, shape, source));
    }

    private static void require(HostTensor tensor, String name, int[] shape, String source) {
        if (tensor == null) {
            throw new CheckpointException(source + ": expected tensor " + name + " " + Arrays.toString(shape)
                    + ", found none; the checkpoint does not fit this architecture.");
        }
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new CheckpointException(source + ": expected tensor " + name + " of shape "
                    + Arrays.toString(shape) + ", found " + Arrays.toString(tensor.shape())
                    + "; the checkpoint does not fit this architecture.");
        }
    }

    /** Returns the shapes of all tensors that a checkpoint holds, by name. */
    public Map<String, int[]> shapes() {
        var shapes = new LinkedHashMap<String, int[]>();
        shapes.put(H_INIT, new int[] {config.hiddenSize()});
        shapes.put(L_INIT, new int[] {config.hiddenSize()});
        byName.forEach((name, p) -> shapes.put(name, p.shape));
        if (config.puzzleEmbNdim() > 0) {
            shapes.put(PUZZLES, new int[] {config.numPuzzleIdentifiers(), config.puzzleEmbNdim()});
        }
        return shapes;
    }

    /** Draws the first values of all tensors that a checkpoint holds; the same seed gives the same ones. */
    public Map<String, HostTensor> initialize(long seed) {
        var random = new SplittableRandom(seed);
        var tensors = new LinkedHashMap<String, HostTensor>();
        tensors.put(H_INIT, cutNormal(random, 1, config.hiddenSize()));
        tensors.put(L_INIT, cutNormal(random, 1, config.hiddenSize()));
        byName.forEach((name, p) -> tensors.put(name, cutNormal(random, p.std, p.shape)));
        Arrays.fill(tensors.get(Q_BIAS).values(), Q_BIAS_START);
        if (config.puzzleEmbNdim() > 0) {
            tensors.put(PUZZLES, cutNormal(random, 0, config.numPuzzleIdentifiers(), config.puzzleEmbNdim()));
        }
        return tensors;
    }

    /** Draws normal numbers cut off at two standard deviations, scaled to the standard deviation asked for. */
    private static HostTensor cutNormal(SplittableRandom random, double std, int... shape) {
        var values = new float[HostTensor.size(shape)];
        for (int i = 0; std > 0 && i < values.length; i++) {
            double z = random.nextGaussian();
            while (Math.abs(z) > 2) {
                z = random.nextGaussian();
            }
            values[i] = (float) (z * std / CUT_NORMAL_STD);
        }
        return new HostTensor(shape, values);
    }
}
