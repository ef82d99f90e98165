package trm4j.train.ablation;

import java.util.List;
import trm4j.model.config.TrmConfig;

/**
 * TRM with something else in its place, as in the paper's Table 1.
 *
 * @param key names its run's folder
 * @param title for the table
 * @param changes to the configuration, each {@code KEY=VALUE}
 */
public record Variant(String key, String title, List<String> changes) {

    private static final String CONTINUE_LOSS = "arch.no_act_continue=false";
    private static final String TWO_NETS = "arch.separate_nets=true";
    private static final String NO_AVERAGE = "train.ema_rate=0";
    private static final String LAST_EVALUATION = "train.backpropagation=last";

    public Variant {
        changes = List.copyOf(changes);
    }

    /** Returns the paper's variants of an architecture, first that itself; Table 1 gives their order of harm. */
    public static List<Variant> of(TrmConfig arch) {
        int layers = 2 * arch.lLayers();
        int half = Math.ceilDiv(arch.lCycles(), 2);
        int fewerL = Math.ceilDiv(arch.lCycles(), 3);
        int fewerH = Math.max(1, arch.hCycles() - 1);
        var mixing = arch.mlpT() ? "attention for the mixer" : "the mixer for attention";
        return List.of(
                new Variant("trm", "TRM", List.of()),
                variant("act-continue", "with the continue loss of ACT", CONTINUE_LOSS),
                variant("two-nets", "two nets", TWO_NETS),
                variant("no-ema", "without EMA", NO_AVERAGE),
                variant(
                        "deeper-net", layers + " layers, n = " + half, "arch.l_layers=" + layers,
                        "arch.l_cycles=" + half),
                new Variant("mixing", mixing, mixing(arch)),
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

    private static Variant variant(String key, String title, String... changes) {
        return new Variant(key, title, List.of(changes));
    }

    /** Returns attention as the paper has it, with RoPE. */
    private static List<String> mixing(TrmConfig arch) {
        return arch.mlpT() ? List.of("arch.mlp_t=false", "arch.pos_encodings=rope") : List.of("arch.mlp_t=true");
    }
}
