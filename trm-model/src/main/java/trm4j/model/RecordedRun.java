package trm4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import trm4j.kernels.device.Device;
import trm4j.model.file.HostTensor;

/**
 * Replays a whole training run. Weights, optimizers and halting run on from the first step to the last. The states z_H
 * and z_L are compared after each step and then set to the recorded ones: the recursion magnifies the rounding of
 * float32 about tenfold a step, so that even two runs of the reference that sum in different orders drift apart.
 *
 * <p>Beside {@code config.json} (arch and train as the reference names them), the recording has {@code
 * initial.safetensors}, {@code step-N.safetensors} for N from 1 (the batch, and what came of it) and {@code
 * final.safetensors}.
 */
final class RecordedRun {

    /** How far a tensor may be off, relative to its largest element: float32 summed in another order. */
    private static final double TOLERANCE = 1e-3;

    private final Recording recording;
    private final List<Parity.Quantity> quantities = new ArrayList<>();

    RecordedRun(Recording recording) {
        this.recording = recording;
    }

    /** Returns every quantity, in the order of the run. */
    List<Parity.Quantity> replay(Device device) {
        var initial = recording.read("initial").byName();
        try (var trainer = new Trainer(
                device, recording.arch(), recording.train(), recording.totalSteps(), initial, 0)) {
            for (int step = 1; step <= recording.steps(); step++) {
                step(trainer, step);
            }
            var last = recording.read("final");
            compareAll("final ", last, trainer.weights(), "");
            compareAll("final ", last, trainer.averagedWeights(), "ema.");
        }
        return quantities;
    }

    private void step(Trainer trainer, int step) {
        var want = recording.read("step-" + step);
        var name = "step-" + step + " ";
        var metrics = trainer.computeGradients(want.batch());
        var got = trainer.recorded();
        trainer.update();
        compare(name + "logits", want.values("logits"), got.logits());
        equal(name + "preds", want.ints("preds"), got.predictions());
        compare(name + "q_halt_logits", want.values("q_halt_logits"), got.haltLogits());
        compare(name + "loss", want.values("loss"), (float) metrics.loss());
        compare(name + "carry.z_H", want.values("carry.z_H"), got.zH());
        compare(name + "carry.z_L", want.values("carry.z_L"), got.zL());
        equal(name + "carry.steps", want.ints("carry.steps"), got.steps());
        equal(name + "carry.halted", want.ints("carry.halted"), got.halted());
        equal(name + "carry.inputs", want.ints("carry.inputs"), got.puzzles().inputs());
        equal(name + "carry.labels", want.ints("carry.labels"), got.puzzles().labels());
        metrics.byName().forEach((metric, value) ->
                compare(name + "metric." + metric, want.values("metric." + metric), value.floatValue()));
        compare(
                name + "lr", want.values("lr"), (float) trainer.learningRate(),
                (float) trainer.puzzleLearningRate());
        compareAll(name, want, trainer.gradients(), "grad.");
        if (recording.arch().puzzleEmbNdim() > 0) {
            compare(name + "grad.puzzle_rows", want.values("grad.puzzle_rows"), got.rowGradients());
        }
        trainer.carry(
                want.values("carry.z_H", recording.states()), want.values("carry.z_L", recording.states()));
    }

    /** Compares every tensor that was recorded under a prefix. */
    private void compareAll(String name, Recording.Tensors want, Map<String, HostTensor> got, String prefix) {
        got.forEach((key, tensor) -> {
            if (want.byName().containsKey(prefix + key)) {
                compare(name + prefix + key, want.values(prefix + key), tensor.values());
            }
        });
    }

    private void compare(String name, float[] want, float... got) {
        quantities.add(Parity.Quantity.of(name, want, got, TOLERANCE));
    }

    private void equal(String name, int[] want, int[] got) {
        quantities.add(new Parity.Quantity(name, Arrays.equals(want, got) ? 0 : Double.POSITIVE_INFINITY, 0));
    }
}
