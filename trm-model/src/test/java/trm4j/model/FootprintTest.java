package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/** The memory of a training step, by the formula in docs/architecture.md, from the configuration's numbers alone. */
class FootprintTest {

    private static final String SUDOKU = "{'mlp_t': true, 'pos_encodings': 'none', 'h_cycles': 3, 'l_cycles': 6};81;11";
    private static final String MAZE = "{'mlp_t': false, 'pos_encodings': 'rope', 'h_cycles': 3, 'l_cycles': 4};900;6";
    private static final String ODD = "{'mlp_t': true, 'hidden_size': 24, 'puzzle_emb_ndim': 40, 'puzzle_emb_len': 3,"
            + " 'l_layers': 3, 'l_cycles': 1, 'expansion': 30};7;5";
    private static final String NO_TABLE = "{'mlp_t': false, 'puzzle_emb_ndim': 0, 'puzzle_emb_len': 2,"
            + " 'hidden_size': 24, 'num_heads': 3};7;5";
    private static final String CONTINUE = "{'mlp_t': false, 'num_heads': 4, 'no_ACT_continue': false, 'l_cycles': 2,"
            + " 'pos_encodings': 'learned'};30;9";

    private static final String TWO_NETS = "{'mlp_t': true, 'separate_nets': true};30;9";

    private static final int IDENTIFIERS = 5;
    /** Nothing but the buffers. */
    private static final Device BUFFERS = StandInDevice.ofCapacity("none", Long.MAX_VALUE);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        SUDOKU + "|{'batch_size': 768, 'micro_batch': 64}", SUDOKU + "|{'batch_size': 32}",
        SUDOKU + "|{'batch_size': 32, 'recompute': 'mlp'}", SUDOKU + "|{'batch_size': 32, 'recompute': 'mixer'}",
        SUDOKU + "|{'batch_size': 32, 'recompute': 'all'}", MAZE + "|{'batch_size': 768, 'micro_batch': 8}",
        MAZE + "|{'batch_size': 2, 'recompute': 'mlp'}", MAZE + "|{'batch_size': 2, 'recompute': 'mixer'}",
        MAZE + "|{'batch_size': 2, 'recompute': 'all'}", ODD + "|{'batch_size': 6, 'micro_batch': 2}",
        ODD + "|{'batch_size': 7, 'micro_batch': 1}",
        NO_TABLE + "|{'batch_size': 3}", NO_TABLE + "|{'batch_size': 3, 'recompute': 'mixer'}",
        CONTINUE + "|{'batch_size': 4, 'micro_batch': 2}",
        CONTINUE + "|{'batch_size': 4, 'micro_batch': 2, 'recompute': 'all'}",
        ODD + "|{'batch_size': 6, 'backpropagation': 'last'}", TWO_NETS + "|{'batch_size': 6}",
        "{'forward_dtype': 'bfloat16'};81;11|{'batch_size': 32}",
        "{'forward_dtype': 'bfloat16', 'mlp_t': false};30;9|{'batch_size': 6, 'micro_batch': 3}",
        "{'damping': 0.1};81;11|{'batch_size': 32}",
        "{'damping': 0.1, 'mlp_t': false, 'no_ACT_continue': false};30;9|{'batch_size': 6, 'micro_batch': 3, "
                + "'start_std': 1, 'noise': 0.1, 'supervision_decay': 0.5, 'depth_schedule': '1x2 to 0.5'}",
        ODD + "|{'batch_size': 6, 'noise': 0.1}",
        ODD + "|{'batch_size': 6, 'freeze': 'weights'}", MAZE + "|{'batch_size': 2, 'freeze': 'weights'}"
    })
    void buffersAreWhatTheFormulaSays(String model, String train) {
        var config = config(model);
        var training = train(train);
        assertEquals(formula(config, training), TrainingPlan.bytes(BUFFERS, config, training));
    }

    /** What the cpu device has beside the buffers does not count at full size. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        SUDOKU + "|{'batch_size': 32}", MAZE + "|{'batch_size': 2}"
    })
    void theCpuDeviceTakesLittleMore(String model, String train) {
        long buffers = formula(config(model), train(train));
        long taken = TrainingPlan.bytes(TestDevices.cpu(2), config(model), train(train));
        assertTrue(taken > buffers && taken < 1.06 * buffers, taken + " of " + buffers);
    }

    private static long formula(TrmConfig config, TrainConfig train) {
        long batch = train.batchSize();
        long b = train.microBatch() == 0 ? batch : train.microBatch();
        long d = config.hiddenSize();
        long l = config.seqLen();
        long t = config.puzzleEmbLen() + l;
        long vocabulary = config.vocabSize();
        long heads = config.numHeads();
        long n = config.lLayers();
        boolean last = train.backpropagation() == TrainConfig.Backpropagation.LAST;
        long evaluations = (last ? 1 : config.lCycles()) + 1;
        long nets = config.separateNets() ? 2 : 1;
        long w = width(config.expansion() * d);
        long wT = width(config.expansion() * t);
        long table = config.puzzleEmbNdim();
        boolean looksAhead = !config.noActContinue();
        boolean learned = config.posEncodings() == TrmConfig.Positions.LEARNED;

        long kept = evaluations * n + (looksAhead ? 1 : 0);
        long mlpKept = List.of("mlp", "all").contains(train.recompute().key()) ? 1 : kept;
        long mixerKept = List.of("mixer", "all").contains(train.recompute().key()) ? 1 : kept;

        boolean damped = config.damping() > 0;
        boolean noisy = train.noise() > 0;
        boolean drawsStarts = train.startStd() > 0;
        long states = (3 + evaluations * (1 + 2 * n + (damped || noisy ? 1 : 0))) * b * t * d;
        long mlp = mlpKept * b * t * 2 * w + kept * b * t;
        long mixer = config.mlpT()
                ? mixerKept * b * d * 2 * wT + kept * b * d
                : mixerKept * b * t * (4 * d + heads) + kept * b * t;
        long oneBlock = 2 * b * t * w + (config.mlpT() ? 2 * b * d * wT : 4 * b * t * d);
        // x, its gradient, a state's gradient, a block's output; the gradient of a state that is damped
        long shared = (damped ? 5 : 4) * b * t * d;
        long layer = 3 * w * d + (config.mlpT() ? 3 * wT * t : 4 * d * d);
        long parameters = 2 * vocabulary * d + 2 * d + 2 + nets * n * layer + (learned ? t * d : 0);
        boolean rounded = config.forwardDtype() == TrmConfig.Dtype.BFLOAT16;
        long answers = b * (2 * l * vocabulary + l * d + d + 2) + batch * (l + 8);
        long puzzles = batch * (2 * (2 * l + 1) + 3);
        long rows = table == 0 ? 0 : (IDENTIFIERS + batch) * table;
        long carry = 2 * batch * t * d;
        // A sum waits for each one in the binary form of the micro-batches before: most of them at 1, 3, 7, ...
        long waiting = IntStream.range(0, (int) (batch / b)).map(Integer::bitCount).max().orElseThrow();
        long copies = train.freezesWeights() ? 1 : 5 + waiting;
        long few = 2 * d + 4 + 8 + 2 * 1024 + 1 + (looksAhead ? 3 * b : 0);
        // A norm's scale for each row, attention's sums of exponentials, and what is no activation of the answers.
        long floats = kept * b * t + (config.mlpT() ? kept * b * d : mixerKept * b * t * heads + kept * b * t)
                + batch * (l + 8);
        long activations = states + mlp + mixer + oneBlock + shared + carry + answers - floats + (rounded ? 2 * b : 0);
        long bytes = rounded ? 2 * activations : 4 * activations;
        // Numbers drawn, and what they are drawn for; weights of losses.
        long draws = (long) config.hCycles() * (config.lCycles() + 1) * (looksAhead ? 2 : 1);
        long drawn = (drawsStarts ? batch * t * d + 2 * batch * 3 + 3 : 0) + (noisy ? draws * batch * 3 + 3 : 0)
                + (train.supervisionDecay() < 1 ? config.haltMaxSteps() + batch : 0);
        long others = drawn + copies * parameters + rows + puzzles + few + floats;
        return bytes + 4 * others;
    }

    /** The reference's: two thirds, to the next multiple of 256. */
    private static long width(double expanded) {
        return (Math.round(expanded * 2 / 3) + 255) / 256 * 256;
    }

    private static TrmConfig config(String model) {
        var parts = model.split(";");
        return Settings.read(TrmConfig.PAPER, json(parts[0]), "test")
                .forPuzzles(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), IDENTIFIERS);
    }

    private static TrainConfig train(String train) {
        return Settings.read(TrainConfig.PAPER, json(train), "test");
    }

    private static JsonNode json(String text) {
        try {
            return Settings.MAPPER.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
