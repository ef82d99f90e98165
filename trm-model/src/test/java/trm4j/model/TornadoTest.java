package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.kernels.device.Devices;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;

/** TRM on a TornadoVM device; skipped where there is none. */
@EnabledIf(value = "hasDevice", disabledReason = "needs a TornadoVM SDK, named by TORNADOVM_HOME, with a device")
class TornadoTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static final Path SEALED = Path.of("src/test/resources/golden-steps");

    private static final String SUDOKU = "{'mlp_t': true, 'pos_encodings': 'none', 'h_cycles': 1, 'l_cycles': 1}";
    private static final String MAZE =
            "{'mlp_t': false, 'pos_encodings': 'rope', 'num_heads': 8, 'h_cycles': 1, 'l_cycles': 1}";

    private static final TrmConfig SMALL = Settings.read(
                    TrmConfig.PAPER,
                    tree("{'hidden_size': 64, 'num_heads': 2, 'h_cycles': 2, 'l_cycles': 2, 'puzzle_emb_ndim': 64,"
                            + " 'puzzle_emb_len': 1}"),
                    "test")
            .forPuzzles(36, 8, 2);

    static boolean hasDevice() {
        return TestDevices.firstTornado().isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp-mixer", "attention-rope", "attention-learned"})
    void everyQuantityIsTheReferences(String run) {
        var quantities = Parity.replay(GOLDEN.resolve(run), Devices.named("tornado"));
        assertAll(quantities.stream().map(q -> () -> assertTrue(q.passes(), q.toString())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixer-bfloat16", "attention-bfloat16"})
    void everyQuantityOfASealedStepIsTheReferences(String run) {
        var quantities = Parity.replay(SEALED.resolve(run), Devices.named("tornado"));
        assertAll(quantities.stream().map(q -> () -> assertTrue(q.passes(), q.toString())));
    }

    /** What is computed again is rounded again, to the same bits. */
    @Test
    void recomputingInBfloat16LeadsToTheSameLosses() {
        var config = SMALL.with(arch -> arch.forwardDtype = TrmConfig.Dtype.BFLOAT16);
        assertArrayEquals(
                losses(config, "{'recompute': 'none'}", 8, 2, Devices.named("tornado")),
                losses(config, "{'recompute': 'all'}", 8, 2, Devices.named("tornado")));
    }

    /** In the paper's sizes, one cycle for three and one puzzle for 768. */
    @ParameterizedTest
    @ValueSource(strings = {SUDOKU + ";81;11", MAZE + ";900;6"})
    void theFullSizeModelsLossesAreThoseOfTheCpu(String model) {
        var parts = model.split(";");
        var config = Settings.read(TrmConfig.PAPER, tree(parts[0]), "test")
                .forPuzzles(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), 2);
        var expected = losses(config, 1, 2, TestDevices.cpu());
        var found = losses(config, 1, 2, Devices.named("tornado"));
        for (int step = 0; step < expected.length; step++) {
            assertEquals(expected[step], found[step], 1e-4 * expected[step], "step " + (step + 1));
        }
    }

    /** Noise, damping, smoothed labels, weights and depths: the same as there. */
    @Test
    void allOptionsTrainAsOnTheCpu() {
        var config = SMALL.with(arch -> arch.damping = 0.1);
        var options = "{'label_smoothing': 0.1, 'supervision_decay': 0.7, 'start_std': 1, 'noise': 0.05, "
                + "'depth_schedule': '1x1 to 0.2'}";
        var expected = losses(config, options, 8, 4, TestDevices.cpu());
        var found = losses(config, options, 8, 4, Devices.named("tornado"));
        for (int step = 0; step < expected.length; step++) {
            assertEquals(expected[step], found[step], 1e-2 * expected[step], "step " + (step + 1));
        }
    }

    /** Later, rounding drives two devices apart, as it does two kinds of vectors on one. */
    @Test
    void trainingBeginsAsOnTheCpu() {
        var expected = losses(SMALL, 8, 6, TestDevices.cpu());
        var found = losses(SMALL, 8, 6, Devices.named("tornado"));
        for (int step = 0; step < expected.length; step++) {
            assertEquals(expected[step], found[step], 1e-2 * expected[step], "step " + (step + 1));
        }
    }

    private static double[] losses(TrmConfig config, int batch, int steps, Device device) {
        return losses(config, "{}", batch, steps, device);
    }

    private static double[] losses(TrmConfig config, String options, int batch, int steps, Device device) {
        var losses = new double[steps];
        try (var trainer = trainer(config, options, batch, device)) {
            for (int i = 0; i < steps; i++) {
                losses[i] = trainer.step(batch(config, batch, i)).loss();
            }
        }
        return losses;
    }

    private static Trainer trainer(TrmConfig config, String options, int batch, Device device) {
        var base = Settings.read(
                TrainConfig.PAPER, tree("{'batch_size': " + batch + ", 'lr': 1e-3, 'lr_warmup_steps': 1}"), "test");
        var train = Settings.read(base, tree(options), "test");
        return new Trainer(device, config, train, 10, new Parameters(config).initialize(1), 0);
    }

    private static Batch batch(TrmConfig config, int size, long seed) {
        var random = new SplittableRandom(100 + seed);
        int tokens = size * config.seqLen();
        return new Batch(
                random.ints(tokens, 0, config.vocabSize()).toArray(),
                random.ints(tokens, 0, config.vocabSize()).toArray(),
                random.ints(size, 0, config.numPuzzleIdentifiers()).toArray());
    }

    private static JsonNode tree(String json) {
        try {
            return Settings.MAPPER.readTree(json.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
