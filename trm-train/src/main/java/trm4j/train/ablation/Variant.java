package trm4j.train.ablation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import trm4j.model.Rollouts;
import trm4j.model.Selection;
import trm4j.model.config.TrmConfig;
import trm4j.train.eval.Tries;
import trm4j.train.puzzle.Symmetries;

/**
 * TRM with something else in its place, as in the paper's Table 1, or with a method that followed the paper.
 *
 * @param key names its run's folder
 * @param title for the table
 * @param changes to the configuration, each {@code KEY=VALUE}
 * @param tries how each test puzzle is tried; where that is not once, as it is, nothing is trained: it is TRM itself
 */
public record Variant(String key, String title, List<String> changes, Tries tries) {

    /** Of TRM itself. */
    public static final String TRM = "trm";

    /** Tries of a puzzle by rollouts or chains. */
    private static final int TRIES = 8;

    private static final String CONTINUE_LOSS = "arch.no_act_continue=false";
    private static final String TWO_NETS = "arch.separate_nets=true";
    private static final String NO_AVERAGE = "train.ema_rate=0";
    private static final String LAST_EVALUATION = "train.backpropagation=last";

    public Variant {
        changes = List.copyOf(changes);
    }

    /** Returns all variants of an architecture, first that itself. */
    public static List<Variant> of(TrmConfig arch) {
        return Stream.concat(paper(arch).stream(), methods(arch).stream()).toList();
    }

    /** Returns the paper's variants of an architecture, first that itself; Table 1 gives their order of harm. */
    public static List<Variant> paper(TrmConfig arch) {
        int layers = 2 * arch.lLayers();
        int half = Math.ceilDiv(arch.lCycles(), 2);
        int fewerL = Math.ceilDiv(arch.lCycles(), 3);
        int fewerH = Math.max(1, arch.hCycles() - 1);
        var mixing = arch.mlpT() ? "attention for the mixer" : "the mixer for attention";
        return List.of(
                variant(TRM, "TRM"),
                variant("act-continue", "with the continue loss of ACT", CONTINUE_LOSS),
                variant("two-nets", "two nets", TWO_NETS),
                variant("no-ema", "without EMA", NO_AVERAGE),
                variant(
                        "deeper-net", layers + " layers, n = " + half, "arch.l_layers=" + layers,
                        "arch.l_cycles=" + half),
                new Variant("mixing", mixing, mixing(arch), Tries.ONE),
                variant("fewer-updates", "n = " + fewerL, "arch.l_cycles=" + fewerL),
                variant("fewer-cycles", "T = " + fewerH, "arch.h_cycles=" + fewerH),
                variant(
                        "fewer-of-both", "T = " + fewerH + ", n = " + fewerL, "arch.h_cycles=" + fewerH,
                        "arch.l_cycles=" + fewerL),
                variant("last-evaluation", "gradients of the last evaluations only", LAST_EVALUATION),
                variant(
                        "hrm", "two nets of " + layers + " layers and all of HRM's choices", CONTINUE_LOSS, TWO_NETS,
                        NO_AVERAGE, LAST_EVALUATION, "arch.l_layers=" + layers, "arch.h_cycles=2", "arch.l_cycles=2",
                        "arch.mlp_t=false", "arch.pos_encodings=rope"));
    }

    /** Returns variants by methods that followed the paper, with their authors' numbers; see docs/methods.md. */
    public static List<Variant> methods(TrmConfig arch) {
        var starts = "train.start_std=1";
        var damping = "arch.damping=0.05";
        var noise = "train.noise=0.01";
        var depth = "train.depth_schedule=" + third(1, arch) + " to 0.3, " + third(2, arch) + " to 0.6";
        var decay = "train.supervision_decay=0.7";
        return List.of(
                variant("random-starts", "random starts", starts),
                variant("damping", "damping", damping),
                variant("noise", "noise in training", noise),
                variant("eqr", "random starts, damping and noise (EqR)", starts, damping, noise),
                variant("depth-schedule", "a third of the depth, two, then all", depth),
                variant("supervision-decay", "losses that count less from step to step", decay),
                variant("cgar", "both (CGAR)", depth, decay),
                variant("label-smoothing", "smoothed labels", "train.label_smoothing=0.1"),
                tried("rollouts", TRIES + " rollouts", 0.3, Selection.Q, Optional.empty()),
                tried("chains", TRIES + " chains", 0, Selection.MODE, Optional.of(Symmetries.ALL)));
    }

    /** Returns a depth of thirds of an architecture's, as CGAR's authors round it. */
    private static String third(int thirds, TrmConfig arch) {
        int h = Math.ceilDiv(thirds * arch.hCycles(), 3);
        int l = Math.min(arch.lCycles(), Math.max(2, Math.ceilDiv(thirds * arch.lCycles(), 3)));
        return h + "x" + l;
    }

    private static Variant variant(String key, String title, String... changes) {
        return new Variant(key, title, List.of(changes), Tries.ONE);
    }

    private static Variant tried(
            String key, String title, double noise, Selection selection, Optional<Symmetries> chains) {
        var rollouts = new Rollouts(TRIES, noise, 0, selection, 1);
        return new Variant(key, "TRM with " + title, List.of(), new Tries(rollouts, chains));
    }

    /** Tells whether a model is trained for it, rather than TRM's evaluated otherwise. */
    public boolean trains() {
        return tries.isPlain();
    }

    /** Returns attention as the paper has it, with RoPE. */
    private static List<String> mixing(TrmConfig arch) {
        return arch.mlpT() ? List.of("arch.mlp_t=false", "arch.pos_encodings=rope") : List.of("arch.mlp_t=true");
    }
}
