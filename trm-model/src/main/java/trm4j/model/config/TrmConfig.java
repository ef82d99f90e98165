package trm4j.model.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.function.Consumer;
import trm4j.kernels.ElementType;

/**
 * The architecture, with the names of the authors' configuration in snake case. Sizes are in elements.
 *
 * @param seqLen tokens of a puzzle, L; 0 takes the data set's
 * @param vocabSize tokens there are, V; 0 takes the data set's
 * @param numPuzzleIdentifiers rows of the puzzle table; 0 takes the data set's
 * @param puzzleEmbNdim width of a row of the puzzle table, 0 for no table
 * @param puzzleEmbLen puzzle positions before the tokens, P; 0 for as many as a row fills
 * @param hCycles times z_H is updated in a supervision step
 * @param lCycles times z_L is updated for each time z_H is
 * @param hLayers ignored, as by the authors' code: one net serves both
 * @param lLayers layers of the net
 * @param hiddenSize width of a position, D
 * @param expansion of the SwiGLU layers: their inner width is two thirds of it times the outer, rounded up to a
 *     multiple of 256
 * @param numHeads attention heads; must divide the hidden size
 * @param posEncodings how attention is told positions apart: not at all, by rotating queries and keys (RoPE), or by a
 *     learned vector for each position
 * @param rmsNormEps what RMS norms add to the mean square
 * @param ropeTheta the base of RoPE's wavelengths
 * @param haltMaxSteps supervision steps a sequence gets at most
 * @param haltExplorationProb probability that a sequence may not halt before a random number of steps
 * @param forwardDtype how states and activations are stored, and what products of them are rounded to; weights, their
 *     gradients and optimizers, q and the losses are float32 in any case
 * @param mlpT mix tokens with a SwiGLU over positions instead of attention
 * @param noActContinue leave out the Q-learning continue loss
 * @param separateNets a net of its own for z_H, as HRM has it, instead of one for both (TRM paper, section 4.3)
 * @param damping what part of a state stays when the net updates it, in training and afterwards; 0 for none, 0.05 in
 *     EqR (arXiv 2605.21488)
 */
public record TrmConfig(
        int seqLen,
        int vocabSize,
        int numPuzzleIdentifiers,
        int puzzleEmbNdim,
        int puzzleEmbLen,
        int hCycles,
        int lCycles,
        int hLayers,
        int lLayers,
        int hiddenSize,
        double expansion,
        int numHeads,
        Positions posEncodings,
        double rmsNormEps,
        double ropeTheta,
        int haltMaxSteps,
        double haltExplorationProb,
        Dtype forwardDtype,
        boolean mlpT,
        boolean noActContinue,
        boolean separateNets,
        double damping) {

    /** How positions are told apart. */
    public enum Positions {
        NONE,
        ROPE,
        LEARNED;

        @JsonValue
        String key() {
            return ConfigException.word(this);
        }

        @JsonCreator
        static Positions of(String key) {
            return ConfigException.choice("arch.pos_encodings", values(), key);
        }
    }

    /** How numbers are stored. */
    public enum Dtype {
        FLOAT32(ElementType.F32),
        BFLOAT16(ElementType.BF16);

        private final ElementType type;

        Dtype(ElementType type) {
            this.type = type;
        }

        /** Returns what devices call it. */
        public ElementType type() {
            return type;
        }

        /** Returns the word for it. */
        @JsonValue
        public String key() {
            return ConfigException.word(this);
        }

        /**
         * Returns the type of a word.
         *
         * @throws ConfigException for another word
         */
        @JsonCreator
        public static Dtype of(String key) {
            return ConfigException.choice("arch.forward_dtype", values(), key);
        }
    }

    /** The paper's model for Sudoku-Extreme, of full size, for no puzzles in particular. */
    public static final TrmConfig PAPER = new TrmConfig(
            0, 0, 0, 512, 16, 3, 6, 0, 2, 512, 4, 8, Positions.NONE, 1e-5, 10000, 16, 0.1, Dtype.FLOAT32, true, true,
            false, 0);

    /** In a supervision step: far more than the paper's 42, few enough that planning them costs nothing. */
    private static final int MOST_LAYER_RUNS = 10_000;

    public TrmConfig {
        atLeast("seq_len", seqLen, 0);
        atLeast("vocab_size", vocabSize, 0);
        atLeast("num_puzzle_identifiers", numPuzzleIdentifiers, 0);
        atLeast("puzzle_emb_ndim", puzzleEmbNdim, 0);
        atLeast("puzzle_emb_len", puzzleEmbLen, 0);
        atLeast("h_cycles", hCycles, 1);
        atLeast("l_cycles", lCycles, 1);
        atLeast("l_layers", lLayers, 1);
        atLeast("hidden_size", hiddenSize, 1);
        atLeast("num_heads", numHeads, 1);
        atLeast("halt_max_steps", haltMaxSteps, 1);
        // So large that no array could hold what follows from them, or no step would ever be done.
        atMost("seq_len", seqLen, 1 << 20);
        atMost("vocab_size", vocabSize, 1 << 20);
        atMost("puzzle_emb_len", puzzleEmbLen, 1 << 20);
        atMost("puzzle_emb_ndim", puzzleEmbNdim, 1 << 20);
        atMost("h_cycles", hCycles, 1 << 10);
        atMost("l_cycles", lCycles, 1 << 10);
        atMost("l_layers", lLayers, 1 << 10);
        atMost("hidden_size", hiddenSize, 1 << 16);
        atMost("halt_max_steps", haltMaxSteps, 1 << 16);
        double runs = hCycles * (lCycles + 1.0) * lLayers;
        require(
                runs <= MOST_LAYER_RUNS, "h_cycles",
                "at most " + MOST_LAYER_RUNS + " runs of a layer, h_cycles * (l_cycles + 1) * l_layers", (long) runs);
        require(expansion > 0 && expansion <= 512, "expansion", "a number above 0, at most 512", expansion);
        require(positive(rmsNormEps), "rms_norm_eps", "a number above 0", rmsNormEps);
        require(positive(ropeTheta), "rope_theta", "a number above 0", ropeTheta);
        require(
                haltExplorationProb >= 0 && haltExplorationProb <= 1, "halt_exploration_prob",
                "a probability from 0 to 1", haltExplorationProb);
        require(damping >= 0 && damping < 1, "damping", "a number of at least 0 and below 1", damping);
        require(
                puzzleEmbLen == 0 || puzzleEmbNdim <= (long) puzzleEmbLen * hiddenSize, "puzzle_emb_ndim",
                "at most puzzle_emb_len * hidden_size = " + (long) puzzleEmbLen * hiddenSize, puzzleEmbNdim);
        if (!mlpT) {
            require(hiddenSize % numHeads == 0, "hidden_size", "a multiple of num_heads " + numHeads, hiddenSize);
            require(
                    posEncodings != Positions.ROPE || hiddenSize / numHeads % 2 == 0, "num_heads",
                    "an even head size hidden_size / num_heads for rope", hiddenSize + " / " + numHeads);
        }
    }

    private static void atLeast(String key, int value, int least) {
        require(value >= least, key, "a whole number of at least " + least, value);
    }

    private static void atMost(String key, int value, int most) {
        require(value <= most, key, "a whole number of at most " + most, value);
    }

    private static boolean positive(double value) {
        return value > 0 && Double.isFinite(value);
    }

    private static void require(boolean holds, String key, String expected, Object found) {
        ConfigException.require(holds, "arch." + key, expected, found);
    }

    /**
     * Returns the same architecture with some settings changed.
     *
     * @param changes to a draft of it, such as {@code arch -> arch.hiddenSize = 64}
     * @throws ConfigException if what comes of it is out of range
     */
    public TrmConfig with(Consumer<TrmDraft> changes) {
        var draft = new TrmDraft(this);
        changes.accept(draft);
        return draft.build();
    }

    /** Returns this architecture for puzzles of some kind. */
    public TrmConfig forPuzzles(int seqLen, int vocabSize, int numPuzzleIdentifiers) {
        return with(draft -> {
            draft.seqLen = seqLen;
            draft.vocabSize = vocabSize;
            draft.numPuzzleIdentifiers = numPuzzleIdentifiers;
        });
    }

    /** Returns how deep a supervision step is, in training where no schedule says otherwise. */
    public Depth depth() {
        return new Depth(hCycles, lCycles);
    }

    /** Tells whether the halt logit must exceed the continue logit, which Q-learning trains, instead of 0. */
    public boolean haltsAgainstContinue() {
        return !noActContinue;
    }

    /**
     * Tells whether a sequence halts, in training and in evaluation; {@link trm4j.kernels.op.Halting.Step} has the same
     * rule on the device.
     */
    public boolean halts(float haltLogit, float continueLogit) {
        return haltLogit > (haltsAgainstContinue() ? continueLogit : 0);
    }

    /** Returns the number of nets with weights of their own: one for both states, or one for each. */
    public int nets() {
        return separateNets ? 2 : 1;
    }

    /** Returns the number of positions before the tokens, P. */
    public int puzzlePositions() {
        return puzzleEmbLen > 0 ? puzzleEmbLen : Math.ceilDiv(puzzleEmbNdim, hiddenSize);
    }

    /** Returns the number of all positions, T = P + L. */
    public int positions() {
        return puzzlePositions() + seqLen;
    }

    /** Returns the width of one attention head. */
    public int headSize() {
        return hiddenSize / numHeads;
    }

    /** Tells whether queries and keys turn with their position. */
    public boolean rope() {
        return !mlpT && posEncodings == Positions.ROPE;
    }

    /** Returns the inner width of a SwiGLU layer for some input width: 2/3 of the expansion, in steps of 256. */
    public int swiGluWidth(int size) {
        return swiGluWidth(expansion, size);
    }

    /**
     * Returns the inner width of a SwiGLU layer for some expansion and input width.
     *
     * @throws ConfigException if it is rounded to nothing, or is 2^30 or more
     */
    public static int swiGluWidth(double expansion, int size) {
        double width = Math.rint(expansion * size * 2 / 3);
        require(
                width >= 1 && width < 1 << 30, "expansion",
                "a SwiGLU width of at least 1 and below 2^30 for " + size + " inputs", expansion);
        return Math.ceilDiv((int) width, 256) * 256;
    }
}
