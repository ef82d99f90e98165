package trm4j.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;

/**
 * All that a training step starts from, in the host's memory. Each of the four maps has the dense weights' names; all
 * have the first states and the puzzle table too, as a checkpoint has them, which are the same in all of them.
 *
 * @param steps steps taken
 * @param m Adam's moving average of the gradients
 * @param v that of their squares
 * @param zH [batch, T, D], as is zL
 * @param taken supervision steps that each slot has taken
 * @param halted 1 where a slot has halted
 * @param puzzles those that the slots work on
 */
record TrainerState(
        long steps, Map<String, HostTensor> weights, Map<String, HostTensor> ema, Map<String, HostTensor> m,
        Map<String, HostTensor> v, float[] zH, float[] zL, int[] taken, int[] halted, Batch puzzles) {

    private static final List<String> UNTRAINED = List.of(Parameters.H_INIT, Parameters.L_INIT, Parameters.PUZZLES);

    /** Returns the state that was recorded after some steps. */
    static TrainerState of(long steps, Recording.Tensors recorded, Recording recording) {
        var weights = recorded.under("weights.");
        return new TrainerState(
                steps, weights, like(weights, recorded.under("ema.")), like(weights, recorded.under("m.")),
                like(weights, recorded.under("v.")), recorded.values("carry.z_H", recording.states()),
                recorded.values("carry.z_L", recording.states()),
                recorded.taken(), recorded.halted(), recorded.slots());
    }

    private static Map<String, HostTensor> like(Map<String, HostTensor> weights, Map<String, HostTensor> dense) {
        var all = new LinkedHashMap<>(dense);
        UNTRAINED.stream().filter(weights::containsKey).forEach(name -> all.put(name, weights.get(name)));
        return all;
    }
}
