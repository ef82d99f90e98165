package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static trm4j.model.TrainerTest.BATCH;
import static trm4j.model.TrainerTest.assertClose;
import static trm4j.model.TrainerTest.batch;
import static trm4j.model.TrainerTest.bits;
import static trm4j.model.TrainerTest.config;
import static trm4j.model.TrainerTest.gradients;
import static trm4j.model.TrainerTest.merge;
import static trm4j.model.TrainerTest.spread;
import static trm4j.model.TrainerTest.stepsUpTo;
import static trm4j.model.TrainerTest.train;
import static trm4j.model.TrainerTest.trainer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Schedule;
import trm4j.model.config.ConfigException;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;
import trm4j.model.net.TrainingPrograms;

/** What training may do otherwise: damping, random starts, noise, smoothed labels, weights and depths. */
class TrainingOptionsTest {

    private static final String STEP = "training-step.txt";
    private static final String DAMPED = "{'damping': 0.3}";
    private static final String ALL = "{'label_smoothing': 0.1, 'supervision_decay': 0.7, 'start_std': 1, "
            + "'noise': 0.05, 'depth_schedule': '1x1 to 0.3, 1x2 to 0.6'}";

    @TempDir
    private Path folder;

    /** The loss by a step along the gradient, against the gradient's length, as without options. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        TrainerTest.MIXER + "|{}", TrainerTest.TWO_NETS + "|{'noise': 0.3}", TrainerTest.ROPE + "|{'start_std': 1}",
        TrainerTest.LEARNED + "|{'label_smoothing': 0.2}"
    })
    void gradientsAreSlopesOfTheLoss(String arch, String option) {
        var config = config(merge(merge(arch, DAMPED), "{'h_cycles': 1, 'l_cycles': 3}"));
        var train = train(merge("{'loss': 'softmax_cross_entropy', 'puzzle_emb_lr': 0}", option));
        var weights = spread(new Parameters(config).initialize(3));
        var gradients = gradients(config, train, weights);
        double length = TrainerTest.norm(gradients);
        double step = 2e-3;
        double slope = (TrainerTest.loss(config, train, TrainerTest.moved(weights, gradients, step / length))
                - TrainerTest.loss(config, train, TrainerTest.moved(weights, gradients, -step / length))) / (2 * step);
        assertEquals(length, slope, 0.01 * length);
    }

    /**
     * A step without options computes what it did before there were any: the same operations in the same order, as they
     * were recorded then. Whoever changes the step otherwise records it anew from the file that is written.
     */
    @Test
    void aStepWithoutOptionsIsAsItWas() throws IOException {
        var found = Stream.of(TrainerTest.MIXER, TrainerTest.CONTINUE).map(arch -> listing(arch, "{}"))
                .collect(Collectors.joining("\n"));
        Files.writeString(Path.of("target", STEP), found);
        try (var recorded = TrainingOptionsTest.class.getResourceAsStream("/" + STEP)) {
            assertEquals(new String(recorded.readAllBytes(), StandardCharsets.UTF_8), found);
        }
        var off = "{'supervision_decay': 1, 'start_std': 0, 'noise': 0, 'label_smoothing': 0, 'depth_schedule': ''}";
        assertEquals(listing("{'damping': 0}", off), listing("{}", "{}"));
        for (var option : List.of(
                "{'supervision_decay': 0.7}", "{'start_std': 1}", "{'noise': 0.1}", "{'depth_schedule': '1x1 to 0.5'}")) {
            assertNotEquals(listing("{}", "{}"), listing("{}", option), option);
        }
        assertNotEquals(listing("{}", "{}"), listing(DAMPED, "{}"));
    }

    /** The programs of a training step in their order, and the operations of each. */
    private static String listing(String arch, String train) {
        var config = config(arch);
        var settings = train(train);
        var programs = new TrainingPrograms(config, settings, new Parameters(config), settings.microBatches());
        var text = new StringBuilder();
        programs.schedules().forEach(schedule -> text.append(schedule.calls().stream()
                .map(call -> call.program().name()).collect(Collectors.joining(", ", schedule.name() + ": ", "\n"))));
        Schedule.programs(programs.schedules()).forEach(program -> text.append(program.operations().stream()
                .map(operation -> operation.name() + " " + operation.size())
                .collect(Collectors.joining(", ", program.name() + " = ", "\n"))));
        return text.toString();
    }

    /** After one update of a state it is damping times where it started, and the rest what it is without. */
    @Test
    void dampingKeepsAPartOfTheState() {
        var once = "{'h_cycles': 1, 'l_cycles': 1}";
        var plain = after(once, "{}", 0);
        var damped = after(merge(once, DAMPED), "{}", 0);
        var start = new Parameters(config(once)).initialize(1).get(Parameters.L_INIT).values();
        var expected = new float[plain.zL().length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = 0.3f * start[i % start.length] + 0.7f * plain.zL()[i];
        }
        assertClose("z_L", expected, damped.zL(), 1e-6);
    }

    /** A state that is hardly updated is what it started with. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'micro_batch': 2}"})
    void statesStartAtRandom(String batches) {
        var hardly = "{'damping': 0.9999999, 'h_cycles': 1, 'l_cycles': 1}";
        var train = merge("{'start_std': 2}", batches);
        var first = after(hardly, train, 0);
        assertEquals(2, deviation(first.zH()), 0.1);
        assertEquals(2, deviation(first.zL()), 0.1);
        assertNotEquals(first.zH()[0], first.zL()[0]);
        int length = first.zH().length / BATCH;
        assertEquals(
                BATCH, IntStream.range(0, BATCH).mapToObj(slot -> first.zH()[slot * length]).distinct().count());
        var whole = after(hardly, "{'start_std': 2}", 0);
        assertArrayEquals(whole.zH(), first.zH());
        assertNotEquals(first.zH()[0], after(hardly, train, 1).zH()[0]);
    }

    /** What an update adds is noise of the standard deviation asked for, whatever the micro-batches. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'micro_batch': 3}"})
    void updatesAddNoise(String batches) {
        var once = "{'h_cycles': 1, 'l_cycles': 1}";
        var plain = after(once, batches, 0).zL();
        var noisy = after(once, merge("{'noise': 0.5}", batches), 0).zL();
        var noise = new float[plain.length];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = noisy[i] - plain[i];
        }
        assertEquals(0.5, deviation(noise), 0.025);
        assertClose("noise", after(once, "{'noise': 0.5}", 0).zL(), noisy, 1e-5);
        // A second update, of z_L in another cycle, draws others.
        var twice = after("{'h_cycles': 2, 'l_cycles': 1, 'damping': 0}", merge("{'noise': 0.5}", batches), 0).zL();
        assertFalse(Arrays.equals(noisy, twice));
    }

    private static double deviation(float[] x) {
        return Math.sqrt(IntStream.range(0, x.length).mapToDouble(i -> x[i] * x[i]).average().orElseThrow());
    }

    private static Trainer.Recorded after(String arch, String train, int seed) {
        var config = config(arch);
        var weights = new Parameters(config).initialize(1);
        try (var trainer = new Trainer(TestDevices.cpu(), config, train(train), 10, weights, seed)) {
            trainer.computeGradients(batch(config, 0));
            return trainer.recorded();
        }
    }

    /** The heads' gradients, by the formulas of the losses, where slots have taken different numbers of steps. */
    @Test
    void lossesAreWeighedByTheSupervisionStep() {
        var config = config("{'halt_max_steps': 4, 'halt_exploration_prob': 1.0}");
        double decay = 0.5;
        double smoothing = 0.2;
        var train = train("{'lr': 0, 'puzzle_emb_lr': 0, 'loss': 'softmax_cross_entropy', 'supervision_decay': 0.5, "
                + "'label_smoothing': 0.2}");
        var weights = spread(new Parameters(config).initialize(2));
        Arrays.fill(weights.get(Parameters.Q_BIAS).values(), 3);
        try (var trainer = new Trainer(TestDevices.cpu(), config, train, 10, weights, 5)) {
            stepsUpTo(3, trainer, config);
            trainer.computeGradients(batch(config, 4));
            var found = trainer.recorded();
            assertNotEquals(1, Arrays.stream(found.steps()).distinct().count());
            int length = config.seqLen();
            int classes = config.vocabSize();
            int width = config.hiddenSize();
            double bias = 0;
            var lmHead = new float[classes * width];
            for (int b = 0; b < BATCH; b++) {
                double weight = Math.pow(decay, found.steps()[b] - 1) / BATCH;
                int[] labels = Arrays.copyOfRange(found.puzzles().labels(), b * length, (b + 1) * length);
                long labelled = Arrays.stream(labels).filter(label -> label >= 0).count();
                boolean exact = true;
                for (int t = 0; t < length; t++) {
                    int at = (b * length + t) * classes;
                    double sum = 0;
                    for (int c = 0; c < classes; c++) {
                        sum += Math.exp(found.logits()[at + c]);
                    }
                    exact &= labels[t] < 0 || found.predictions()[b * length + t] == labels[t];
                    for (int c = 0; c < classes && labels[t] >= 0; c++) {
                        double target = (c == labels[t] ? 1 - smoothing : 0) + smoothing / classes;
                        double d = weight / labelled * (Math.exp(found.logits()[at + c]) / sum - target);
                        int state = ((b * config.positions()) + config.puzzlePositions() + t) * width;
                        for (int i = 0; i < width; i++) {
                            lmHead[c * width + i] += (float) (d * found.zH()[state + i]);
                        }
                    }
                }
                bias += 0.5 * weight * (1 / (1 + Math.exp(-found.haltLogits()[b])) - (exact ? 1 : 0));
            }
            assertEquals(bias, trainer.gradients().get(Parameters.Q_BIAS).values()[0], 1e-6);
            assertClose("lm_head", lmHead, trainer.gradients().get(Parameters.LM_HEAD).values(), 1e-4);
        }
    }

    /** Each stage trains as a model of its depth does. */
    @ParameterizedTest
    @ValueSource(strings = {TrainerTest.MIXER, TrainerTest.CONTINUE})
    void eachStageTrainsAsAModelOfItsDepth(String arch) {
        var config = config(arch);
        var weights = new Parameters(config).initialize(1);
        var file = folder.resolve("training.safetensors");
        var shallow = config(merge(arch, "{'h_cycles': 1, 'l_cycles': 1}"));
        try (var scheduled = trainer(config, weights, "{'depth_schedule': '1x1 to 0.5'}", 1);
                var first = trainer(shallow, weights, "{}", 1)) {
            stepsUpTo(5, scheduled, config);
            stepsUpTo(5, first, config);
            assertSame(first.averagedWeights(), scheduled.averagedWeights());
            assertEquals("1x1", scheduled.depth().toString());
            scheduled.save(file);
            try (var then = trainer(config, scheduled.checkpoint().tensors(), "{}", 1)) {
                then.restore(file);
                stepsUpTo(8, then, config);
                stepsUpTo(8, scheduled, config);
                assertSame(then.averagedWeights(), scheduled.averagedWeights());
                assertEquals("2x2", scheduled.depth().toString());
            }
        }
    }

    @Test
    void stagesDeeperThanTheModelAreRefused() {
        var refusal = assertThrows(
                ConfigException.class, () -> new TrainingPlan(
                        TestDevices.cpu(), config("{}"), train("{'depth_schedule': '1x1 to 0.5, 2x3 to 0.75'}")));
        assertEquals(
                "train.depth_schedule: expected stages of at most arch.h_cycles x arch.l_cycles, 2x2, found 2x3 to "
                        + "0.75.", refusal.getMessage());
    }

    /** All of them together: to the bit, on any number of threads, recomputed, and resumed in the midst of a stage. */
    @ParameterizedTest
    @ValueSource(strings = {TrainerTest.MIXER, TrainerTest.TWO_NETS, TrainerTest.CONTINUE, TrainerTest.ROUNDED,
        TrainerTest.ROUNDED_ROPE})
    void allOfThemGoOnToTheBit(String arch) {
        var config = config(merge(arch, DAMPED));
        var weights = new Parameters(config).initialize(1);
        var straight = weightsAfter(9, config, weights, ALL, 2);
        assertSame(straight, weightsAfter(9, config, weights, merge(ALL, "{'recompute': 'all'}"), 1));
        var file = folder.resolve("training.safetensors");
        Map<String, HostTensor> saved;
        try (var trainer = trainer(config, weights, ALL, 2)) {
            stepsUpTo(4, trainer, config);
            trainer.save(file);
            saved = trainer.checkpoint().tensors();
        }
        try (var trainer = trainer(config, saved, ALL, 2)) {
            trainer.restore(file);
            stepsUpTo(9, trainer, config);
            assertSame(straight, trainer.averagedWeights());
        }
    }

    /** Split batches draw what whole ones draw. */
    @ParameterizedTest
    @ValueSource(strings = {TrainerTest.MIXER, TrainerTest.CONTINUE})
    void allOfThemAddUpToTheBatch(String arch) {
        var config = config(merge(arch, DAMPED));
        var weights = new Parameters(config).initialize(1);
        var split = weightsAfter(4, config, weights, merge(ALL, "{'micro_batch': 2}"), 2);
        weightsAfter(4, config, weights, ALL, 2)
                .forEach((name, tensor) -> assertClose(name, tensor.values(), split.get(name).values(), 1e-3));
    }

    @Test
    void puzzleRowsLearnBesideFrozenWeights() {
        var config = config(DAMPED);
        var weights = spread(new Parameters(config).initialize(1));
        weightsAfter(4, config, weights, merge(ALL, "{'freeze': 'weights'}"), 2).forEach((name, tensor) -> assertEquals(
                !name.equals(Parameters.PUZZLES), Arrays.equals(bits(weights.get(name)), bits(tensor)), name));
    }

    private static Map<String, HostTensor> weightsAfter(
            int steps, TrmConfig config, Map<String, HostTensor> weights, String train, int threads) {
        try (var trainer = trainer(config, weights, train, threads)) {
            stepsUpTo(steps, trainer, config);
            return trainer.averagedWeights();
        }
    }

    private static void assertSame(Map<String, HostTensor> expected, Map<String, HostTensor> found) {
        expected.forEach((name, tensor) -> assertArrayEquals(bits(tensor), bits(found.get(name)), name));
    }
}
