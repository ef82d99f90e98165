package trm4j.model.net;

import java.util.ArrayList;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.device.Program;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RowBroadcast;
import trm4j.model.config.TrmConfig;

/**
 * x = sqrt(D) * [puzzle row, zero-padded and cut into P positions ; token embeddings], and with learned
 * positions sqrt(D) / sqrt(2) * (that + positions).
 */
record InputEmbedding(Program forward, Program backward) {

    private static final float ONE_OVER_ROOT_2 = 0.70710678f;

    /**
     * Programs for the micro-batch that an index chooses.
     *
     * @param table the puzzle table [identifiers, width], null without one
     * @param gradients like the weights, null where nothing is trained
     * @param rowGradients of the batch's puzzle rows [micro-batches, puzzles, width], null without a table
     */
    static InputEmbedding of(
            Recursion recursion, Parameters parameters, Buffer weights, Buffer gradients, Sequences sequences,
            Buffer table, Buffer rowGradients, Index micro) {
        var config = recursion.buffers.config;
        int batch = recursion.buffers.batch;
        int d = config.hiddenSize();
        int puzzleCell = config.puzzlePositions() * d;
        float scale = (float) Math.sqrt(d);
        boolean learned = config.posEncodings() == TrmConfig.Positions.LEARNED;
        // With learned positions, the common factor comes after their sum.
        float before = learned ? 1 : scale;
        float after = scale * ONE_OVER_ROOT_2;
        var x = recursion.x.all().as(batch, config.positions() * d);
        var dx = recursion.dx.all().as(batch, config.positions() * d);
        var tokens = sequences.inputs().at(micro);
        var identifiers = sequences.identifiers().at(micro).as(batch, 1);

        var forward = new ArrayList<Operation>();
        if (table != null) {
            forward.add(new Embedding.Gather(identifiers, table.all(), x, 0, puzzleCell, before));
        } else if (puzzleCell > 0) {
            forward.add(new Fill(x, 0));
        }
        var embedding = parameters.in(weights, Parameters.EMBED_TOKENS);
        forward.add(new Embedding.Gather(tokens, embedding, x, puzzleCell, d, before));
        if (learned) {
            forward.add(new RowBroadcast.Forward(parameters.in(weights, Parameters.EMBED_POSITIONS), after, x));
        }
        if (gradients == null) {
            return new InputEmbedding(new Program("embed", forward), null);
        }

        float factor = learned ? after : scale;
        var backward = new ArrayList<Operation>();
        var dEmbedding = parameters.in(gradients, Parameters.EMBED_TOKENS);
        backward.add(new Embedding.ScatterAdd(tokens, dx, dEmbedding, puzzleCell, d, factor));
        if (learned) {
            backward.add(new RowBroadcast.Backward(
                    dx, factor, parameters.in(gradients, Parameters.EMBED_POSITIONS)));
        }
        if (table != null) {
            backward.add(new CopyColumns(
                    dx, 0, rowGradients.at(micro), 0, config.puzzleEmbNdim(), factor, false));
        }
        return new InputEmbedding(new Program("embed", forward), new Program("embed backward", backward));
    }
}
