package trm4j.train.run;

import java.util.List;

/**
 * A key of a configuration and what others call it. docs/configuration.md is made of these, of what the records'
 * Javadoc says of each, and of the paper's values.
 *
 * @param key with its section, such as {@code arch.h_cycles}
 * @param range what values it takes: words, {@code A to B}, {@code A or more}, {@code A to below B}, {@code above A} or
 *     {@code above A to B}; {@code any whole number}; {@code a path}; {@code stages}
 * @param paper the paper's name; empty if it has none
 * @param authors the key in the configuration of the authors' script, with its sections; empty if it has none
 */
public record ConfigKey(String key, String range, String paper, String authors) {

    /** All of them, in the order of the configuration. */
    public static final List<ConfigKey> ALL = List.of(
            key("run.steps", "0 or more", "training steps", ""),
            key("run.epochs", "0 or more", "epochs", "epochs"),
            key("run.eval_interval", "0 or more", "", ""),
            key("run.eval_epochs", "0 or more", "", "eval_interval"),
            key("run.min_eval_interval", "0 or more", "", "min_eval_interval"),
            key("run.eval_batch", "1 or more", "", ""),
            key("run.eval_puzzles", "0 or more", "", ""),
            key("run.checkpoint_interval", "0 or more", "", ""),
            key("run.checkpoint_minutes", "0 or more", "", ""),
            key("run.keep_checkpoints", "0 or more", "", ""),
            key("run.seed", "any whole number", "", "seed"),
            key("run.init", "a path", "", "load_checkpoint"),
            key("puzzles.kind", "sudoku, maze", "", ""),
            key("puzzles.size", "0 or more", "", ""),
            key("puzzles.train", "0 or more", "", ""),
            key("puzzles.test", "0 or more", "", ""),
            key("puzzles.min_clues", "0 or more", "", ""),
            key("puzzles.max_clues", "0 or more", "", ""),
            key("puzzles.min_path", "0 or more", "", ""),
            key("puzzles.max_path", "0 or more", "", ""),
            key("puzzles.paths", "unique, many", "", ""),
            key("puzzles.augment", "0 or more", "data augmentations", ""),
            key("puzzles.labels", "rule, image", "", ""),
            key("arch.seq_len", "0 to 1048576", "L, context length", ""),
            key("arch.vocab_size", "0 to 1048576", "", ""),
            key("arch.num_puzzle_identifiers", "0 or more", "", ""),
            key("arch.puzzle_emb_ndim", "0 to 1048576", "", "arch.puzzle_emb_ndim"),
            key("arch.puzzle_emb_len", "0 to 1048576", "", "arch.puzzle_emb_len"),
            key("arch.h_cycles", "1 to 1024", "T", "arch.H_cycles"),
            key("arch.l_cycles", "1 to 1024", "n", "arch.L_cycles"),
            key("arch.h_layers", "any whole number", "", "arch.H_layers"),
            key("arch.l_layers", "1 to 1024", "layers", "arch.L_layers"),
            key("arch.hidden_size", "1 to 65536", "D, embedding dimension", "arch.hidden_size"),
            key("arch.expansion", "above 0 to 512", "", "arch.expansion"),
            key("arch.num_heads", "1 or more", "", "arch.num_heads"),
            key("arch.pos_encodings", "none, rope, learned", "rotary embeddings", "arch.pos_encodings"),
            key("arch.rms_norm_eps", "above 0", "", "arch.rms_norm_eps"),
            key("arch.rope_theta", "above 0", "", "arch.rope_theta"),
            key("arch.halt_max_steps", "1 to 65536", "N_sup", "arch.halt_max_steps"),
            key("arch.halt_exploration_prob", "0 to 1", "", "arch.halt_exploration_prob"),
            key("arch.forward_dtype", "float32, bfloat16", "", "arch.forward_dtype"),
            key("arch.mlp_t", "true, false", "self-attention or MLP", "arch.mlp_t"),
            key("arch.no_act_continue", "true, false", "ACT", "arch.no_ACT_continue"),
            key("arch.separate_nets", "true, false", "separate f_H and f_L", ""),
            key("arch.damping", "0 to below 1", "", ""),
            key("train.batch_size", "1 or more", "batch size", "global_batch_size"),
            key("train.micro_batch", "0 or more", "", ""),
            key("train.recompute", "none, mlp, mixer, all", "", ""),
            key("train.lr", "0 or more", "learning rate", "lr"),
            key("train.puzzle_emb_lr", "0 or more", "", "puzzle_emb_lr"),
            key("train.weight_decay", "0 or more", "weight decay", "weight_decay"),
            key("train.puzzle_emb_weight_decay", "0 or more", "", "puzzle_emb_weight_decay"),
            key("train.beta1", "0 to below 1", "beta_1", "beta1"),
            key("train.beta2", "0 to below 1", "beta_2", "beta2"),
            key("train.ema_rate", "0 to below 1", "EMA", "ema_rate"),
            key("train.lr_warmup_steps", "0 or more", "warm-up iterations", "lr_warmup_steps"),
            key("train.lr_min_ratio", "0 to 1", "", "lr_min_ratio"),
            key("train.loss", "stablemax_cross_entropy, softmax_cross_entropy", "stable-max loss",
                    "arch.loss.loss_type"),
            key("train.backpropagation", "full, last", "1-step gradient approximation", ""),
            key("train.freeze", "none, weights", "", "freeze_weights"),
            key("train.label_smoothing", "0 to below 1", "", ""),
            key("train.supervision_decay", "above 0 to 1", "", ""),
            key("train.depth_schedule", "stages", "", ""),
            key("train.start_std", "0 or more", "", ""),
            key("train.noise", "0 or more", "", ""));

    private static ConfigKey key(String key, String range, String paper, String authors) {
        return new ConfigKey(key, range, paper, authors);
    }
}
