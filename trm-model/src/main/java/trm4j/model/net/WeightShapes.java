package trm4j.model.net;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;

/**
 * Tells from the shapes of a model's weights what its architecture is. They do not say how many heads there are,
 * whether positions turn (RoPE), how many cycles and steps are taken, and how positions are shared between puzzle and
 * tokens.
 *
 * @param puzzleRows rows of the puzzle table, 0 without one
 * @param puzzleWidth width of its rows, 0 without one
 * @param learnedPositions whether positions have embeddings
 * @param positions all positions, T = P + L; 0 where no weight depends on it
 * @param mlpWidth inner width of the SwiGLU over a position
 * @param mixWidth inner width of the SwiGLU over positions, 0 with attention
 * @param separateNets whether z_H has a net of its own
 */
public record WeightShapes(
        int vocabSize, int hiddenSize, int puzzleRows, int puzzleWidth, int lLayers, boolean mlpT,
        boolean learnedPositions, int positions, int mlpWidth, int mixWidth,
        boolean separateNets) {

    private static final String MLP = "mlp.down_proj.weight";
    private static final String MIX = "mlp_t.down_proj.weight";

    /**
     * Reads shapes by the tensors' names.
     *
     * @param source what they come from, for messages
     * @throws CheckpointException if one that tells the architecture is missing or has other dimensions
     */
    public static WeightShapes of(Map<String, int[]> shapes, String source) {
        var embedding = matrix(shapes, Parameters.EMBED_TOKENS, source);
        var puzzles = shapes.containsKey(Parameters.PUZZLES) ? matrix(shapes, Parameters.PUZZLES, source) : new int[2];
        int layers = (int) IntStream.range(0, shapes.size())
                .takeWhile(layer -> shapes.containsKey(Parameters.LAYER + layer + "." + MLP))
                .count();
        var mlp = matrix(shapes, Parameters.LAYER + "0." + MLP, source);
        boolean mlpT = shapes.containsKey(Parameters.LAYER + "0." + MIX);
        var mix = mlpT ? matrix(shapes, Parameters.LAYER + "0." + MIX, source) : new int[2];
        boolean learned = shapes.containsKey(Parameters.EMBED_POSITIONS);
        int positions = learned ? matrix(shapes, Parameters.EMBED_POSITIONS, source)[0] : mix[0];
        return new WeightShapes(
                embedding[0], embedding[1], puzzles[0], puzzles[1], layers, mlpT, learned, positions, mlp[1], mix[1],
                shapes.containsKey(Parameters.H_LAYER + "0." + MLP));
    }

    private static int[] matrix(Map<String, int[]> shapes, String name, String source) {
        var shape = shapes.get(name);
        if (shape == null || shape.length != 2 || shape[0] < 1 || shape[1] < 1) {
            throw new CheckpointException(source + ": expected a matrix " + name
                    + " of at least one row and column, found "
                    + (shape == null ? "none" : "the shape " + Arrays.toString(shape))
                    + "; these are not the weights of a TRM.");
        }
        return shape;
    }

    /** Returns an expansion that gives the SwiGLU layers' widths: the paper's 4, or the least whole one, if any. */
    public Optional<Double> expansion() {
        double most = 1.5 * Math.min(
                (double) mlpWidth / hiddenSize, mlpT ? (double) mixWidth / positions : Double.POSITIVE_INFINITY);
        return DoubleStream.concat(
                        DoubleStream.of(TrmConfig.PAPER.expansion()),
                        DoubleStream.concat(DoubleStream.iterate(1, e -> e <= 64, e -> e + 1), DoubleStream.of(most)))
                .filter(this::isExpansion)
                .boxed()
                .findFirst();
    }

    /** Tells whether an expansion gives the widths of the SwiGLU layers. */
    public boolean isExpansion(double expansion) {
        return TrmConfig.swiGluWidth(expansion, hiddenSize) == mlpWidth
                && (!mlpT || TrmConfig.swiGluWidth(expansion, positions) == mixWidth);
    }
}
