package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.model.file.Safetensors;

/** Models as hubs have them, and as the authors' script leaves them: taken wherever a model is. */
class HubFolderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StringWriter PRINTED = new StringWriter();
    private static final StringWriter ERRORS = new StringWriter();
    private static final String CONFIG = """
            arch: {mlp_t: true, hidden_size: 16, h_cycles: 1, l_cycles: 2, l_layers: 1, num_heads: 2,
              puzzle_emb_ndim: 16, puzzle_emb_len: 1, pos_encodings: none, halt_max_steps: 2}
            train: {batch_size: 8, lr_warmup_steps: 1}
            """;
    /** The architecture as {@code PyTorchModelHubMixin} keeps what a model was made with. */
    private static final String FLAT = """
            {"batch_size": 8, "seq_len": 16, "vocab_size": 6, "num_puzzle_identifiers": 1, "mlp_t": true,
              "hidden_size": 16, "H_cycles": 1, "L_cycles": 2, "H_layers": 0, "L_layers": 1, "num_heads": 2,
              "expansion": 4, "puzzle_emb_ndim": 16, "puzzle_emb_len": 1, "pos_encodings": "none", "halt_max_steps": 2,
              "halt_exploration_prob": 0.1, "rms_norm_eps": 1e-5, "rope_theta": 10000.0}
            """;

    @TempDir
    private static Path dir;

    @BeforeAll
    static void train() throws IOException {
        Files.writeString(dir.resolve("c.yaml"), CONFIG);
        run(0, "data sudoku --size 4 --train 20 --test 6 --out DIR/four");
        run(0, "train DIR/c.yaml --data DIR/four --steps 3 --out DIR/run");
        run(0, "train DIR/c.yaml --data DIR/four --steps 1 --out DIR/other");
        run(0, "eval DIR/run --out DIR/e");
        run(0, "export DIR/run --hub DIR/hub --figures DIR/e");
    }

    @Test
    void aHubsFolderHasTheModelItsSettingsAndItsFigures() throws IOException {
        var hub = dir.resolve("hub");
        try (var files = Files.list(hub)) {
            assertEquals(
                    List.of("README.md", "config.json", "model.safetensors"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        var config = JSON.readTree(hub.resolve("config.json").toFile());
        assertEquals("tiny-recursive-model", config.path("model_type").asText());
        assertEquals(16, config.at("/arch/hidden_size").asInt());
        assertEquals(3, config.path("step").asInt());
        var card = Files.readString(hub.resolve("README.md"));
        var exact = "%.1f%% of 6 puzzles exact".formatted(100 * result("e").path("exact_accuracy").asDouble());
        assertTrue(card.startsWith("---\nlibrary_name: trm4j\n") && card.contains("\n# hub\n"), card);
        assertTrue(card.contains("- The test puzzles of its run: " + exact), card);
        assertTrue(card.contains("% of the cells right, after 2 supervision steps (would halt after "), card);
        assertTrue(card.contains("- `data`, test puzzles: " + exact) || card.contains("- `four`, test puzzles: " + exact),
                card);
        assertTrue(card.contains("Trained: 3 steps of 8 puzzles") && card.contains("20 Sudokus"), card);
    }

    /** Its own files; without our metadata, with our config.json; and with one that another program wrote. */
    @Test
    void aHubsFolderIsTakenWhereverAModelIs() throws IOException {
        sameAnswers("hub");
        var bare = Files.createDirectory(dir.resolve("bare"));
        var weights = Safetensors.read(dir.resolve("hub/model.safetensors")).tensors();
        new Safetensors(weights, Map.of("format", "pt")).write(bare.resolve("model.safetensors"));
        run(1, "eval DIR/bare --data DIR/four --out DIR/none");
        assertTrue(ERRORS.toString().contains("arch.h_cycles, arch.l_cycles, ")
                && ERRORS.toString().contains(bare.resolve("config.json") + ", found none; trm import "),
                ERRORS.toString());
        Files.copy(dir.resolve("hub/config.json"), bare.resolve("config.json"));
        sameAnswers("bare");
        Files.writeString(bare.resolve("config.json"), FLAT);
        sameAnswers("bare");
        run(0, "import DIR/bare/model.safetensors --no-guess --out DIR/again.safetensors");
        assertTrue(PRINTED.toString().contains("Not settings of the model, left out: batch_size."), PRINTED.toString());
        Files.writeString(bare.resolve("config.json"), "{\"hidden_layers\": 3}");
        run(1, "eval DIR/bare --data DIR/four --out DIR/none");
        assertTrue(ERRORS.toString().contains("expected settings of a TRM's architecture, such as hidden_size, found "
                + "hidden_layers"), ERRORS.toString());
    }

    @Test
    void theAuthorsFolderIsTakenByItsLastStep() throws IOException {
        var folder = Files.createDirectory(dir.resolve("authors"));
        run(0, "export DIR/run DIR/authors/step_30");
        // Of other weights, which would answer otherwise.
        run(0, "export DIR/other DIR/authors/step_4");
        Files.copy(dir.resolve("c.yaml"), folder.resolve("all_config.yaml"));
        sameAnswers("authors");
        sameAnswers("authors/step_30");
        run(0, "config DIR/authors/step_30");
        assertTrue(PRINTED.toString().contains("hidden_size: 16"), PRINTED.toString());
    }

    /** The weights after a step tell what it began with. */
    @Test
    void aRunBeginsWithAHubsOrTheAuthorsFolder() throws IOException {
        var folder = Files.createDirectory(dir.resolve("authors-init"));
        run(0, "export DIR/run DIR/authors-init/step_3");
        Files.copy(dir.resolve("c.yaml"), folder.resolve("all_config.yaml"));
        var weights = new TreeSet<Integer>();
        for (var model : List.of("run", "hub", "authors-init", "other")) {
            run(0, "train DIR/c.yaml --data DIR/four --steps 1 --init DIR/" + model + " --out DIR/from-" + model);
            var file = dir.resolve("from-" + model + "/checkpoints/step-1/model.safetensors");
            weights.add(Arrays.hashCode(Safetensors.read(file).tensors().get("inner.lm_head.weight").values()));
        }
        assertEquals(2, weights.size(), weights.toString());
    }

    /** A model in the folder that comes with trm is taken by its name, where there is nothing else of that name. */
    @Test
    void modelsThatComeWithTrmAreTakenByTheirNames() throws IOException {
        var home = dir.resolve("home");
        Files.createDirectories(home.resolve("models/empty"));
        run(0, "export DIR/run --hub DIR/home/models/fours --figures DIR/e");
        var before = System.getProperty("trm.home");
        System.setProperty("trm.home", home.toString());
        try {
            run(0, "solve fours 1.3.3..22..4.4.1");
            assertTrue(PRINTED.toString().contains("step 2: ") && !PRINTED.toString().contains("are taken for"),
                    PRINTED.toString());
            run(0, "eval fours --data DIR/four --out DIR/of-fours");
            assertEquals(result("e"), result("of-fours"));
            run(0, "config fours");
            assertTrue(PRINTED.toString().contains("hidden_size: 16"), PRINTED.toString());
            run(0, "train DIR/c.yaml --data DIR/four --steps 1 --init fours --out DIR/from-fours");
            run(0, "models --json");
            var models = JSON.readTree(PRINTED.toString());
            assertEquals(List.of(), JsonSchema.of("trm models").differences(models));
            assertEquals("4x4 Sudokus", models.at("/models/0/task").asText());
            assertEquals(
                    result("e").path("exact_accuracy"), models.at("/models/0/measured/1/exact_accuracy"));
            assertTrue(ERRORS.toString().contains("fours") && ERRORS.toString().contains("trm play fours"),
                    ERRORS.toString());
            run(1, "solve fives 1.3.3..22..4.4.1");
            assertTrue(ERRORS.toString().contains("No checkpoint at fives, expected ")
                    && ERRORS.toString().contains(", or one that comes with trm: fours; "), ERRORS.toString());
        } finally {
            if (before == null) {
                System.clearProperty("trm.home");
            } else {
                System.setProperty("trm.home", before);
            }
        }
        run(1, "solve fours 1.3.3..22..4.4.1");
    }

    @Test
    void whatCannotBeExportedIsToldBeforeItIs() throws IOException {
        run(2, "export DIR/run");
        run(2, "export DIR/run DIR/x.pt --hub DIR/y");
        run(2, "export DIR/run DIR/x.pt --figures DIR/e");
        run(2, "export DIR/run --hub DIR/y --type bf16");
        run(1, "export DIR/run --hub DIR/four");
        assertTrue(ERRORS.toString().contains("/four is there already, expected a new folder"), ERRORS.toString());
        run(1, "export DIR/other --hub DIR/y --figures DIR/e");
        assertTrue(ERRORS.toString().contains("/e is of another model than "), ERRORS.toString());
        assertFalse(Files.exists(dir.resolve("y")));
    }

    private static void sameAnswers(String model) throws IOException {
        var name = "of-" + model.replace('/', '-') + System.nanoTime();
        run(0, "eval DIR/" + model + " --data DIR/four --out DIR/" + name);
        assertEquals(result("e"), result(name));
    }

    private static JsonNode result(String name) throws IOException {
        var result = (ObjectNode) JSON.readTree(dir.resolve(name).resolve("evaluation.json").toFile());
        result.remove("puzzles_per_s");
        return result;
    }

    private static void run(int status, String command) {
        PRINTED.getBuffer().setLength(0);
        ERRORS.getBuffer().setLength(0);
        assertEquals(status, Main.run(
                new PrintWriter(PRINTED, true), new PrintWriter(ERRORS, true),
                command.replace("DIR", dir.toString()).split(" +")), ERRORS.toString());
    }
}
