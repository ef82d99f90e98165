package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.kernels.device.Devices;
import trm4j.model.Checkpoint;
import trm4j.model.Example;
import trm4j.model.Solver;
import trm4j.model.config.Settings;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;
import trm4j.train.data.Split;
import trm4j.train.data.TokenDataset;
import trm4j.train.puzzle.PuzzleFamilies;

/** Puzzles of another kind that happen to have the sizes of Sudokus. */
class EvaluationOfTokensTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;

    @Test
    void puzzlesOfAnotherKindAreJudgedByTheirLabelsOnly() throws IOException {
        var tokens = new int[81];
        Arrays.setAll(tokens, i -> i % 11);
        var examples = List.of(new Example(tokens, tokens, 0));
        TokenDataset.write(dir.resolve("squares"), "squares", 11, List.of(), examples, false);
        TokenDataset.write(dir.resolve("open"), 11, List.of(), examples, false);

        var squares = evaluate("squares", Optional.of(dir.resolve("squares")
                + " says that its puzzles are of the kind squares, of which no puzzle family is on the class path; they "
                + "are judged by their labels only."));
        assertEquals(Map.of(), squares.rules());
        assertEquals(1, squares.labelled());
        var line = JSON.readTree(Files.readString(dir.resolve("eval-squares/predictions.jsonl")));
        assertEquals(JSON.valueToTree(tokens), line.get("question"));
        assertEquals(81, line.get("answer").size());
        assertFalse(line.has("rules"));

        var open = evaluate("open", Optional.of(dir.resolve("open") + " does not say what its puzzles are; from 81 "
                + "cells of 11 tokens they are taken for Sudokus (if they are others, name their \"kind\" in "
                + "dataset.json)."));
        assertEquals(Map.of("valid", 0.0), open.rules());
        assertEquals(squares.steps(), open.steps());
    }

    private Evaluation evaluate(String data, Optional<String> remark) throws IOException {
        var config = Settings.read(TrmConfig.PAPER, Settings.MAPPER.readTree("""
                {"seq_len": 81, "vocab_size": 11, "num_puzzle_identifiers": 1, "puzzle_emb_ndim": 0,
                 "puzzle_emb_len": 0, "h_cycles": 1, "l_cycles": 1, "l_layers": 1, "hidden_size": 2, "num_heads": 1,
                 "halt_max_steps": 2}"""), "test");
        var model = new Checkpoint(config, TrainConfig.PAPER, 1, new Parameters(config).initialize(0));
        var file = dir.resolve("model.safetensors");
        model.save(file);
        var settings = new EvaluationSettings(
                file, dir.resolve(data), Split.TEST, 2, false, 0, TrmConfig.Dtype.FLOAT32);
        var family = PuzzleFamilies.ofSizes(config.seqLen(), config.vocabSize());
        try (var run = EvaluationRun.open(dir.resolve("eval-" + data), settings, model, family, false)) {
            assertEquals(remark.stream().toList(), run.remarks());
            return run.run(
                    () -> new Solver(Devices.named("cpu"), config, model.train().loss(), 1, model.tensors()),
                    (done, exact) -> { }, () -> false).orElseThrow();
        }
    }
}
