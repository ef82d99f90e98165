package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.ElementType;
import trm4j.kernels.device.Devices;
import trm4j.model.Checkpoint;
import trm4j.model.Trm;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.file.Safetensors;
import trm4j.model.file.SafetensorsWriter;
import trm4j.model.net.Parameters;
import trm4j.model.torch.TorchExport;

/** {@code trm import} and {@code trm export} as a user runs them. */
class ImportExportTest {

    private static final Path GOLDEN = Path.of("../trm-model/src/test/resources/golden");
    private static final String PUZZLES = "inner.puzzle_emb.weights";

    /** As the authors' script saves it, for the weights of mlp-mixer. */
    private static final String ALL_CONFIG = """
            arch:
              H_cycles: 3
              H_layers: 0
              L_cycles: 2
              L_layers: 2
              expansion: 4
              forward_dtype: bfloat16
              halt_exploration_prob: 0.1
              halt_max_steps: 3
              hidden_size: 32
              loss:
                loss_type: softmax_cross_entropy
                name: losses@ACTLossHead
              mlp_t: true
              name: recursive_reasoning.trm@TinyRecursiveReasoningModel_ACTV1
              no_ACT_continue: true
              num_heads: 2
              pos_encodings: none
              puzzle_emb_len: 4
              puzzle_emb_ndim: 32
              my_own_idea: 3
            beta1: 0.9
            beta2: 0.95
            checkpoint_path: null
            data_paths:
            - data/sudoku
            ema: true
            ema_rate: 0.9
            epochs: 100
            global_batch_size: 48
            lr: 0.0003
            lr_min_ratio: 1.0
            lr_warmup_steps: 30
            puzzle_emb_lr: 0.01
            puzzle_emb_weight_decay: 0.1
            weight_decay: 0.1
            """;

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void copyWeights() throws IOException {
        Files.copy(GOLDEN.resolve("mlp-mixer/initial.pt"), dir.resolve("step_1234"));
        Files.copy(GOLDEN.resolve("attention-rope/initial-bf16.pt"), dir.resolve("attention.pt"));
    }

    @Test
    void theAuthorsWeightsBecomeACheckpoint() {
        imported("DIR/step_1234");
        var model = load("model");
        var config = model.config();
        assertEquals(1234, model.step());
        // Shapes tell these; vocabulary 6 with 16 + 4 positions is a 4x4 Sudoku.
        assertEquals(3, config.hCycles());
        assertEquals(32, config.hiddenSize());
        assertEquals(2, config.lLayers());
        assertEquals(5, config.numPuzzleIdentifiers());
        assertEquals(16, config.seqLen());
        assertEquals(4, config.puzzleEmbLen());
        assertTrue(config.mlpT());
        var expected = Safetensors.read(GOLDEN.resolve("mlp-mixer/initial.safetensors")).tensors();
        assertSame(expected, model.tensors());
        var text = out.toString();
        assertTrue(text.indexOf("hidden_size             32") < text.indexOf("Guessed")
                && text.indexOf("Guessed") < text.indexOf("h_cycles                3"), text);
    }

    @Test
    void whatWouldBeGuessedCanBeRefused() throws IOException {
        assertEquals(1, run("import DIR/step_1234 --no-guess --out DIR/model.safetensors"), out.toString());
        assertTrue(err.toString().contains("expected a configuration that says ")
                && err.toString().contains("h_cycles"), err.toString());
        assertFalse(Files.exists(dir.resolve("model.safetensors")));
        write("all_config.yaml", ALL_CONFIG);
        imported("DIR/step_1234 --no-guess");
    }

    @Test
    void whatIsImportedSolves() {
        imported("DIR/step_1234");
        try (var trm = Trm.load(dir.resolve("model.safetensors"), Devices.named("cpu"), 1)) {
            assertEquals(16, trm.solve(new int[16]).tokens().length);
        }
        assertEquals(0, run("solve DIR/model.safetensors 1.3.3..22..4.4.1 --steps 1"), err.toString());
    }

    @Test
    void attentionIsToldFromTheShapes() {
        imported("DIR/attention.pt");
        var config = load("model").config();
        assertFalse(config.mlpT());
        assertEquals(TrmConfig.Positions.ROPE, config.posEncodings());
        assertEquals(900, config.seqLen());
        assertEquals(4, config.lCycles());
        assertEquals(0.1, load("model").train().weightDecay());
        assertTrue(out.toString().contains("ARC-AGI"), out.toString());
    }

    @Test
    void theAuthorsConfigurationBesideTheFileIsTaken() throws IOException {
        write("all_config.yaml", ALL_CONFIG);
        imported("DIR/step_1234");
        checkAuthorsConfiguration();
        assertTrue(out.toString().contains("all_config.yaml, which lies beside the file"), out.toString());
    }

    @Test
    void theAuthorsConfigurationIsTakenWhenNamed() throws IOException {
        Files.createDirectories(dir.resolve("other"));
        write("other/all_config.yaml", ALL_CONFIG);
        imported("DIR/step_1234 --config DIR/other/all_config.yaml");
        checkAuthorsConfiguration();
    }

    private void checkAuthorsConfiguration() {
        var model = load("model");
        assertEquals(
                TrmConfig.PAPER.forPuzzles(16, 6, 5).with(arch -> {
                    arch.puzzleEmbNdim = 32;
                    arch.puzzleEmbLen = 4;
                    arch.lCycles = 2;
                    arch.hiddenSize = 32;
                    arch.numHeads = 2;
                    arch.haltMaxSteps = 3;
                    arch.forwardDtype = TrmConfig.Dtype.BFLOAT16;
                }),
                model.config());
        assertEquals(
                TrainConfig.PAPER.with(train -> {
                    train.batchSize = 48;
                    train.lr = 3e-4;
                    train.puzzleEmbLr = 0.01;
                    train.weightDecay = 0.1;
                    train.puzzleEmbWeightDecay = 0.1;
                    train.emaRate = 0.9;
                    train.lrWarmupSteps = 30;
                    train.loss = TrainConfig.Loss.SOFTMAX;
                }),
                model.train());
        assertTrue(out.toString().contains("left out: arch.my_own_idea"), out.toString());
        assertFalse(out.toString().contains("Guessed"), out.toString());
    }

    /** Weights of bfloat16 beside others of float32, for a model that computes in either. */
    @Test
    void weightsOfSeveralTypesAreTakenForTheTypeThatIsAskedFor() throws IOException {
        write("all_config.yaml", ALL_CONFIG);
        imported("DIR/step_1234 --dtype float32");
        var exact = load("model");
        assertEquals(TrmConfig.Dtype.FLOAT32, exact.config().forwardDtype());
        assertEquals(0, run("export DIR/model.safetensors DIR/rounded.pt --type bf16"), err.toString());
        assertEquals(0, run("import DIR/rounded.pt --out DIR/rounded.safetensors"), err.toString());
        var rounded = load("rounded").tensors();
        var types = new ArrayList<SafetensorsWriter.Entry>();
        var expected = new LinkedHashMap<String, HostTensor>();
        exact.tensors().forEach((name, tensor) -> {
            boolean rounds = types.size() % 2 == 0;
            types.add(new SafetensorsWriter.Entry(
                    name, rounds ? ElementType.BF16 : ElementType.F32, tensor.shape()));
            expected.put(name, rounds ? rounded.get(name) : tensor);
        });
        try (var channel = FileChannel.open(
                dir.resolve("mixed.safetensors"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var writer = new SafetensorsWriter(channel, Map.of(), types);
            for (var tensor : exact.tensors().values()) {
                writer.add(tensor.values());
            }
        }
        assertEquals(
                0, run("import DIR/mixed.safetensors --dtype bfloat16 --out DIR/again.safetensors"), err.toString());
        assertSame(expected, load("again").tensors());
        assertEquals(TrmConfig.Dtype.BFLOAT16, load("again").config().forwardDtype());
        assertEquals(2, run("import DIR/step_1234 --dtype float16 --out DIR/other.safetensors"), out.toString());
        assertTrue(err.toString().contains("expected float32 or bfloat16, found 'float16'"), err.toString());
    }

    @Test
    void ourConfigurationIsTaken() throws IOException {
        write("ours.yaml", """
                arch: {hidden_size: 32, h_cycles: 1, l_cycles: 7, num_heads: 2, puzzle_emb_ndim: 32, puzzle_emb_len: 2,
                  mlp_t: false, pos_encodings: none, halt_max_steps: 5, seq_len: 25}
                train: {lr: 0.5}
                """);
        imported("DIR/attention.pt --config DIR/ours.yaml");
        var model = load("model");
        assertEquals(7, model.config().lCycles());
        assertEquals(25, model.config().seqLen());
        assertEquals(TrmConfig.Positions.NONE, model.config().posEncodings());
        assertEquals(0.5, model.train().lr());
    }

    @Test
    void aRecordingsConfigurationIsTaken() throws IOException {
        Files.copy(GOLDEN.resolve("mlp-mixer/config.json"), dir.resolve("config.json"));
        imported("DIR/step_1234 --config DIR/config.json");
        assertEquals(3, load("model").config().haltMaxSteps());
        assertEquals(0.003, load("model").train().lr());
        for (var key : List.of("arch.batch_size", "train.steps", "train.total_steps")) {
            assertTrue(out.toString().contains("Not a setting of the model, left out: " + key + "."), out.toString());
        }
    }

    @Test
    void aFileAsideIsNotSpokenOf() {
        var name = "n".repeat(248);
        refused("DIR/" + name + " cannot be written: File name too long.", "import DIR/step_1234 --out DIR/" + name);
    }

    @Test
    void learnedPositionsAndWideLayersAreToldFromTheShapes() {
        var config = TrmConfig.PAPER.forPuzzles(81, 11, 1).with(arch -> {
            arch.puzzleEmbNdim = 64;
            arch.puzzleEmbLen = 1;
            arch.hCycles = 2;
            arch.lCycles = 2;
            arch.lLayers = 1;
            arch.hiddenSize = 64;
            arch.expansion = 8;
            arch.numHeads = 4;
            arch.posEncodings = TrmConfig.Positions.LEARNED;
            arch.haltMaxSteps = 4;
            arch.haltExplorationProb = 0;
            arch.mlpT = false;
        });
        new Checkpoint(config, TrainConfig.PAPER, 9, new Parameters(config).initialize(1))
                .save(dir.resolve("learned.safetensors"));
        assertEquals(0, run("export DIR/learned.safetensors DIR/learned.pt"), err.toString());
        imported("DIR/learned.pt");
        assertEquals(config, load("model").config());
        assertTrue(out.toString().contains("Recorded in the file:"), out.toString());
    }

    @Test
    void puzzleRowsOfAnotherDataSetBecomeTheMean() throws IOException {
        dataSet(16, 6, 9);
        imported("DIR/step_1234 --data DIR/data");
        var rows = load("model").tensors().get(PUZZLES);
        assertArrayEquals(new int[] {9, 32}, rows.shape());
        var before = Safetensors.read(GOLDEN.resolve("mlp-mixer/initial.safetensors")).tensors().get(PUZZLES).values();
        for (int i = 0; i < rows.values().length; i++) {
            double mean = 0;
            for (int row = 0; row < 5; row++) {
                mean += before[row * 32 + i % 32] / 5.0;
            }
            assertEquals(mean, rows.values()[i], 1e-6);
        }
        assertTrue(out.toString().contains("has 5 rows, the data set 9 identifiers"), out.toString());
        assertTrue(out.toString().contains("step_1234: 80,482 parameters in ") && out.toString().contains(
                "With 9 rows in place of 5, the model has 80,610 parameters."), out.toString());
        // The same number keeps them.
        dataSet(16, 6, 5);
        imported("DIR/step_1234 --data DIR/data --force");
        assertArrayEquals(before, load("model").tensors().get(PUZZLES).values());
    }

    @Test
    void aDataSetSaysHowLongPuzzlesAre() throws IOException {
        dataSet(25, 12, 7);
        imported("DIR/attention.pt --data DIR/data");
        assertEquals(25, load("model").config().seqLen());
    }

    @Test
    void exportAndImportGiveTheSameCheckpoint() throws IOException {
        imported("DIR/step_1234");
        assertEquals(0, run("export DIR/model.safetensors DIR/exported.pt"), err.toString());
        assertTrue(out.toString().contains("step 1234: 80,482 parameters in 15 tensors, as F32"), out.toString());
        assertEquals(0, run("import DIR/exported.pt --out DIR/again.safetensors"), err.toString());
        assertEquals(-1, Files.mismatch(dir.resolve("model.safetensors"), dir.resolve("again.safetensors")));

        assertEquals(0, run("export DIR/model.safetensors DIR/small.pt --type bf16"), err.toString());
        assertTrue(Files.size(dir.resolve("small.pt")) < 0.6 * Files.size(dir.resolve("exported.pt")));
    }

    @Test
    void aRunsNewestCheckpointIsExported() throws IOException {
        imported("DIR/step_1234");
        var folder = Files.createDirectories(dir.resolve("run/checkpoints/step-5"));
        Files.copy(dir.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        assertEquals(0, run("export DIR/run DIR/exported.pt"), err.toString());
        assertTrue(Files.exists(dir.resolve("exported.pt")));
    }

    /** Changes to the configuration that do not go with the weights. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "hidden_size: 32 | hidden_size: 64 | found 32 (Read from the weights' shapes) and 64",
        "mlp_t: true | mlp_t: false | expected one arch.mlp_t, found true",
        "L_layers: 2 | L_layers: 3 | expected one arch.l_layers, found 2",
        "expansion: 4 | expansion: 64 | found 64.0 in the configuration",
        "pos_encodings: none | pos_encodings: learned | expected tensor inner.embed_pos.embedding_weight",
        "puzzle_emb_len: 4 | puzzle_emb_len: 20 | expected 20 positions",
        "puzzle_emb_len: 4 | puzzle_emb_len: 4.5 | puzzle_emb_len",
        "H_cycles: 3 | H_cycles: 0 | all_config.yaml: arch.h_cycles: expected a whole number of at least 1, found 0",
        "lr: 0.0003 | lr: fast | lr",
        "recursive_reasoning.trm@ | recursive_reasoning.hrm@ | all_config.yaml: arch.name: expected",
        "arch: | arch: [ | is not YAML",
        "softmax_cross_entropy | hinge | loss"
    })
    void contradictionsAreToldInASentence(String right, String wrong, String message) throws IOException {
        assertTrue(ALL_CONFIG.contains(right));
        write("all_config.yaml", ALL_CONFIG.replaceFirst(Pattern.quote(right), wrong));
        refused(message, "import DIR/step_1234 --out DIR/model.safetensors");
    }

    @Test
    void dataOfOtherPuzzlesIsRefused() throws IOException {
        dataSet(16, 7, 9);
        refused("expected one arch.vocab_size, found 6 (Read from the weights' shapes) and 7 (From the data set",
                "import DIR/step_1234 --out DIR/model.safetensors --data DIR/data");
        dataSet(25, 6, 9);
        refused("found arch.seq_len 25", "import DIR/step_1234 --out DIR/model.safetensors --data DIR/data");
        dataSet(16, 6, 100_000_000);
        refused("expected a puzzle table of fewer than 2^31 numbers",
                "import DIR/step_1234 --out DIR/model.safetensors --data DIR/data");
        refused("has no dataset.json in a folder train or test",
                "import DIR/step_1234 --out DIR/model.safetensors --data DIR/none");
    }

    @Test
    void weightsOfOtherModelsAreRefused() {
        var config = load("attention.pt", "one").config();
        var weights = new HashMap<>(new Parameters(config).initialize(1));
        weights.put("inner.M_level.layers.0.mlp.down_proj.weight", new HostTensor(new int[] {1}, new float[1]));
        exportedAndRefused("that a TRM does not have", config, weights);
        weights.clear();
        weights.put("inner.x", new HostTensor(new int[] {1}, new float[1]));
        exportedAndRefused(
                "expected a matrix inner.embed_tokens.embedding_weight of at least one row and column, found none",
                config, weights);
        weights.putAll(new Parameters(config).initialize(1));
        weights.remove("inner.x");
        weights.put("inner.q_head.bias", new HostTensor(new int[] {3}, new float[3]));
        exportedAndRefused("expected tensor inner.q_head.bias [2], found [3]", config, weights);
    }

    @Test
    void anUnknownVocabularyNeedsALength() throws IOException {
        var config = load("attention.pt", "one").config().forPuzzles(10, 40, 1);
        var file = dir.resolve("forty.pt");
        exportWithout(config, new Parameters(config).initialize(1), file);
        refused("does not say how long its puzzles are", "import DIR/forty.pt --out DIR/model.safetensors");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "import DIR/none.pt --out DIR/m | There is no file DIR/none.pt",
        "import DIR/all.txt --out DIR/m | DIR/all.txt is not a zip archive as torch.save",
        "import DIR/step_1234 --out DIR/all.txt | DIR/all.txt is there already",
        "import DIR/step_1234 --out DIR/step_1234 --force | DIR/step_1234 is what is read",
        "import DIR/step_1234 --out DIR/none/m | cannot be written, expected a file in a folder that is there",
        "import DIR/step_1234 --out DIR | cannot be written, expected a file",
        "import DIR/step_1234 --out DIR/m --config DIR/none.yaml | There is no configuration DIR/none.yaml",
        "export DIR/none DIR/m | No checkpoint at DIR/none",
        "export DIR/all.txt DIR/m | is not a whole safetensors file",
        "export DIR/all.txt DIR/all.txt --force | is what is read"
    })
    void whatCannotBeReadOrWrittenIsRefusedInASentence(String command, String message) throws IOException {
        write("all.txt", "not a model");
        refused(message, command);
        assertEquals("not a model", Files.readString(dir.resolve("all.txt")));
    }

    @Test
    void aFileIsReplacedOnlyWhenForced() throws IOException {
        write("model.safetensors", "mine");
        assertEquals(1, run("import DIR/step_1234 --out DIR/model.safetensors"));
        assertEquals(0, run("import DIR/step_1234 --out DIR/model.safetensors --force"), err.toString());
        assertEquals(5, load("model").config().numPuzzleIdentifiers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"import", "import x", "export", "export x", "export x y --type f64"})
    void wrongUsageHasStatusTwo(String command) {
        assertEquals(2, run(command));
        assertTrue(err.toString().endsWith(command.substring(0, 6) + " --help tells more.\n"), err.toString());
    }

    private void exportedAndRefused(String message, TrmConfig config, Map<String, HostTensor> weights) {
        var model = new Checkpoint(config, TrainConfig.PAPER, 1, weights);
        TorchExport.write(model, TorchExport.Type.F32, dir.resolve("x.pt"));
        refused(message, "import DIR/x.pt --out DIR/model.safetensors");
    }

    /** Saved as PyTorch would: without a configuration. */
    private void exportWithout(TrmConfig config, Map<String, HostTensor> weights, Path file) throws IOException {
        TorchExport.write(new Checkpoint(config, TrainConfig.PAPER, 1, weights), TorchExport.Type.F32, file);
        try (var zip = FileSystems.newFileSystem(file)) {
            Files.delete(zip.getPath("archive/trm4j.json"));
        }
    }

    private void dataSet(int seqLen, int vocabSize, int identifiers) throws IOException {
        Files.createDirectories(dir.resolve("data/test"));
        write("data/test/dataset.json", """
                {"pad_id": 0, "ignore_label_id": 0, "blank_identifier_id": 0, "vocab_size": %d, "seq_len": %d,
                 "num_puzzle_identifiers": %d, "total_groups": 1, "mean_puzzle_examples": 1.0, "total_puzzles": 1,
                 "sets": ["all"]}
                """.formatted(vocabSize, seqLen, identifiers));
    }

    private Checkpoint load(String name) {
        return Checkpoint.load(dir.resolve(name + ".safetensors"));
    }

    private Checkpoint load(String file, String name) {
        assertEquals(0, run("import DIR/" + file + " --out DIR/" + name + ".safetensors"), err.toString());
        return load(name);
    }

    private void imported(String arguments) {
        assertEquals(0, run("import " + arguments + " --out DIR/model.safetensors"), err.toString());
    }

    private static void assertSame(Map<String, HostTensor> expected, Map<String, HostTensor> found) {
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((name, tensor) -> {
            assertArrayEquals(tensor.shape(), found.get(name).shape(), name);
            assertArrayEquals(tensor.values(), found.get(name).values(), name);
        });
    }

    /** Fails with one sentence and status 1, and writes nothing. */
    private void refused(String message, String command) {
        try {
            var before = files();
            assertEquals(1, run(command), out.toString());
            var lines = err.toString().lines().toList();
            assertTrue(lines.size() == 1 && lines.getFirst().startsWith("trm: ")
                    && lines.getFirst().contains(message.replace("DIR", dir.toString())), err.toString());
            assertEquals(before, files());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> files() throws IOException {
        try (var files = Files.walk(dir)) {
            return files.sorted().toList();
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(dir.resolve(name), text);
    }

    private int run(String command) {
        var arguments = command.replace("DIR", dir.toString()).split(" +");
        return Commands.runAfresh(out, err, arguments);
    }
}
