package trm4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import trm4j.kernels.device.Device;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.InputFile;
import trm4j.model.file.JsonProblem;
import trm4j.model.file.Safetensors;

/**
 * Replays a training run that the reference recorded, and compares every number on the way.
 *
 * <p>Weights, optimizers and halting run on from the first step to the last. The states z_H and z_L are
 * compared after each step and then set to the recorded ones: the recursion magnifies the rounding of
 * float32 about tenfold a step, so that even two runs of the reference that sum in different orders drift
 * apart.
 *
 * <p>A recording is a folder: {@code config.json} (arch and train as the reference names them), {@code
 * initial.safetensors}, {@code step-N.safetensors} for N from 1 (the batch, and what came of it) and
 * {@code final.safetensors}.
 */
public final class Parity {

    /** How far a tensor may be off, relative to its largest element: float32 summed in another order. */
    public static final double TOLERANCE = 1e-3;

    private static final int MOST_SETTINGS = 1 << 20;

    private final Path folder;
    private final List<Quantity> quantities = new ArrayList<>();

    private Parity(Path folder) {
        this.folder = folder;
    }

    /**
     * One compared tensor.
     *
     * @param name such as {@code step-1 grad.inner.lm_head.weight}
     * @param error the largest difference, relative to the largest element recorded
     * @param tolerance the largest error that passes
     */
    public record Quantity(String name, double error, double tolerance) {

        public boolean passes() {
            return error <= tolerance;
        }
    }

    /**
     * Replays one recording on a device.
     *
     * @return every quantity, in the order of the run
     * @throws CheckpointException if the recording is not whole
     */
    public static List<Quantity> replay(Path folder, Device device) {
        var parity = new Parity(folder);
        parity.run(device);
        return parity.quantities;
    }

    private void run(Device device) {
        var settings = settings();
        var arch = (ObjectNode) settings.path("arch");
        var train = (ObjectNode) settings.path("train");
        train.set("batch_size", arch.remove("batch_size"));
        int recorded = train.remove("steps").asInt();
        long totalSteps = train.remove("total_steps").asLong();
        var where = folder.resolve("config.json").toString();
        var config = Settings.read(TrmConfig.PAPER, arch, where);
        var training = Settings.read(TrainConfig.PAPER, train, where);
        if (config.seqLen() == 0 || config.vocabSize() == 0 || config.numPuzzleIdentifiers() == 0) {
            throw new CheckpointException(where + " does not say of what sizes the puzzles are: expected seq_len, "
                    + "vocab_size and num_puzzle_identifiers under arch.");
        }
        var initial = read("initial");
        try (var trainer = new Trainer(device, config, training, totalSteps, initial, 0)) {
            for (int step = 1; step <= recorded; step++) {
                step(trainer, config, training, step);
            }
            var last = read("final");
            compareAll("final ", last, trainer.weights(), "");
            compareAll("final ", last, trainer.averagedWeights(), "ema.");
        }
    }

    private JsonNode settings() {
        var file = folder.resolve("config.json");
        try {
            var settings = Settings.MAPPER.readTree(InputFile.bytes(file, MOST_SETTINGS));
            if (settings.path("arch").isObject() && settings.path("train").hasNonNull("steps")
                    && settings.path("train").hasNonNull("total_steps") && settings.path("arch").has("batch_size")) {
                return settings;
            }
            throw new CheckpointException(file + " is not a recording's: expected arch with batch_size, and train "
                    + "with steps and total_steps.");
        } catch (IOException e) {
            throw new CheckpointException(folder + " is not a recorded run: expected config.json, "
                    + "initial.safetensors, step-N.safetensors and final.safetensors (" + JsonProblem.of(e) + ").", e);
        }
    }

    private Map<String, HostTensor> read(String name) {
        return Safetensors.read(folder.resolve(name + ".safetensors")).tensors();
    }

    private void step(Trainer trainer, TrmConfig config, TrainConfig train, int step) {
        var want = read("step-" + step);
        var name = "step-" + step + " ";
        int puzzles = train.batchSize();
        int cells = puzzles * config.seqLen();
        var metrics = trainer.computeGradients(new Batch(
                ints(want, "batch.inputs", cells, config.vocabSize(), 0),
                ints(want, "batch.labels", cells, config.vocabSize(), Batch.NO_LABEL),
                ints(want, "batch.puzzle_identifiers", puzzles, config.numPuzzleIdentifiers(), 0)));
        var got = trainer.recorded();
        trainer.update();
        compare(name + "logits", values(want, "logits"), got.logits());
        equal(name + "preds", ints(want, "preds"), got.predictions());
        compare(name + "q_halt_logits", values(want, "q_halt_logits"), everySecond(got.q()));
        compare(name + "loss", values(want, "loss"), (float) metrics.loss());
        compare(name + "carry.z_H", values(want, "carry.z_H"), got.zH());
        compare(name + "carry.z_L", values(want, "carry.z_L"), got.zL());
        equal(name + "carry.steps", ints(want, "carry.steps"), got.steps());
        equal(name + "carry.halted", ints(want, "carry.halted"), got.halted());
        equal(name + "carry.inputs", ints(want, "carry.inputs"), got.inputs());
        equal(name + "carry.labels", ints(want, "carry.labels"), got.labels());
        compareMetrics(name + "metric.", want, metrics);
        compare(
                name + "lr", values(want, "lr"), (float) trainer.learningRate(),
                (float) trainer.puzzleLearningRate());
        compareAll(name, want, trainer.gradients(), "grad.");
        if (config.puzzleEmbNdim() > 0) {
            compare(name + "grad.puzzle_rows", values(want, "grad.puzzle_rows"), got.rowGradients());
        }
        int states = puzzles * config.positions() * config.hiddenSize();
        trainer.carry(values(want, "carry.z_H", states), values(want, "carry.z_L", states));
    }

    private void compareMetrics(String name, Map<String, HostTensor> want, StepMetrics got) {
        var values = Map.of(
                "count", got.count(), "accuracy", got.accuracy(), "exact_accuracy", got.exact(), "q_halt_accuracy",
                got.haltRight(), "steps", got.steps(), "lm_loss", got.lmLoss(), "q_halt_loss", got.haltLoss());
        values.keySet().stream().sorted().forEach(metric -> compare(
                name + metric, values(want, "metric." + metric), values.get(metric).floatValue()));
    }

    /** Compares every tensor that was recorded under a prefix. */
    private void compareAll(
            String name, Map<String, HostTensor> want, Map<String, HostTensor> got, String prefix) {
        got.forEach((key, tensor) -> {
            var recorded = want.get(prefix + key);
            if (recorded != null) {
                compare(name + prefix + key, recorded.values(), tensor.values());
            }
        });
    }

    private void compare(String name, float[] want, float... got) {
        double largest = 0;
        double difference = want.length == got.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(want.length, got.length); i++) {
            largest = Math.max(largest, Math.abs(want[i]));
            double d = Math.abs((double) want[i] - got[i]);
            difference = d <= difference ? difference : Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
        }
        quantities.add(new Quantity(name, difference == 0 ? 0 : difference / largest, TOLERANCE));
    }

    private void equal(String name, int[] want, int[] got) {
        quantities.add(new Quantity(name, Arrays.equals(want, got) ? 0 : Double.POSITIVE_INFINITY, 0));
    }

    private float[] values(Map<String, HostTensor> tensors, String name) {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new CheckpointException(folder + ": expected tensor " + name + ", found none; record the run again.");
        }
        return tensor.values();
    }

    private float[] values(Map<String, HostTensor> tensors, String name, int size) {
        var values = values(tensors, name);
        if (values.length != size) {
            throw new CheckpointException(folder + ": expected " + size + " numbers in tensor " + name + ", found "
                    + values.length + "; record the run again.");
        }
        return values;
    }

    /** Returns whole numbers below a bound, of at least 0 or another one. */
    private int[] ints(Map<String, HostTensor> tensors, String name, int size, int bound, int other) {
        values(tensors, name, size);
        var ints = ints(tensors, name);
        for (int value : ints) {
            if ((value < 0 || value >= bound) && value != other) {
                throw new CheckpointException(folder + ": expected numbers below " + bound + " in tensor " + name
                        + ", found " + value + "; record the run again.");
            }
        }
        return ints;
    }

    private int[] ints(Map<String, HostTensor> tensors, String name) {
        var values = values(tensors, name);
        var ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = (int) values[i];
        }
        return ints;
    }

    private static float[] everySecond(float[] values) {
        var half = new float[values.length / 2];
        for (int i = 0; i < half.length; i++) {
            half[i] = values[2 * i];
        }
        return half;
    }
}
