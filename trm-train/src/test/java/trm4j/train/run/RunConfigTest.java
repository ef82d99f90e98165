package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.model.config.ConfigException;
import trm4j.model.config.TrainConfig;

/** Settings changed one by one. */
class RunConfigTest {

    private final RunConfig paper = RunConfig.of(JsonNodeFactory.instance.objectNode(), Path.of("paper.yaml"));

    @Test
    void changesReachEverySection() {
        var changed = paper.with(List.of(
                "train.lr=3e-4", "arch.L_cycles=4", "arch.mlp_t=false", "run.steps = 7", "train.backpropagation=last",
                "puzzles.size=6", "run.steps=8"));
        assertEquals(3e-4, changed.train().lr());
        assertEquals(TrainConfig.Backpropagation.LAST, changed.train().backpropagation());
        assertEquals(4, changed.arch().lCycles());
        assertEquals(paper.arch().hCycles(), changed.arch().hCycles());
        assertEquals(8, changed.run().steps());
        assertEquals(6, changed.puzzles().size());
    }

    /** What holds for both together need not hold on the way. */
    @Test
    void changesAreMadeTogether() {
        var changed = paper.with(List.of("arch.mlp_t=false", "arch.hidden_size=96", "arch.num_heads=6",
                "arch.puzzle_emb_ndim=96"));
        assertEquals(16, changed.arch().headSize());
    }

    @Test
    void noChangesChangeNothing() {
        assertEquals(paper, paper.with(List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "train.lr | expected KEY=VALUE",
        "=3 | expected KEY=VALUE",
        "train.=3 | expected KEY=VALUE",
        "train.lr= | expected a value as in YAML",
        "train.lr=[1 | expected a value as in YAML",
        "train.lrr=1 | unknown key train.lrr; did you mean train.lr?",
        "speed=1 | unknown key speed",
        "train.lr=fast | train.lr: expected a number, found \"fast\".",
        "train.lr=-1 | train.lr: expected a number of at least 0, found -1",
        "train=3 | expected keys and values under train, found 3",
        "train.lr.x=3 | train.lr: expected a number, found {\"x\":3}.",
        "arch.mlp_t=1 | arch.mlp_t: expected true or false, found 1.",
        "run.seed=99999999999999999999 | run.seed: expected a whole number below 2^63",
    })
    void mistakesAreTold(String change, String message) {
        var refusal = assertThrows(ConfigException.class, () -> paper.with(List.of(change)));
        assertTrue(refusal.getMessage().startsWith("--set") && refusal.getMessage().contains(message),
                refusal.getMessage());
    }
}
