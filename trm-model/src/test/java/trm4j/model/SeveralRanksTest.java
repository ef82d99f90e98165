package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.config.ConfigException;
import trm4j.model.config.DepthSchedule;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;
import trm4j.model.ranks.Ranks;
import trm4j.model.ranks.ThreadRanks;

/** Several processes take the steps that one takes: whatever comes of them is the same to the bit. */
class SeveralRanksTest {

    private static final int BATCH = 14;
    /** Seven micro-batches: with two ranks, the second's begin within a sum of the first's. */
    private static final TrainConfig TRAIN = TrainConfig.PAPER.with(train -> {
        train.batchSize = BATCH;
        train.microBatch = 2;
        train.lr = 1e-2;
        train.puzzleEmbLr = 1e-2;
        train.lrWarmupSteps = 2;
        train.emaRate = 0.5;
    });
    private static final int STEPS = 5;

    @TempDir
    private Path folder;

    /** What a training came to. */
    private record End(List<StepMetrics> metrics, byte[] model, byte[] state) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"mlp_t\": true}|4", "{\"mlp_t\": false, \"pos_encodings\": \"rope\", \"no_ACT_continue\": false}|2",
        "{\"puzzle_emb_ndim\": 0, \"forward_dtype\": \"bfloat16\"}|2"
    })
    void theBitsAreThoseOfOneProcess(String arch, int most) throws IOException {
        var config = config(arch);
        var one = train(config, TRAIN, 1, Optional.empty(), STEPS);
        assertTrue(one.metrics.stream().anyMatch(step -> step.count() > 0 && step.count() < BATCH));
        for (int size = 2; size <= most; size++) {
            assertSame(one, train(config, TRAIN, size, Optional.empty(), STEPS), size + " ranks");
        }
    }

    /** What is drawn at random is drawn for the slot of the whole batch. */
    @Test
    void optionsAreTheSame() throws IOException {
        var config = config("{\"damping\": 0.2}");
        var train = TRAIN.with(draft -> {
            draft.startStd = 1;
            draft.noise = 0.1;
            draft.supervisionDecay = 0.5;
            draft.labelSmoothing = 0.1;
            draft.depthSchedule = DepthSchedule.of("1x1 to 0.2");
        });
        assertSame(
                train(config, train, 1, Optional.empty(), STEPS), train(config, train, 3, Optional.empty(), STEPS),
                "3 ranks");
    }

    @Test
    void frozenWeightsStayAndRowsLearnTheSame() throws IOException {
        var config = config("{}");
        var frozen = TRAIN.with(train -> train.freeze = TrainConfig.Freeze.WEIGHTS);
        assertSame(
                train(config, frozen, 1, Optional.empty(), STEPS), train(config, frozen, 3, Optional.empty(), STEPS),
                "3 ranks");
    }

    @Test
    void anotherNumberOfRanksGoesOn() throws IOException {
        var config = config("{}");
        var straight = train(config, TRAIN, 1, Optional.empty(), STEPS);
        var saved = Optional.<End>empty();
        for (int size : new int[] {3, 1, 2, 4, 1}) {
            saved = Optional.of(train(config, TRAIN, size, saved, 1));
        }
        assertSame(straight, saved.get(), "at the end");
    }

    private static void assertSame(End expected, End found, String what) {
        assertEquals(expected.metrics.getLast(), found.metrics.getLast(), what);
        assertArrayEquals(expected.model, found.model, what);
        assertArrayEquals(expected.state, found.state, what);
    }

    @Test
    void allHearWhatDivergedFirst() {
        var config = config("{\"halt_exploration_prob\": 1.0}");
        for (int size : new int[] {1, 3}) {
            var diverged = assertThrows(DivergedException.class, () -> ThreadRanks.run(size, ranks -> {
                try (var trainer = open(config, TRAIN, ranks, new Parameters(config).initialize(1))) {
                    trainer.step(part(batch(config, 1), ranks));
                    // In the last slot only, which the last rank has.
                    var state = new float[share(ranks)[1] * config.positions() * config.hiddenSize()];
                    if (ranks.rank() == size - 1) {
                        state[state.length - 1] = Float.NaN;
                    }
                    trainer.carry(state, state);
                    trainer.step(part(batch(config, 2), ranks));
                }
            }));
            assertTrue(diverged.getMessage().startsWith("The loss is NaN in step 2, expected finite numbers, found others "
                    + "first in z_L" + (size > 1 ? " on rank " + (size - 1) : "") + ":"), diverged.getMessage());
        }
    }

    @Test
    void moreRanksThanMicroBatchesAreRefused() {
        var refusal = assertThrows(ConfigException.class, () -> ThreadRanks.run(8, ranks ->
                new TrainingPlan(TestDevices.cpu(1), config("{}"), TRAIN, ranks)));
        assertEquals(
                "train.micro_batch: 8 processes share a batch of 14 puzzles, expected at least as many micro-batches, found "
                        + "7 of 2; set it to 1, or start fewer processes.", refusal.getMessage());
    }

    /** Trains on from something, and saves it. */
    private End train(TrmConfig config, TrainConfig train, int size, Optional<End> from, int steps) throws IOException {
        var state = folder.resolve("state.safetensors");
        var model = folder.resolve("model.safetensors");
        if (from.isPresent()) {
            Files.write(state, from.get().state);
            Files.write(model, from.get().model);
        }
        var metrics = ThreadRanks.call(size, ranks -> {
            var weights = from.isPresent() ? Checkpoint.load(model).tensors() : first(config);
            try (var trainer = open(config, train, ranks, weights)) {
                if (from.isPresent()) {
                    trainer.restore(state);
                }
                ranks.meet();
                var each = new ArrayList<StepMetrics>();
                for (int i = 0; i < steps; i++) {
                    each.add(trainer.step(part(batch(config, trainer.steps()), ranks)));
                }
                var checkpoint = trainer.checkpoint();
                if (ranks.isFirst()) {
                    checkpoint.save(model);
                    trainer.save(state);
                } else {
                    trainer.handOver();
                }
                return each;
            }
        });
        metrics.forEach(each -> assertEquals(metrics.getFirst(), each));
        return new End(metrics.getFirst(), Files.readAllBytes(model), Files.readAllBytes(state));
    }

    /** Weights with which all halt that do not explore. */
    private static Map<String, HostTensor> first(TrmConfig config) {
        var weights = new Parameters(config).initialize(1);
        weights.get(Parameters.Q_BIAS).values()[0] = 1;
        weights.get(Parameters.Q_BIAS).values()[1] = 0;
        return weights;
    }

    private static Trainer open(TrmConfig config, TrainConfig train, Ranks ranks, Map<String, HostTensor> weights) {
        return new TrainingPlan(TestDevices.cpu(1), config, train, ranks).open(10, weights, 3);
    }

    private static Batch part(Batch batch, Ranks ranks) {
        int from = share(ranks)[0];
        int to = from + share(ranks)[1];
        int length = batch.inputs().length / BATCH;
        return new Batch(
                Arrays.copyOfRange(batch.inputs(), from * length, to * length),
                Arrays.copyOfRange(batch.labels(), from * length, to * length),
                Arrays.copyOfRange(batch.puzzleIdentifiers(), from, to));
    }

    /** The first of a rank's puzzles, and how many it has. */
    private static int[] share(Ranks ranks) {
        int from = 7 * ranks.rank() / ranks.size();
        return new int[] {2 * from, 2 * (7 * (ranks.rank() + 1) / ranks.size() - from)};
    }

    private static Batch batch(TrmConfig config, long seed) {
        var random = new SplittableRandom(100 + seed);
        int tokens = BATCH * config.seqLen();
        return new Batch(
                random.ints(tokens, 0, config.vocabSize()).toArray(), random.ints(tokens, 0, config.vocabSize()).toArray(),
                random.ints(BATCH, 0, config.numPuzzleIdentifiers()).toArray());
    }

    private static TrmConfig config(String arch) {
        var base = "{\"hidden_size\": 18, \"num_heads\": 3, \"h_cycles\": 2, \"l_cycles\": 1, \"halt_max_steps\": 3, "
                + "\"halt_exploration_prob\": 0.5, \"puzzle_emb_ndim\": 20, \"puzzle_emb_len\": 2}";
        try {
            var both = Settings.MAPPER.readerForUpdating(Settings.MAPPER.readTree(base)).readTree(arch);
            return Settings.read(TrmConfig.PAPER, both, "test").forPuzzles(7, 5, 4);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
