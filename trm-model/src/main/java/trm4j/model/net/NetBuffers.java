package trm4j.model.net;

import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/**
 * What the blocks of the net share: sizes, weights, and the states that they read and write. The states
 * are slots of one buffer, chosen by {@link #in} and {@link #out} when a block runs; what a block keeps for
 * its backward pass goes to the slot {@link #kept}.
 */
final class NetBuffers {

    /** How activations are stored. */
    private static final ElementType ACTIVATIONS = ElementType.F32;

    final TrmConfig config;
    final TrainConfig.Recompute recompute;
    final int batch;
    final int positions;
    final int width;
    final int rows;
    final Index in;
    final Index out;
    final Index kept;
    final Index layer;
    final Buffer states;
    final Buffer branch;
    final Buffer dState;

    private final Parameters parameters;
    private final Buffer weights;
    private final Buffer gradients;

    /**
     * A buffers.
     *
     * @param gradients like the weights; null where nothing is trained
     * @param recompute which blocks keep no inner activations
     * @param batch puzzles computed at a time
     * @param stateSlots states [batch, T, D] held at a time
     * @param keptSlots runs of a layer whose activations are kept at a time
     */
    NetBuffers(
            TrmConfig config, Parameters parameters, Buffer weights, Buffer gradients,
            TrainConfig.Recompute recompute, int batch, int stateSlots, int keptSlots) {
        this.config = config;
        this.recompute = recompute;
        this.parameters = parameters;
        this.weights = weights;
        this.gradients = gradients;
        this.batch = batch;
        positions = config.positions();
        width = config.hiddenSize();
        in = new Index("in", stateSlots);
        out = new Index("out", stateSlots);
        kept = new Index("kept", keptSlots);
        layer = new Index("layer", config.nets() * config.lLayers());
        // First of all the buffers: where the states fit an array, no other size overflows.
        states = activation("states", stateSlots, batch, positions, width);
        rows = batch * positions;
        branch = activation("branch", batch, positions, width);
        dState = activation("dState", batch, positions, width);
    }

    /** Makes a buffer for numbers that the net passes on, or for their gradients. All such buffers are made here. */
    Buffer activation(String name, int... shape) {
        return Buffer.of(name, ACTIVATIONS, shape);
    }

    boolean trains() {
        return gradients != null;
    }

    float epsilon() {
        return (float) config.rmsNormEps();
    }

    Tensor input() {
        return states.at(in);
    }

    Tensor output() {
        return states.at(out);
    }

    Tensor weight(String name) {
        return parameters.in(weights, name, layer);
    }

    Tensor gradient(String name) {
        return parameters.in(gradients, name, layer);
    }

    /** What a block keeps of each run of a layer. */
    Tensor kept(String name, int... shape) {
        var dimensions = new int[shape.length + 1];
        dimensions[0] = kept.count();
        System.arraycopy(shape, 0, dimensions, 1, shape.length);
        return activation(name, dimensions).at(kept);
    }

    /** What a block has in between: kept of each run of a layer, or of the last one only where it is recomputed. */
    Tensor inner(boolean recomputed, String name, int... shape) {
        return recomputed ? activation(name, shape).all() : kept(name, shape);
    }

    /** A tensor [.., D] as a matrix with a row for each position. */
    Tensor matrix(Tensor states) {
        return states.as(rows, width);
    }

    /** A tensor [.., D] for a norm over the last axis. */
    Tensor byRow(Tensor states) {
        return states.as(rows, width, 1);
    }
}
