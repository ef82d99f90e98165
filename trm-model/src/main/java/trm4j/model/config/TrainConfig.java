package trm4j.model.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.function.Consumer;
import trm4j.kernels.op.CrossEntropy;

/**
 * How weights are trained, with the names of the authors' configuration in snake case.
 *
 * @param batchSize puzzles in a step
 * @param microBatch puzzles computed at a time, to save memory; must divide the batch size; 0 for all
 * @param recompute which blocks' inner activations are computed again on the way back, to save memory, with the same
 *     results: of none, of the MLP over the hidden size, of what mixes positions, or of all
 * @param lr learning rate of the dense weights after warm-up
 * @param puzzleEmbLr learning rate of the puzzle table after warm-up
 * @param weightDecay of the dense weights: each step multiplies them by 1 less the rate times this
 * @param puzzleEmbWeightDecay of the puzzle table, likewise, with its own rate
 * @param beta1 Adam's memory of gradients
 * @param beta2 Adam's memory of their squares
 * @param emaRate of the moving average of the dense weights, which is what is saved and tested; 0 for none
 * @param lrWarmupSteps steps in which the rates rise from 0
 * @param lrMinRatio what is left of the rates at the last step, after half a cosine
 * @param loss cross-entropy of the tokens, with stablemax or softmax
 * @param backpropagation how far gradients go back through the last cycle: through all evaluations of the net, or the
 *     last of each state only, as in HRM
 * @param freeze what is not trained: nothing, or all weights but the puzzle table's rows
 * @param labelSmoothing what part of a label goes to all tokens alike; 0 for none (arXiv 1512.00567, section 7)
 * @param supervisionDecay what a puzzle's losses are multiplied by from one supervision step to the next; 1 for equal
 *     weights, 0.7 in CGAR (arXiv 2511.08653)
 * @param depthSchedule how deep a supervision step is over the run, such as {@code 1x2 to 0.3, 2x4 to 0.6}: 1 h_cycle
 *     and 2 l_cycles for the first 0.3 of its steps, 2 and 4 up to 0.6, then arch's; empty for arch's all along (CGAR,
 *     arXiv 2511.08653)
 * @param startStd of each number that a puzzle's z_H and z_L start with, drawn anew for each; 0 for the model's own
 *     first states, 1 in EqR (arXiv 2605.21488)
 * @param noise standard deviation of what is added to each number of a state whenever it is updated, 0 for none, 0.01
 *     in EqR (arXiv 2605.21488)
 */
public record TrainConfig(
        int batchSize,
        int microBatch,
        Recompute recompute,
        double lr,
        double puzzleEmbLr,
        double weightDecay,
        double puzzleEmbWeightDecay,
        double beta1,
        double beta2,
        double emaRate,
        int lrWarmupSteps,
        double lrMinRatio,
        Loss loss,
        Backpropagation backpropagation,
        Freeze freeze,
        double labelSmoothing,
        double supervisionDecay,
        DepthSchedule depthSchedule,
        double startStd,
        double noise) {

    /** Cross-entropy of the tokens. */
    public enum Loss {
        STABLEMAX(CrossEntropy.Kind.STABLEMAX),
        SOFTMAX(CrossEntropy.Kind.SOFTMAX);

        private final CrossEntropy.Kind kind;

        Loss(CrossEntropy.Kind kind) {
            this.kind = kind;
        }

        /** Returns how logits become probabilities. */
        public CrossEntropy.Kind kind() {
            return kind;
        }

        @JsonValue
        String key() {
            return ConfigException.word(this) + "_cross_entropy";
        }

        @JsonCreator
        static Loss of(String key) {
            return ConfigException.choice("train.loss", values(), Loss::key, key);
        }
    }

    /** How far gradients go back through the last cycle. (TRM paper, section 4.1.) */
    public enum Backpropagation {
        /** Through all evaluations of the net. */
        FULL,
        /** Through the last evaluation of z_L and that of z_H only: HRM's 1-step gradient. */
        LAST;

        @JsonValue
        String key() {
            return ConfigException.word(this);
        }

        @JsonCreator
        static Backpropagation of(String key) {
            return ConfigException.choice("train.backpropagation", values(), key);
        }
    }

    /**
     * Blocks that keep only their input and their norm's scale for the way back. What is in between is computed
     * once more there: less memory for more time, and the same bits. (Chen et al., arXiv 1604.06174.)
     */
    public enum Recompute {
        NONE,
        /** The SwiGLU over the hidden size: gate and up. */
        MLP,
        /** What mixes positions: queries, keys, values and outputs of attention; gate and up of mlp_t. */
        MIXER,
        ALL;

        public boolean mlp() {
            return this == MLP || this == ALL;
        }

        public boolean mixer() {
            return this == MIXER || this == ALL;
        }

        @JsonValue
        public String key() {
            return ConfigException.word(this);
        }

        @JsonCreator
        static Recompute of(String key) {
            return ConfigException.choice("train.recompute", values(), key);
        }
    }

    /** What stays as it is. (The authors' {@code freeze_weights}.) */
    public enum Freeze {
        NONE,
        /** The dense weights and their moving average: only the puzzle table learns, so as to take up new tasks. */
        WEIGHTS;

        @JsonValue
        public String key() {
            return ConfigException.word(this);
        }

        @JsonCreator
        static Freeze of(String key) {
            return ConfigException.choice("train.freeze", values(), key);
        }
    }

    /** The paper's training of Sudoku-Extreme. */
    public static final TrainConfig PAPER = new TrainConfig(
            768, 0, Recompute.NONE, 1e-4, 1e-4, 1, 1, 0.9, 0.95, 0.999, 2000, 1, Loss.STABLEMAX, Backpropagation.FULL,
            Freeze.NONE, 0, 1, DepthSchedule.NONE, 0, 0);

    /** In how many micro-batches a batch may be cut: each costs time, and memory for what is planned. */
    public static final int MOST_MICRO_BATCHES = 1000;

    public TrainConfig {
        require(batchSize >= 1, "batch_size", "a whole number of at least 1", batchSize);
        require(microBatch >= 0, "micro_batch", "a whole number of at least 0", microBatch);
        require(
                microBatch == 0 || batchSize % microBatch == 0, "micro_batch", "a divisor of batch_size " + batchSize,
                microBatch);
        require(
                microBatch == 0 || batchSize / microBatch <= MOST_MICRO_BATCHES, "micro_batch",
                "at least a thousandth of batch_size " + batchSize, microBatch);
        notNegative("lr", lr);
        notNegative("puzzle_emb_lr", puzzleEmbLr);
        notNegative("weight_decay", weightDecay);
        notNegative("puzzle_emb_weight_decay", puzzleEmbWeightDecay);
        belowOne("beta1", beta1);
        belowOne("beta2", beta2);
        belowOne("ema_rate", emaRate);
        require(lrWarmupSteps >= 0, "lr_warmup_steps", "a whole number of at least 0", lrWarmupSteps);
        require(lrMinRatio >= 0 && lrMinRatio <= 1, "lr_min_ratio", "a number from 0 to 1", lrMinRatio);
        belowOne("label_smoothing", labelSmoothing);
        require(
                supervisionDecay > 0 && supervisionDecay <= 1, "supervision_decay", "a number above 0, at most 1",
                supervisionDecay);
        notNegative("start_std", startStd);
        notNegative("noise", noise);
    }

    private static void notNegative(String key, double value) {
        require(value >= 0 && Double.isFinite(value), key, "a number of at least 0", value);
    }

    private static void belowOne(String key, double value) {
        require(value >= 0 && value < 1, key, "a number of at least 0 and below 1", value);
    }

    private static void require(boolean holds, String key, String expected, Object found) {
        ConfigException.require(holds, "train." + key, expected, found);
    }

    /** Tells whether the puzzle table alone learns. */
    public boolean freezesWeights() {
        return freeze == Freeze.WEIGHTS;
    }

    /** Returns the number of puzzles computed at a time. */
    public int puzzlesAtATime() {
        return microBatch == 0 ? batchSize : microBatch;
    }

    /** Returns the number of micro-batches of a batch. */
    public int microBatches() {
        return batchSize / puzzlesAtATime();
    }

    /**
     * Returns the same training with some settings changed.
     *
     * @param changes to a draft of it, such as {@code train -> train.lr = 1e-3}
     * @throws ConfigException if what comes of it is out of range
     */
    public TrainConfig with(Consumer<TrainDraft> changes) {
        var draft = new TrainDraft(this);
        changes.accept(draft);
        return draft.build();
    }

    /**
     * Returns what a learning rate is multiplied by in a step: a linear warm-up from 0, then half a cosine down to
     * the smallest ratio at the last step.
     *
     * @param step counted from 1
     */
    public double rateFactor(long step, long totalSteps) {
        if (step < lrWarmupSteps) {
            return (double) step / Math.max(1, lrWarmupSteps);
        }
        double progress = (double) (step - lrWarmupSteps) / Math.max(1, totalSteps - lrWarmupSteps);
        return lrMinRatio + Math.max(0, (1 - lrMinRatio) * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
}
