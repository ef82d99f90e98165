package trm4j.model.net;

import java.util.ArrayList;
import java.util.Optional;
import trm4j.kernels.Index;
import trm4j.kernels.device.Program;
import trm4j.kernels.op.CopyColumns;
import trm4j.kernels.op.Embedding;
import trm4j.kernels.op.Fill;
import trm4j.kernels.op.Operation;
import trm4j.kernels.op.RowBroadcast;
import trm4j.model.config.TrmConfig;

/**
 * Embeds puzzles: x = sqrt(D) * [puzzle row, zero-padded and cut into P positions ; token embeddings], and with learned
 * positions sqrt(D) / sqrt(2) * (that + positions).
 */
record InputEmbedding(Program forward, Program backward) {

    private static final float ONE_OVER_ROOT_2 = 0.70710678f;

    /**
     * Makes the programs for the micro-batch that an index chooses.
     *
     * @param gradients none where nothing is trained; there is no way back then
     */
    static InputEmbedding of(
            Recursion recursion, Parameters parameters, ModelBuffers model, Optional<Gradients> gradients,
            PuzzleBuffers puzzles, Index micro) {
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
        var tokens = puzzles.inputs().at(micro);
        var identifiers = puzzles.identifiers().at(micro).as(batch, 1);

        var forward = new ArrayList<Operation>();
        if (model.table.isPresent()) {
            forward.add(new Embedding.Gather(identifiers, model.table.get().all(), x, 0, puzzleCell, before));
        } else if (puzzleCell > 0) {
            forward.add(new Fill(x, 0));
        }
        var embedding = parameters.in(model.weights, Parameters.EMBED_TOKENS);
        forward.add(new Embedding.Gather(tokens, embedding, x, puzzleCell, d, before));
        if (learned) {
            forward.add(new RowBroadcast.Forward(parameters.in(model.weights, Parameters.EMBED_POSITIONS), after, x));
        }
        if (gradients.isEmpty()) {
            return new InputEmbedding(new Program("embed", forward), null);
        }

        float factor = learned ? after : scale;
        var backward = new ArrayList<Operation>();
        gradients.get().weights().ifPresent(dWeights -> {
            var dEmbedding = parameters.in(dWeights, Parameters.EMBED_TOKENS);
            backward.add(new Embedding.ScatterAdd(tokens, dx, dEmbedding, puzzleCell, d, factor));
            if (learned) {
                backward.add(new RowBroadcast.Backward(
                        dx, factor, parameters.in(dWeights, Parameters.EMBED_POSITIONS)));
            }
        });
        gradients.get().rows().ifPresent(rows -> backward.add(new CopyColumns(
                dx, 0, rows.at(micro), 0, config.puzzleEmbNdim(), factor, false)));
        return new InputEmbedding(new Program("embed", forward), new Program("embed backward", backward));
    }
}
