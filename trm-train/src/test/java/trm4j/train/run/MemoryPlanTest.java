package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.UserException;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.device.Device;
import trm4j.model.config.ConfigException;
import trm4j.model.config.Settings;

/** Runs that do not fit are refused from their numbers alone, with a setting that does. */
class MemoryPlanTest {

    private static final long MIB = 1L << 20;
    private static final String FULL = "{'arch': {'seq_len': 81, 'vocab_size': 11, 'num_puzzle_identifiers': 1},"
            + " 'train': {'batch_size': 768, 'micro_batch': 64}}";

    @Test
    void whatFitsIsNotRefused() {
        assertDoesNotThrow(plan(FULL, 6000)::require);
        assertEquals("takes 4,", plan(FULL, 6000).require().need().line().substring(0, 8));
    }

    @Test
    void theMicroBatchThatItNamesFitsAndTheNextDoesNot() {
        var message = refusal(FULL, 2000);
        var pattern = Pattern.compile("train.micro_batch: 64 puzzles at a time take 4,\\d{3} MiB, expected at most the "
                + "2,000 MiB of device small; set it to (\\d+) or less, or train.recompute to all\\.");
        var matcher = pattern.matcher(message);
        assertTrue(matcher.matches(), message);
        int fitting = Integer.parseInt(matcher.group(1));
        assertDoesNotThrow(plan(FULL.replace("64", "" + fitting), 2000)::require);
        assertDoesNotThrow(plan(FULL.replace("64", "64, 'recompute': 'all'"), 2000)::require);
        int next = fitting + 1;
        while (768 % next != 0) {
            next++;
        }
        assertThrows(ConfigException.class, plan(FULL.replace("64", "" + next), 2000)::require);
    }

    @Test
    void anEvaluationThatIsTooLargeIsNamed() {
        var message = refusal(FULL.replace("'train'", "'run': {'eval_batch': 1000}, 'train'"), 5000);
        assertTrue(message.startsWith("run.eval_batch: training and 1000 puzzles evaluated at a time take "), message);
        assertTrue(message.matches(".*; set it to \\d+ or less\\."), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'micro_batch': 64|'micro_batch': 1000, 'batch_size': 1000000|smaller batch_size",
        "'micro_batch': 64|'micro_batch': 768|cannot be held: Buffer mlp",
        "'vocab_size': 11|'vocab_size': 1000000, 'hidden_size': 4096|arch: expected fewer than 2^31 weights",
        "'num_puzzle_identifiers': 1|'num_puzzle_identifiers': 5000000|arch.puzzle_emb_ndim: expected a puzzle table",
        "'seq_len': 81|'seq_len': 81, 'hidden_size': 8192, 'num_heads': 3|eval_batch or model",
        "'seq_len': 81|'seq_len': 81, 'h_cycles': 1000|arch.h_cycles: expected at most 10000 runs of a layer",
        "'micro_batch': 64|'micro_batch': 1, 'batch_size': 5000|train.micro_batch: expected at least a thousandth"
    })
    void whatCannotBeIsRefusedInASentence(String part, String other, String message) {
        var changed = FULL.replace(part, other);
        var refusal = refusal(
                other.contains("batch_size") ? changed.replace("'batch_size': 768, ", "") : changed, 3000);
        assertTrue(refusal.contains(message), refusal);
        assertEquals(1, refusal.lines().count());
    }

    /** Whatever number stands there: it runs, or is refused by its name. */
    @ParameterizedTest
    @ValueSource(strings = {
        "arch.puzzle_emb_ndim", "arch.puzzle_emb_len", "arch.h_cycles", "arch.l_cycles", "arch.l_layers",
        "arch.hidden_size", "arch.expansion", "arch.num_heads", "arch.halt_max_steps", "arch.seq_len",
        "arch.vocab_size", "arch.num_puzzle_identifiers", "train.batch_size", "train.micro_batch",
        "train.lr_warmup_steps", "run.eval_batch", "run.steps", "run.epochs", "run.eval_puzzles"
    })
    void anyNumberIsTakenOrRefused(String key) throws JsonProcessingException {
        for (long number : new long[] {1, 7, 5000, 70_000, 3_000_000, 800_000_000, Integer.MAX_VALUE}) {
            var tree = Settings.MAPPER.readTree(FULL.replace('\'', '"'));
            var parts = key.split("\\.");
            ((ObjectNode) tree).withObjectProperty(parts[0]).put(parts[1], number);
            try {
                new MemoryPlan(small(3000), RunConfig.of(tree, Path.of("x")), Integer.MAX_VALUE).require();
            } catch (UserException e) {
                assertTrue(e.getMessage().length() > 20 && e.getMessage().lines().count() == 1, e.getMessage());
            }
        }
    }

    private static String refusal(String config, long mebibytes) {
        return assertThrows(UserException.class, () -> plan(config, mebibytes).require()).getMessage();
    }

    private static MemoryPlan plan(String config, long mebibytes) {
        try {
            var tree = Settings.MAPPER.readTree(config.replace('\'', '"'));
            return new MemoryPlan(small(mebibytes), RunConfig.of(tree, Path.of("x")), Integer.MAX_VALUE);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Device small(long mebibytes) {
        return StandInDevice.ofCapacity("small", mebibytes * MIB);
    }
}
