package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.model.config.ConfigException;
import trm4j.model.config.PaperTask;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/** Configurations of the authors' script: composed of two files, and as it writes them beside a checkpoint. */
class AuthorsConfigTest {

    /** With what the authors' README sets on the command line for ARC-AGI-1. */
    private static final String PRETRAIN = """
            defaults:
              - arch: trm
              - _self_
            hydra:
              output_subdir: null
            data_paths: ['data/arc1concept-aug-1000']
            data_paths_test: []
            evaluators:
              - name: arc@ARC
            arch:
              L_cycles: 4
            global_batch_size: 768
            epochs: 100000
            eval_interval: 10000
            checkpoint_every_eval: True
            lr: 1e-4
            lr_min_ratio: 1.0
            lr_warmup_steps: 2000
            beta1: 0.9
            beta2: 0.95
            weight_decay: 0.1
            puzzle_emb_weight_decay: ${weight_decay}
            puzzle_emb_lr: 1e-2
            seed: 0
            min_eval_interval: 2
            ema: True
            ema_rate: 0.999
            freeze_weights: False
            """;
    private static final String ARCH = """
            name: recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1
            loss:
              name: losses@ACTLossHead
              loss_type: stablemax_cross_entropy
            halt_exploration_prob: 0.1
            halt_max_steps: 16
            H_cycles: 3
            L_cycles: 6
            H_layers: 0
            L_layers: 2
            hidden_size: 512
            num_heads: 8
            expansion: 4
            puzzle_emb_ndim: ${.hidden_size}
            pos_encodings: rope
            forward_dtype: bfloat16
            mlp_t: False
            puzzle_emb_len: 16
            no_ACT_continue: True
            """;

    @TempDir
    private Path dir;

    @BeforeEach
    void writeTheArchitecture() throws IOException {
        Files.createDirectories(dir.resolve("arch"));
        Files.writeString(dir.resolve("arch/trm.yaml"), ARCH);
    }

    private ConfigFile read(String yaml) throws IOException {
        return ConfigFile.read(Files.writeString(dir.resolve("cfg_pretrain.yaml"), yaml));
    }

    @Test
    void theAuthorsCommandForArcIsThePapers() throws IOException {
        var file = read(PRETRAIN);
        assertEquals(
                RunConfig.of(PaperTask.ARC_AGI).with(List.of(
                        "arch.forward_dtype=bfloat16", "run.eval_epochs=10000", "run.min_eval_interval=2")),
                file.config());
        assertEquals(List.of(Path.of("data/arc1concept-aug-1000")), file.data());
        assertEquals(List.of(), file.testData());
        assertEquals(List.of(
                "evaluators is left out: puzzles are judged as what their data set says they are.",
                "Without a meaning here, left out: defaults, hydra, checkpoint_every_eval."), file.notices());
    }

    @Test
    void theSameInOneFileInWhateverCaseIsTheSame() throws IOException {
        var expected = read(PRETRAIN).config();
        var one = PRETRAIN.replaceFirst("(?s)defaults:.*?hydra:", "hydra:")
                .replace("  L_cycles: 4\n", ARCH.replace("L_cycles: 6", "L_cycles: 4").indent(2));
        assertEquals(expected, read(one).config());
        assertEquals(expected, read(one.replace("L_cycles", "l_CYCLES").replace("lr: 1e-2", "LR: 1e-2")).config());
    }

    @Test
    void whatIsNotSaidIsTheirsOrTold() throws IOException {
        var file = read("""
                arch: {name: recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1, hidden_size: 64}
                global_batch_size: 32
                """);
        assertEquals(false, file.config().arch().mlpT());
        assertEquals(0, file.config().arch().puzzleEmbNdim());
        assertEquals(TrmConfig.Dtype.BFLOAT16, file.config().arch().forwardDtype());
        assertEquals(0, file.config().train().emaRate());
        var told = file.notices().getLast();
        assertTrue(told.startsWith("Not said, so taken as the paper has it for Sudoku-Extreme: arch.expansion, ")
                && told.contains(" lr, ") && told.contains(" epochs, "), told);
    }

    /** PyTorch knows more types of floats than devices here compute in. */
    @Test
    void aTypeThatNoDeviceComputesInIsTold() throws IOException {
        Files.writeString(dir.resolve("arch/trm.yaml"), ARCH.replace("bfloat16", "float16"));
        var file = read(PRETRAIN);
        assertEquals(TrmConfig.Dtype.FLOAT32, file.config().arch().forwardDtype());
        assertEquals("arch.forward_dtype is float16; computed in float32 here.", file.notices().getFirst());
    }

    @Test
    void theyBeginWithWeightsAndFreezeThem() throws IOException {
        var text = PRETRAIN.replace("freeze_weights: False", "freeze_weights: True\nload_checkpoint: models/step_100");
        var config = read(text).config();
        assertEquals(TrainConfig.Freeze.WEIGHTS, config.train().freeze());
        assertEquals("models/step_100", config.run().init());
        assertEquals(TrainConfig.Freeze.NONE, read(PRETRAIN).config().train().freeze());
        assertEquals("", read(PRETRAIN).config().run().init());
    }

    @Test
    void aModelIsNamedOrNot() throws IOException {
        for (var init : List.of("null", "[a]")) {
            var file = Files.writeString(dir.resolve("init.yaml"), "run: {init: " + init + "}\n");
            var refusal = assertThrows(ConfigException.class, () -> ConfigFile.begin(file, List.of(), null));
            assertTrue(refusal.getMessage().contains("run.init: "), refusal.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "lr: 1e-4 | lr: fast | train.lr: expected a number, found \"fast\"",
        "epochs: 100000 | epochs: -1 | run.epochs: expected a whole number of at least 0, found -1",
        "L_cycles: 4 | hidden_size: ${.width} | hidden_size: expected a value, or ${.KEY} for that of another key",
        "- arch: trm | - arch: trn | expected the architecture that defaults names in",
        "L_cycles: 4 | name: recursive_reasoning.hrm@HierarchicalReasoningModel_ACTV1 | arch.name: expected",
        "L_cycles: 4 | loss: {name: losses@Other} | arch.loss.name: expected losses@ACTLossHead",
        "seed: 0 | LR: 3 | expected each key once, in whatever case",
        "aug-1000'] | aug-1000', 3] | data_paths: expected a list of folders"
    })
    void whatCannotBeIsRefused(String right, String wrong, String message) throws IOException {
        assertTrue(PRETRAIN.contains(right));
        var refusal = assertThrows(ConfigException.class, () -> read(PRETRAIN.replace(right, wrong))).getMessage();
        assertTrue(refusal.startsWith(dir + "/cfg_pretrain.yaml: ") && refusal.contains(message), refusal);
    }

    @Test
    void whatIsUnknownIsNamedOneByOne() throws IOException {
        var notices = read(PRETRAIN.replace("arc@ARC", "sudoku@Rules").replace("seed: 0", "grad_clip: 1")
                .replace("L_cycles: 4", "dropout: 0.1") + "eval_save_outputs: [preds]\nrun_name: mine\n").notices();
        for (var told : List.of(
                "Not an evaluator that is known, left out: sudoku@Rules.",
                "Not a setting of the model or its training, left out: grad_clip.",
                "Not a setting of the model, left out: arch.dropout.",
                "eval_save_outputs is left out: trm eval writes what it predicts.",
                "Without a meaning here, left out: defaults, hydra, checkpoint_every_eval, run_name.")) {
            assertTrue(notices.contains(told), notices.toString());
        }
    }
}
