package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;
import trm4j.model.file.Safetensors;
import trm4j.model.net.Parameters;

/** Training steps on a tiny model of odd sizes. */
class TrainerTest {

    static final String MIXER = "{'mlp_t': true}";
    static final String ROPE = "{'mlp_t': false, 'pos_encodings': 'rope'}";
    static final String LEARNED = "{'mlp_t': false, 'pos_encodings': 'learned'}";
    private static final String NO_TABLE = "{'puzzle_emb_ndim': 0, 'puzzle_emb_len': 0}";
    private static final String EMPTY_POSITIONS = "{'puzzle_emb_ndim': 0, 'puzzle_emb_len': 2, 'mlp_t': false}";
    static final String TWO_NETS = "{'separate_nets': true, 'mlp_t': false}";
    static final String CONTINUE = "{'no_ACT_continue': false}";

    static final String ROUNDED = "{'forward_dtype': 'bfloat16', 'mlp_t': true}";
    static final String ROUNDED_ROPE =
            "{'forward_dtype': 'bfloat16', 'mlp_t': false, 'pos_encodings': 'rope', 'no_ACT_continue': false}";

    static final int BATCH = 6;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {MIXER, ROPE, LEARNED, NO_TABLE, EMPTY_POSITIONS, TWO_NETS, CONTINUE})
    void microBatchesAddUpToTheBatch(String arch) {
        var whole = weightsAfter(4, arch, "{}", TestDevices.cpu());
        for (int micro : new int[] {1, 2, 3}) {
            var split = weightsAfter(4, arch, "{'micro_batch': " + micro + "}", TestDevices.cpu());
            whole.forEach((name, tensor) -> assertClose(name, tensor.values(), split.get(name).values(), 1e-3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {MIXER, ROPE, CONTINUE, ROUNDED, ROUNDED_ROPE})
    void theSameSeedGivesTheSameBitsOnAnyNumberOfThreads(String arch) {
        var first = weightsAfter(4, arch, "{}", TestDevices.cpu(2));
        var second = weightsAfter(4, arch, "{}", TestDevices.cpu(1));
        first.forEach((name, tensor) -> assertArrayEquals(bits(tensor), bits(second.get(name)), name));
        var other = new Parameters(config(arch)).initialize(2);
        assertNotEquals(
                Arrays.hashCode(bits(other.get(Parameters.LM_HEAD))),
                Arrays.hashCode(bits(new Parameters(config(arch)).initialize(1).get(Parameters.LM_HEAD))));
    }

    /** Whatever is recomputed, with whole and split batches: the same weights. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        MIXER + "|mlp", MIXER + "|mixer", MIXER + "|all", ROPE + "|mlp", ROPE + "|mixer", LEARNED + "|all",
        CONTINUE + "|all", "{'separate_nets': true}|all", EMPTY_POSITIONS + "|all", ROUNDED + "|all",
        ROUNDED_ROPE + "|all"
    }, quoteCharacter = '`')
    void recomputingGivesTheSameBits(String arch, String recompute) {
        for (int micro : new int[] {0, 2}) {
            var kept = "{'micro_batch': " + micro + "}";
            var expected = weightsAfter(3, arch, kept, TestDevices.cpu());
            var found = weightsAfter(
                    3, arch, merge(kept, "{'recompute': '" + recompute + "'}"), TestDevices.cpu());
            expected.forEach((name, tensor) -> assertArrayEquals(bits(tensor), bits(found.get(name)), name));
        }
    }

    /** The loss by a step along the gradient, against the gradient's length: full recursion, one cycle. */
    @ParameterizedTest
    @ValueSource(strings = {MIXER, ROPE, LEARNED, NO_TABLE, TWO_NETS})
    void gradientsAreSlopesOfTheLoss(String arch) {
        var config = config(merge(arch, "{'h_cycles': 1, 'l_cycles': 2}"));
        var train = train("{'loss': 'softmax_cross_entropy', 'puzzle_emb_lr': 0}");
        var weights = spread(new Parameters(config).initialize(3));
        Map<String, HostTensor> gradients;
        try (var trainer = new Trainer(TestDevices.cpu(), config, train, 10, weights, 0)) {
            trainer.computeGradients(batch(config, 0));
            gradients = trainer.gradients();
        }
        double length = norm(gradients);
        double step = 2e-3;
        double slope = (loss(config, train, moved(weights, gradients, step / length))
                - loss(config, train, moved(weights, gradients, -step / length))) / (2 * step);
        assertEquals(length, slope, 0.01 * length);
    }

    /** Two nets with one net's weights compute what it does, and share its gradient. */
    @ParameterizedTest
    @ValueSource(strings = {MIXER, ROPE})
    void twoNetsOfEqualWeightsAreOne(String arch) {
        var weights = spread(new Parameters(config(arch)).initialize(3));
        var twice = new LinkedHashMap<>(weights);
        weights.forEach((name, tensor) -> twice.put(ofH(name), tensor));
        var one = gradients(config(arch), train("{}"), weights);
        var two = gradients(config(merge(arch, "{'separate_nets': true}")), train("{}"), twice);
        one.forEach((name, tensor) -> {
            var sum = two.get(name).values().clone();
            if (!ofH(name).equals(name)) {
                var more = two.get(ofH(name)).values();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += more[i];
                }
            }
            assertClose(name, tensor.values(), sum, 1e-4);
        });
    }

    private static String ofH(String name) {
        return name.replace(Parameters.LAYER, Parameters.H_LAYER);
    }

    /** What comes before the last evaluations is like a carry: one update of z_L that starts from there agrees. */
    @ParameterizedTest
    @ValueSource(strings = {MIXER, ROPE})
    void gradientsStopBeforeTheLastEvaluations(String arch) {
        var weights = spread(new Parameters(config(arch)).initialize(3));
        var last = train("{'backpropagation': 'last'}");
        var stopped = gradients(recursion(arch, 3), last, weights);
        var unstopped = gradients(recursion(arch, 3), train("{}"), weights);
        float[] zL;
        try (var trainer = new Trainer(TestDevices.cpu(), recursion(arch, 2), last, 10, weights, 0)) {
            trainer.computeGradients(batch(config(arch), 0));
            zL = trainer.recorded().zL();
        }
        var config = recursion(arch, 1);
        try (var trainer = new Trainer(TestDevices.cpu(), config, train("{}"), 10, weights, 0)) {
            trainer.computeGradients(batch(config, 0));
            trainer.carry(tiled(weights.get(Parameters.H_INIT).values(), zL.length), zL);
            trainer.computeGradients(batch(config, 1));
            var name = Parameters.LAYER + "0.mlp.gate_up_proj.weight";
            assertFalse(Arrays.equals(bits(stopped.get(name)), bits(unstopped.get(name))));
            trainer.gradients().forEach((n, t) -> assertClose(n, t.values(), stopped.get(n).values(), 1e-5));
        }
    }

    /** One cycle of some updates of z_L, in which no slot halts after its first step. */
    private static TrmConfig recursion(String arch, int lCycles) {
        return config(merge(arch, "{'h_cycles': 1, 'halt_max_steps': 4, 'halt_exploration_prob': 1.0, 'l_cycles': "
                + lCycles + "}"));
    }

    private static float[] tiled(float[] values, int length) {
        var tiled = new float[length];
        for (int i = 0; i < length; i++) {
            tiled[i] = values[i % values.length];
        }
        return tiled;
    }

    static Map<String, HostTensor> gradients(
            TrmConfig config, TrainConfig train, Map<String, HostTensor> weights) {
        try (var trainer = new Trainer(TestDevices.cpu(), config, train, 10, weights, 0)) {
            trainer.computeGradients(batch(config, 0));
            return trainer.gradients();
        }
    }

    @Test
    void normsAreThoseOfGradientsAndWeights() {
        var config = config("{}");
        var weights = spread(new Parameters(config).initialize(3));
        try (var trainer = new Trainer(TestDevices.cpu(), config, train("{}"), 10, weights, 0)) {
            var metrics = trainer.computeGradients(batch(config, 0));
            assertEquals(norm(trainer.gradients()), metrics.gradientNorm(), 1e-5 * metrics.gradientNorm());
            var dense = new LinkedHashMap<>(weights);
            dense.keySet().removeAll(List.of(Parameters.H_INIT, Parameters.L_INIT, Parameters.PUZZLES));
            assertEquals(norm(dense), metrics.weightNorm(), 1e-5 * metrics.weightNorm());
        }
    }

    static double norm(Map<String, HostTensor> tensors) {
        return Math.sqrt(tensors.values().stream().mapToDouble(t -> dot(t.values(), t.values())).sum());
    }

    /** No recording has the continue loss: here it comes from what a solver says one step on. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void theContinueLossIsThatOfTheNextStepsQ(int maxSteps) {
        var config = config("{'no_ACT_continue': false, 'halt_max_steps': " + maxSteps + "}");
        var train = train("{'lr': 0, 'puzzle_emb_lr': 0}");
        var weights = spread(new Parameters(config).initialize(5));
        var batch = batch(config, 1);
        double expected = 0;
        double biasGradient = 0;
        try (var solver = new Solver(TestDevices.cpu(), config, train.loss(), BATCH, weights)) {
            solver.start(batch);
            var now = solver.step().q();
            var next = solver.step().q();
            for (int i = 0; i < BATCH; i++) {
                double value = maxSteps == 1 ? next[2 * i] : Math.max(next[2 * i], next[2 * i + 1]);
                double target = 1 / (1 + Math.exp(-value));
                double p = 1 / (1 + Math.exp(-now[2 * i + 1]));
                expected -= target * Math.log(p) + (1 - target) * Math.log(1 - p);
                biasGradient += 0.5 * (p - target) / BATCH;
            }
        }
        try (var trainer = new Trainer(TestDevices.cpu(), config, train, 10, weights, 0)) {
            var metrics = trainer.computeGradients(batch);
            assertEquals(expected, metrics.continueLoss(), 1e-4 * expected);
            assertEquals(biasGradient, trainer.gradients().get(Parameters.Q_BIAS).values()[1], 1e-6);
        }
    }

    /** What the solver's device says of z_H is how far the trainer's is from what it was. */
    @ParameterizedTest
    @ValueSource(strings = {MIXER, ROPE})
    void aSolverTellsByHowMuchAStepChangesTheState(String arch) {
        var config = config(merge(arch, "{'halt_exploration_prob': 1.0, 'halt_max_steps': 4}"));
        var weights = spread(new Parameters(config).initialize(5));
        var batch = batch(config, 1);
        try (var solver = new Solver(TestDevices.cpu(), config, train("{}").loss(), BATCH, weights);
                var trainer = new Trainer(TestDevices.cpu(), config, train("{}"), 10, weights, 0)) {
            solver.start(batch);
            var before = new float[0];
            // A third could begin anew where the trainer halts after the second.
            for (int step = 0; step < 2; step++) {
                trainer.computeGradients(batch);
                var state = trainer.recorded().zH();
                var told = solver.step().changes();
                if (step == 0) {
                    before = tiled(weights.get(Parameters.H_INIT).values(), state.length);
                }
                int length = state.length / BATCH;
                for (int i = 0; i < BATCH; i++) {
                    double sum = 0;
                    for (int k = i * length; k < (i + 1) * length; k++) {
                        sum += ((double) state[k] - before[k]) * ((double) state[k] - before[k]);
                    }
                    double expected = Math.sqrt(sum / length);
                    assertTrue(expected > 1e-3, "it moves");
                    assertEquals(expected, told[i], 1e-4 * expected);
                }
                before = state;
            }
        }
    }

    @Test
    void theExtraLookAheadLeavesTheCarryAlone() {
        var plain = stateAfterOneStep("{}");
        var looking = stateAfterOneStep(CONTINUE);
        assertArrayEquals(plain.zH(), looking.zH());
        assertArrayEquals(plain.zL(), looking.zL());
    }

    @Test
    void whoExploresDoesNotHaltBeforeItsTime() {
        var config = config("{'halt_exploration_prob': 1.0, 'halt_max_steps': 4}");
        var weights = new Parameters(config).initialize(1);
        Arrays.fill(weights.get(Parameters.Q_BIAS).values(), 5);
        try (var trainer = new Trainer(TestDevices.cpu(), config, train("{'lr': 0}"), 10, weights, 7)) {
            trainer.step(batch(config, 0));
            assertEquals(0, Arrays.stream(trainer.recorded().halted()).sum());
            for (int step = 2; step <= 4; step++) {
                trainer.step(batch(config, step));
            }
            assertTrue(Arrays.stream(trainer.recorded().halted()).sum() > 0);
        }
    }

    @Test
    void haltedSlotsTakeFreshPuzzlesAndOthersKeepTheirs() {
        var config = config("{'halt_max_steps': 2, 'halt_exploration_prob': 0.0}");
        try (var trainer = new Trainer(
                TestDevices.cpu(), config, train("{}"), 10, new Parameters(config).initialize(1), 0)) {
            var first = batch(config, 0);
            var third = batch(config, 2);
            trainer.step(first);
            trainer.step(batch(config, 1));
            assertArrayEquals(first.inputs(), trainer.recorded().puzzles().inputs());
            trainer.step(third);
            assertArrayEquals(third.inputs(), trainer.recorded().puzzles().inputs());
            assertEquals(BATCH, Arrays.stream(trainer.recorded().steps()).sum());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {MIXER, ROPE, LEARNED, NO_TABLE, CONTINUE, ROUNDED, ROUNDED_ROPE})
    void whatIsSavedGoesOnToTheBit(String arch) {
        var config = config(arch);
        var file = folder.resolve("training.safetensors");
        var again = folder.resolve("again.safetensors");
        Map<String, HostTensor> saved;
        Map<String, HostTensor> straight;
        try (var trainer = trainer(config, new Parameters(config).initialize(1), "{}", 2)) {
            stepsUpTo(4, trainer, config);
            trainer.save(file);
            saved = trainer.checkpoint().tensors();
            stepsUpTo(9, trainer, config);
            trainer.save(again);
            straight = trainer.checkpoint().tensors();
        }
        var end = folder.resolve("end.safetensors");
        try (var trainer = trainer(config, saved, "{}", 1)) {
            trainer.restore(file);
            assertEquals(4, trainer.steps());
            stepsUpTo(9, trainer, config);
            trainer.save(end);
            assertEquals(-1, Files.mismatch(again, end));
            trainer.checkpoint().tensors().forEach((name, tensor) ->
                    assertArrayEquals(bits(straight.get(name)), bits(tensor), name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Their rows learn what they learn beside weights that train. */
    @ParameterizedTest
    @ValueSource(strings = {MIXER, LEARNED, TWO_NETS})
    void frozenWeightsStayToTheBitAndPuzzleRowsLearn(String arch) throws IOException {
        var config = config(arch);
        var weights = spread(new Parameters(config).initialize(1));
        var free = "{'micro_batch': 2}";
        var frozen = "{'micro_batch': 2, 'freeze': 'weights'}";
        try (var beside = trainer(config, weights, free, 2);
                var alone = trainer(config, weights, frozen, 2);
                var resumed = trainer(config, weights, frozen, 2)) {
            beside.step(batch(config, 1));
            alone.step(batch(config, 1));
            assertArrayEquals(beside.recorded().rowGradients(), alone.recorded().rowGradients());
            assertArrayEquals(
                    bits(beside.weights().get(Parameters.PUZZLES)), bits(alone.weights().get(Parameters.PUZZLES)));
            stepsUpTo(5, alone, config);
            alone.checkpoint().tensors().forEach((name, tensor) -> assertEquals(
                    !name.equals(Parameters.PUZZLES), Arrays.equals(bits(weights.get(name)), bits(tensor)), name));
            var file = folder.resolve("frozen.safetensors");
            var end = folder.resolve("end.safetensors");
            stepsUpTo(3, resumed, config);
            resumed.save(file);
            try (var again = trainer(config, resumed.checkpoint().tensors(), frozen, 1)) {
                again.restore(file);
                stepsUpTo(5, again, config);
                again.save(end);
                assertArrayEquals(
                        bits(alone.weights().get(Parameters.PUZZLES)), bits(again.weights().get(Parameters.PUZZLES)));
            }
            alone.save(file);
            assertEquals(-1, Files.mismatch(file, end));
        }
    }

    @Test
    void whereNothingWouldLearnIsRefused() {
        var config = config(NO_TABLE);
        var frozen = train("{'freeze': 'weights'}");
        var refusal = assertThrows(
                ConfigException.class, () -> new TrainingPlan(TestDevices.cpu(), config, frozen));
        assertEquals(
                "train.freeze: expected none where arch.puzzle_emb_ndim is 0, since no puzzle rows are there to learn,"
                        + " found weights.", refusal.getMessage());
    }

    @Test
    void aStateThatDoesNotFitIsRefused() throws IOException {
        var config = config("{}");
        var file = folder.resolve("training.safetensors");
        try (var trainer = trainer(config, new Parameters(config).initialize(1), "{}", 1)) {
            stepsUpTo(1, trainer, config);
            trainer.save(file);
            Files.write(folder.resolve("cut"), Arrays.copyOf(Files.readAllBytes(file), 2000));
            assertThrows(CheckpointException.class, () -> trainer.restore(folder.resolve("cut")));
            new Safetensors(Map.of(), Map.of("step", "3")).write(folder.resolve("empty"));
            assertThrows(CheckpointException.class, () -> trainer.restore(folder.resolve("empty")));
        }
        var wider = config("{'hidden_size': 24}");
        try (var trainer = trainer(wider, new Parameters(wider).initialize(1), "{}", 1)) {
            var refusal = assertThrows(CheckpointException.class, () -> trainer.restore(file));
            assertTrue(refusal.getMessage().startsWith(file + ": expected weights["), refusal.getMessage());
        }
    }

    @Test
    void aStateInAnotherTypeIsRefused() {
        var file = folder.resolve("training.safetensors");
        var rounded = config(ROUNDED);
        try (var trainer = trainer(rounded, new Parameters(rounded).initialize(1), "{}", 1)) {
            trainer.save(file);
        }
        var config = config(MIXER);
        try (var trainer = trainer(config, new Parameters(config).initialize(1), "{}", 1)) {
            var refusal = assertThrows(CheckpointException.class, () -> trainer.restore(file)).getMessage();
            assertTrue(refusal.startsWith(file + ": expected z_H["), refusal);
            assertTrue(refusal.endsWith("; it is of a training with other settings."), refusal);
        }
    }

    @Test
    void aDeviceThatLacksTheTypeIsRefused() {
        var floatsOnly = new StandInDevice("opencl:0", Long.MAX_VALUE, false, _ -> null);
        var refusal = assertThrows(
                ConfigException.class, () -> new TrainingPlan(floatsOnly, config(ROUNDED), train("{}")));
        assertEquals(
                "arch.forward_dtype: expected float32, which is all that device opencl:0 computes in, found bfloat16; "
                        + "set arch.forward_dtype=float32 (with trm eval, --dtype float32), or take --device cpu.",
                refusal.getMessage());
        assertThrows(
                ConfigException.class,
                () -> new SolvingPlan(floatsOnly, config(ROUNDED), train("{}").loss(), 1));
    }

    /** What was trained in one type is solved in the other: about the same comes out, and not the very same. */
    @Test
    void aModelIsEvaluatedInEitherType() {
        var model = new Checkpoint(config(MIXER), train("{}"), 0, spread(new Parameters(config(MIXER)).initialize(1)));
        var q = new float[2][];
        for (var dtype : TrmConfig.Dtype.values()) {
            var config = model.computedIn(dtype).config();
            assertEquals(dtype, config.forwardDtype());
            try (var solver = new Solver(TestDevices.cpu(), config, train("{}").loss(), BATCH, model.tensors())) {
                solver.start(batch(config, 0));
                q[dtype.ordinal()] = solver.step().q();
            }
        }
        assertClose("q", q[0], q[1], 0.1);
        assertFalse(Arrays.equals(q[0], q[1]));
    }

    /** Kernels would look for them somewhere in memory. */
    @ParameterizedTest
    @ValueSource(strings = {"steps", "halted", "current.inputs", "current.labels", "current.identifiers"})
    void numbersThatNoTrainingLeavesAreRefused(String buffer) throws IOException {
        var config = config("{}");
        var file = folder.resolve("training.safetensors");
        try (var trainer = trainer(config, new Parameters(config).initialize(1), "{}", 1)) {
            stepsUpTo(1, trainer, config);
            trainer.save(file);
            var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            int header = (int) bytes.getLong(0);
            var json = new ObjectMapper().readTree(Arrays.copyOfRange(bytes.array(), 8, 8 + header));
            int at = 8 + header + json.at("/" + buffer + "/data_offsets/0").intValue();
            for (int value : new int[] {-1, 1 << 20, Integer.MIN_VALUE}) {
                bytes.putInt(at, value);
                Files.write(file, bytes.array());
                var refusal = assertThrows(CheckpointException.class, () -> trainer.restore(file)).getMessage();
                assertTrue(refusal.contains(buffer) && refusal.contains("found " + value), refusal);
            }
        }
    }

    static Trainer trainer(TrmConfig config, Map<String, HostTensor> weights, String train, int threads) {
        return new Trainer(TestDevices.cpu(threads), config, train(train), 10, weights, 3);
    }

    static void stepsUpTo(int last, Trainer trainer, TrmConfig config) {
        for (long step = trainer.steps() + 1; step <= last; step++) {
            trainer.step(batch(config, step));
        }
    }

    private static Trainer.Recorded stateAfterOneStep(String arch) {
        var config = config(arch);
        try (var trainer = new Trainer(
                TestDevices.cpu(), config, train("{}"), 10, new Parameters(config).initialize(1), 0)) {
            trainer.computeGradients(batch(config, 0));
            return trainer.recorded();
        }
    }

    static Map<String, HostTensor> weightsAfter(int steps, String arch, String train, Device device) {
        var config = config(arch);
        try (var trainer = new Trainer(
                device, config, train(train), 10, new Parameters(config).initialize(1), 0)) {
            for (int i = 0; i < steps; i++) {
                trainer.step(batch(config, i));
            }
            return trainer.averagedWeights();
        }
    }

    static double loss(TrmConfig config, TrainConfig train, Map<String, HostTensor> weights) {
        try (var trainer = new Trainer(TestDevices.cpu(), config, train, 10, weights, 0)) {
            return trainer.computeGradients(batch(config, 0)).loss() / BATCH;
        }
    }

    /** Weights whose q head is not zero, so that its gradients are none of a special case. */
    static Map<String, HostTensor> spread(Map<String, HostTensor> weights) {
        var random = new SplittableRandom(9);
        var q = weights.get(Parameters.Q_HEAD).values();
        for (int i = 0; i < q.length; i++) {
            q[i] = (float) (0.1 * random.nextGaussian());
        }
        Arrays.fill(weights.get(Parameters.Q_BIAS).values(), -0.5f);
        return weights;
    }

    static Map<String, HostTensor> moved(
            Map<String, HostTensor> weights, Map<String, HostTensor> direction, double by) {
        var moved = new LinkedHashMap<>(weights);
        direction.forEach((name, along) -> {
            var values = weights.get(name).values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (by * along.values()[i]);
            }
            moved.put(name, new HostTensor(along.shape(), values));
        });
        return moved;
    }

    static TrmConfig config(String arch) {
        var base = "{'hidden_size': 18, 'num_heads': 3, 'l_layers': 2, 'h_cycles': 2, 'l_cycles': 2, "
                + "'halt_max_steps': 3, 'puzzle_emb_ndim': 20, 'puzzle_emb_len': 2}";
        return Settings.read(TrmConfig.PAPER, tree(merge(base, arch)), "test").forPuzzles(7, 5, 4);
    }

    static TrainConfig train(String train) {
        var base = "{'batch_size': " + BATCH + ", 'lr': 1e-3, 'lr_warmup_steps': 2, 'ema_rate': 0.5}";
        return Settings.read(TrainConfig.PAPER, tree(merge(base, train)), "test");
    }

    static Batch batch(TrmConfig config, long seed) {
        var random = new SplittableRandom(100 + seed);
        int tokens = BATCH * config.seqLen();
        var labels = random.ints(tokens, -1, config.vocabSize()).map(l -> l < 0 ? Batch.NO_LABEL : l).toArray();
        return new Batch(
                random.ints(tokens, 0, config.vocabSize()).toArray(), labels,
                random.ints(BATCH, 0, config.numPuzzleIdentifiers()).toArray());
    }

    static String merge(String base, String more) {
        try {
            return Settings.MAPPER.readerForUpdating(tree(base)).readTree(more.replace('\'', '"')).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode tree(String json) {
        try {
            return Settings.MAPPER.readTree(json.replace('\'', '"'));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void assertClose(String name, float[] expected, float[] found, double tolerance) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - found[i]));
        }
        assertTrue(difference <= tolerance * largest, name + ": " + difference + " of " + largest);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    static int[] bits(HostTensor tensor) {
        var bits = new int[tensor.values().length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(tensor.values()[i]));
        return bits;
    }
}
