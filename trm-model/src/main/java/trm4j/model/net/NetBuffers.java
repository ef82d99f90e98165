package trm4j.model.net;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import trm4j.kernels.Buffer;
import trm4j.kernels.ElementType;
import trm4j.kernels.Index;
import trm4j.kernels.Tensor;
import trm4j.kernels.op.Operation;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/**
 * The buffers that the blocks of a net share, and the sizes: weights, and the states that blocks read and write. The
 * states are slots of one buffer, chosen by {@link #in} and {@link #out} when a block runs; what a block keeps for
 * its backward pass goes to the slot {@link #kept}.
 */
final class NetBuffers {

    final TrmConfig config;
    final TrainConfig.Recompute recompute;
    /** Puzzles computed at a time. */
    final int batch;
    /** All positions, T. */
    final int positions;
    /** Width of a position, D. */
    final int width;
    /** Positions of all puzzles together. */
    final int rows;
    /** Which state slot a block reads, and which it writes. */
    final Index in;
    final Index out;
    /** Which run of a layer this is, of those that keep activations. */
    final Index kept;
    /** Whose weights are used. */
    final Index layer;
    /** [slots, batch, T, D]. */
    final Buffer states;
    /** A block's f(state) [batch, T, D]. */
    final Buffer branch;
    /** The gradient with respect to a state [batch, T, D]. */
    final Buffer dState;

    private final Parameters parameters;
    private final Buffer weights;
    private final Optional<Gradients> gradients;

    /**
     * Makes the buffers.
     *
     * @param gradients none where nothing is trained; there is no way back then
     * @param recompute which blocks keep no inner activations
     * @param batch puzzles computed at a time
     * @param stateSlots states [batch, T, D] held at a time
     * @param keptSlots runs of a layer whose activations are kept at a time
     */
    NetBuffers(
            TrmConfig config, Parameters parameters, Buffer weights, Optional<Gradients> gradients,
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
        return Buffer.of(name, config.forwardDtype().type(), shape);
    }

    /** Tells whether activations are rounded, so that what is to be float32 is made of rounded numbers. */
    boolean rounds() {
        return config.forwardDtype().type() != ElementType.F32;
    }

    boolean trains() {
        return gradients.isPresent();
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

    /**
     * Returns what adds to the gradient of a weight; nothing where it is frozen.
     *
     * @param adds to a tensor of the weight's shape
     */
    List<Operation> toGradient(String name, Function<Tensor, Operation> adds) {
        return gradients.flatMap(Gradients::weights)
                .map(flat -> adds.apply(parameters.in(flat, name, layer)))
                .stream()
                .toList();
    }

    /** Makes what a block keeps of each run of a layer beside activations, a float for each row of them. */
    Tensor kept(String name, int... shape) {
        return Buffer.floats(name, forEachRun(shape)).at(kept);
    }

    /** Makes activations in a block: for each run of a layer, or for the last one only where they are recomputed. */
    Tensor inner(boolean recomputed, String name, int... shape) {
        return recomputed ? activation(name, shape).all() : activation(name, forEachRun(shape)).at(kept);
    }

    private int[] forEachRun(int... shape) {
        var dimensions = new int[shape.length + 1];
        dimensions[0] = kept.count();
        System.arraycopy(shape, 0, dimensions, 1, shape.length);
        return dimensions;
    }

    /** Returns a tensor [.., D] as a matrix with a row for each position. */
    Tensor matrix(Tensor states) {
        return states.as(rows, width);
    }

    /** Returns a tensor [.., D] for a norm over the last axis. */
    Tensor byRow(Tensor states) {
        return states.as(rows, width, 1);
    }
}
