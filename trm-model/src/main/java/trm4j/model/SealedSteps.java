package trm4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import trm4j.kernels.device.Device;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;

/**
 * Replays training steps that were recorded with everything that they start from. The recorded state is set before each
 * step, and everything is compared after it, so that rounding cannot build up from step to step.
 *
 * <p>Beside {@code config.json}, the recording has {@code before-N.safetensors} and {@code after-N.safetensors} for
 * each step, and {@code spread.json}: for each quantity, how far the reference is from itself when what it starts from is
 * changed by a rounding of float32. A quantity may be off by a few times that, or by a few times a floor, for what the
 * spread's tries did not happen to show.
 */
final class SealedSteps {

    /** What the names of squares begin with: they are off by twice as much as what they are squares of. */
    private static final String SQUARES = "v.";
    private static final String PREDICTIONS = "preds";
    private static final String LOGITS = "logits";

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
            var title = "step-" + step + " " + name;
            double tolerance = tolerance(step, name, spread);
            quantities.add(name.equals(PREDICTIONS)
                    ? predictions(title, want, found, 2 * tolerance(step, LOGITS, spread))
                    : Parity.Quantity.of(title, want.values(name), found, tolerance));
        }
    }

    /** Compares predictions by their recorded logits: another token is right where it is as likely. */
    private Parity.Quantity predictions(
            String title, Recording.Tensors want, float[] found, double tolerance) {
        int classes = recording.arch().vocabSize();
        var recorded = want.values(PREDICTIONS);
        var logits = want.values(LOGITS);
        if (recorded.length != found.length || logits.length != found.length * classes) {
            return new Parity.Quantity(title, Double.POSITIVE_INFINITY, tolerance);
        }
        var best = new float[found.length];
        var chosen = new float[found.length];
        for (int i = 0; i < found.length; i++) {
            best[i] = logits[i * classes + Math.clamp((long) recorded[i], 0, classes - 1)];
            chosen[i] = logits[i * classes + (int) found[i]];
        }
        return Parity.Quantity.of(title, best, chosen, tolerance);
    }

    private double tolerance(int step, String name, JsonNode spreads) {
        var spread = spreads.path(name);
        double own = spread.asDouble(-1);
        if (!spread.isNumber() || !(own >= 0 && Double.isFinite(own))) {
            throw new CheckpointException(recording.folder().resolve(SPREAD) + ": expected a number of at least 0 for "
                    + name + " under " + AFTER + step + ", found " + (spread.isMissingNode() ? "none" : spread)
                    + "; record the run again.");
        }
        double tolerance = switch (recording.arch().forwardDtype()) {
            case FLOAT32 -> 4 * Math.max(own, 1e-5);
            case BFLOAT16 -> 16 * Math.max(own, 1e-2);
        };
        return name.startsWith(SQUARES) ? 2 * tolerance : tolerance;
    }
}
