package trm4j.model.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations: what is read, and what is refused. */
class SettingsTest {

    @Test
    void theReferencesNamesAreOurs() {
        var config = arch("{'H_cycles': 7, 'L_layers': 3, 'no_ACT_continue': false, 'pos_encodings': 'rope', "
                + "'mlp_t': false}");
        assertEquals(7, config.hCycles());
        assertEquals(3, config.lLayers());
        assertEquals(TrmConfig.Positions.ROPE, config.posEncodings());
        assertTrue(!config.noActContinue());
    }

    @Test
    void whatIsLeftOutIsThePapers() {
        assertEquals(TrmConfig.PAPER, arch("{}"));
        assertEquals(TrainConfig.PAPER, train("{}"));
    }

    @Test
    void whatIsWrittenIsRead() {
        var config = arch("{'hidden_size': 24, 'puzzle_emb_ndim': 24, 'num_heads': 2, 'mlp_t': false, "
                + "'expansion': 2.5}").forPuzzles(9, 8, 7);
        assertEquals(config, Settings.read(TrmConfig.PAPER, Settings.MAPPER.valueToTree(config), "test"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'hiden_size': 5} | file.yaml: unknown key hiden_size; did you mean hidden_size?",
        "{'L_cycle': 5} | file.yaml: unknown key L_cycle; did you mean l_cycles?",
        "{'hidden_size': 'wide'} | file.yaml: hidden_size: expected a whole number, found \"wide\".",
        "{'hidden_size': 5.5} | file.yaml: hidden_size: expected a whole number, found 5.5.",
        "{'hidden_size': 99999999999} | hidden_size: expected a whole number below 2^31, found 99999999999.",
        "{'expansion': [4]} | file.yaml: expansion: expected a number, found [4].",
        "{'forward_dtype': 32} | file.yaml: forward_dtype: expected a word such as float32, found 32.",
        "{'hidden_size': null} | file.yaml: hidden_size: expected a value, found none; give one, or take the key out",
        "{'rope_theta': null} | rope_theta: expected a value, found none",
        "{'mlp_t': null} | mlp_t: expected a value, found none",
        "{'mlp_t': 3} | file.yaml: mlp_t: expected true or false, found 3.",
        "{'pos_encodings': 'sine'} | arch.pos_encodings: expected none, rope or learned, found sine",
        "{'hidden_size': 0} | arch.hidden_size: expected a whole number of at least 1, found 0",
        "{'hidden_size': 510, 'mlp_t': false} | arch.hidden_size: expected a multiple of num_heads 8, found 510",
        "{'hidden_size': 40, 'mlp_t': false, 'pos_encodings': 'rope'} | arch.num_heads: expected an even head size",
        "{'halt_exploration_prob': 1.5} | arch.halt_exploration_prob: expected a probability from 0 to 1, found 1.5",
        "{'puzzle_emb_ndim': 600, 'puzzle_emb_len': 1} | arch.puzzle_emb_ndim: expected at most",
        "{'forward_dtype': 'float16'} | arch.forward_dtype: expected float32 or bfloat16, found float16",
        "{'l_cycles': -1} | arch.l_cycles",
        "{'expansion': 1e999} | arch.expansion: expected a number above 0, at most 512",
        "{'rope_theta': 1e999} | arch.rope_theta",
        "{'rms_norm_eps': 1e999} | arch.rms_norm_eps",
        "{'seq_len': 2147483647} | arch.seq_len: expected a whole number of at most 1048576, found 2147483647",
        "{'halt_max_steps': 2147483647} | arch.halt_max_steps: expected a whole number of at most 65536",
        "{'l_layers': 2147483647} | arch.l_layers",
        "{'h_cycles': 2147483647} | arch.h_cycles",
        "[1, 2] | expected keys and values"
    })
    void architecturesThatCannotBeAreRefused(String settings, String message) {
        var refusal = assertThrows(ConfigException.class, () -> arch(settings));
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
        assertTrue(refusal.getMessage().startsWith("file.yaml"), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'batch_size': 0} | train.batch_size",
        "{'batch_size': 10, 'micro_batch': 4} | train.micro_batch: expected a divisor of batch_size 10, found 4",
        "{'lr': null} | file.yaml: lr: expected a value, found none; give one, or take the key out to have 1.0E-4.",
        "{'loss': null} | loss: expected a value, found none",
        "{'backpropagation': null} | backpropagation: expected a value, found none",
        "{'lr': -1} | train.lr: expected a number of at least 0, found -1.0",
        "{'beta1': 1} | train.beta1",
        "{'ema_rate': 1.0} | train.ema_rate",
        "{'lr_min_ratio': 2} | train.lr_min_ratio",
        "{'recompute': 'everything'} | train.recompute: expected none, mlp, mixer or all, found everything.",
        "{'recompute': true} | recompute: expected a word such as none, found true.",
        "{'loss': 'hinge'} | train.loss: expected stablemax_cross_entropy or softmax_cross_entropy, found hinge.",
        "{'backpropagation': 'half'} | train.backpropagation: expected full or last, found half."
    })
    void trainingsThatCannotBeAreRefused(String settings, String message) {
        var refusal = assertThrows(ConfigException.class, () -> train(settings));
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    }

    @Test
    void ratesRiseThenFallWithHalfACosine() {
        var train = train("{'lr_warmup_steps': 10, 'lr_min_ratio': 0.2}");
        assertEquals(0.1, train.rateFactor(1, 110), 1e-12);
        assertEquals(0.9, train.rateFactor(9, 110), 1e-12);
        assertEquals(1, train.rateFactor(10, 110), 1e-12);
        assertEquals(0.6, train.rateFactor(60, 110), 1e-12);
        assertEquals(0.2, train.rateFactor(110, 110), 1e-12);
        assertEquals(1, train("{'lr_warmup_steps': 0}").rateFactor(5, 10), 1e-12);
    }

    @Test
    void widthsAreTheReferences() {
        assertEquals(1536, TrmConfig.PAPER.swiGluWidth(512));
        assertEquals(512, TrmConfig.PAPER.swiGluWidth(97));
        assertEquals(256, TrmConfig.PAPER.swiGluWidth(96));
        assertEquals(256, TrmConfig.PAPER.swiGluWidth(1));
    }

    private static TrmConfig arch(String json) {
        return Settings.read(TrmConfig.PAPER, tree(json), "file.yaml");
    }

    private static TrainConfig train(String json) {
        return Settings.read(TrainConfig.PAPER, tree(json), "file.yaml");
    }

    private static JsonNode tree(String json) {
        try {
            return Settings.MAPPER.readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
