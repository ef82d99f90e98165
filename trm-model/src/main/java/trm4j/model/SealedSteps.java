package trm4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import trm4j.kernels.device.Device;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;

/**
 * Replays training steps that were recorded with everything that they start from. The recorded state is set before each
 * step, and everything is compared after it, so that rounding cannot build up from step to step.
 *
 * <p>Beside {@code config.json}, the recording has {@code before-N.safetensors} and {@code after-N.safetensors} for each
 * step, and {@code spread.json}: for each quantity, how far the reference is from itself when what it starts from is
 * changed by a rounding of float32. A quantity may be off by a few times that, or by a floor for what the spread's tries
 * did not happen to show.
 */
final class SealedSteps {

    /** How many times as far from the reference a quantity may be as the reference is from itself. */
    private static final double SPREADS = 4;
    /** What a quantity may be off in any case, relative to its largest element: float32 summed in another order. */
    private static final double FLOOR = 1e-5;

    private static final String SPREAD = "spread.json";
    private static final String AFTER = "after-";

    private final Recording recording;
    private final List<Parity.Quantity> quantities = new ArrayList<>();

    SealedSteps(Recording recording) {
        this.recording = recording;
    }

    /** Returns every quantity, in the order of the steps. */
    List<Parity.Quantity> replay(Device device) {
        var spread = Recording.json(recording.folder(), SPREAD);
        var steps = steps(spread);
        var first = recording.read("before-" + steps.first()).under("weights.");
        try (var trainer = new Trainer(
                device, recording.arch(), recording.train(), recording.totalSteps(), first, 0)) {
            for (int step : steps) {
                step(trainer, step, spread.get(AFTER + step));
            }
        }
        return quantities;
    }

    /** Returns the steps that there is a spread for, up to the run's last. */
    private TreeSet<Integer> steps(JsonNode spread) {
        var steps = new TreeSet<Integer>();
        for (int step = 1; step <= recording.steps(); step++) {
            if (spread.path(AFTER + step).isObject()) {
                steps.add(step);
            }
        }
        if (steps.isEmpty() || steps.size() != spread.size() || steps.last() != recording.steps()) {
            throw new CheckpointException(recording.folder().resolve(SPREAD) + ": expected the spread of steps up to "
                    + AFTER + recording.steps() + ", found " + names(spread) + "; record the run again.");
        }
        return steps;
    }

    private static List<String> names(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void step(Trainer trainer, int step, JsonNode spread) {
        var before = recording.read("before-" + step);
        trainer.set(TrainerState.of(step - 1L, before, recording));
        var metrics = trainer.computeGradients(before.batch());
        var got = new LinkedHashMap<String, float[]>();
        addAnswers(trainer.recorded(), got);
        got.put("loss", new float[] {(float) metrics.loss()});
        metrics.byName().forEach((metric, value) -> got.put("metric." + metric, new float[] {value.floatValue()}));
        trainer.update();
        got.put("lr", new float[] {(float) trainer.learningRate(), (float) trainer.puzzleLearningRate()});
        addAll("grad.", trainer.gradients(), got);
        addAll("weights.", trainer.weights(), got);
        addAll("m.", trainer.firstMoments(), got);
        addAll("v.", trainer.secondMoments(), got);
        addAll("ema.", trainer.averagedWeights(), got);
        compare(step, got, spread);
    }

    private void addAnswers(Trainer.Recorded answers, Map<String, float[]> got) {
        got.put("logits", answers.logits());
        got.put("preds", floats(answers.predictions()));
        got.put("q_halt_logits", answers.haltLogits());
        if (answers.rowGradients().length > 0) {
            got.put("grad.puzzle_rows", answers.rowGradients());
        }
        got.put("carry.z_H", answers.zH());
        got.put("carry.z_L", answers.zL());
        got.put("carry.steps", floats(answers.steps()));
        got.put("carry.halted", floats(answers.halted()));
        got.put("carry.inputs", floats(answers.puzzles().inputs()));
        got.put("carry.labels", floats(answers.puzzles().labels()));
        got.put("carry.puzzle_identifiers", floats(answers.puzzles().puzzleIdentifiers()));
    }

    private static void addAll(String prefix, Map<String, HostTensor> tensors, Map<String, float[]> got) {
        tensors.forEach((name, tensor) -> got.put(prefix + name, tensor.values()));
    }

    private static float[] floats(int[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values[i];
        }
        return floats;
    }

    /** Compares all that was recorded: each of it must have a spread, and be something that a step comes to here. */
    private void compare(int step, Map<String, float[]> got, JsonNode spread) {
        var want = recording.read(AFTER + step);
        for (var name : names(spread)) {
            want.values(name);
        }
        for (var name : want.byName().keySet()) {
            var found = got.get(name);
            if (found == null) {
                throw new CheckpointException(want.file() + ": expected what a step of this architecture comes to, "
                        + "found " + name + "; record the run again, with the architecture that " + "config.json has.");
            }
            quantities.add(Parity.Quantity.of(
                    "step-" + step + " " + name, want.values(name), found, tolerance(step, name, spread.path(name))));
        }
    }

    private double tolerance(int step, String name, JsonNode spread) {
        double own = spread.asDouble(-1);
        if (!spread.isNumber() || !(own >= 0 && Double.isFinite(own))) {
            throw new CheckpointException(recording.folder().resolve(SPREAD) + ": expected a number of at least 0 for "
                    + name + " under " + AFTER + step + ", found " + (spread.isMissingNode() ? "none" : spread)
                    + "; record the run again.");
        }
        return Math.max(SPREADS * own, FLOOR);
    }
}
