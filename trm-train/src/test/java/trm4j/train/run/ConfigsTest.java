package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.contract.StandInDevice;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Device;
import trm4j.model.SolvingPlan;
import trm4j.model.TrainingPlan;
import trm4j.model.config.PaperTask;
import trm4j.model.config.Settings;
import trm4j.train.ablation.Ablation;
import trm4j.train.ablation.Variant;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.arc.ArcTokens;
import trm4j.train.data.maze.MazeRules;
import trm4j.train.data.sudoku.SudokuRules;

/** The configurations in {@code configs/}: all are read, and the paper's are the paper's. */
class ConfigsTest {

    private static final Path CONFIGS = Path.of("../configs");
    private static final Map<PaperTask, String> PAPERS = Map.of(
            PaperTask.SUDOKU_EXTREME, "sudoku-extreme.yaml", PaperTask.MAZE_HARD, "maze-hard.yaml",
            PaperTask.ARC_AGI, "arc-agi.yaml");
    /** How long, what to look at on the way, and how much memory to take: the paper does not say. */
    private static final Set<String> FREE =
            Set.of("run.steps", "run.eval_interval", "run.eval_puzzles", "run.eval_batch", "train.micro_batch");
    private static final Pattern MEMORY = Pattern.compile("micro_batch: \\d+ +# takes (.*) GiB");
    /** Says how much memory it has: nothing is allocated on it. */
    private static final Device LARGE = StandInDevice.ofCapacity("large", 16L << 30);

    @Test
    void everyConfigurationIsTested() throws IOException {
        var tested = new TreeSet<>(PAPERS.values());
        tested.addAll(Set.of("sudoku-mini.yaml", "maze-mini.yaml", "arc-mini.yaml", "ablation.yaml",
                "methods-mini.yaml", "sudoku-9x9.yaml"));
        try (var files = Files.list(CONFIGS)) {
            assertEquals(tested, files.map(file -> file.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePapersAreThePapers(PaperTask task) throws IOException {
        var file = CONFIGS.resolve(PAPERS.get(task));
        var config = RunConfig.read(file);
        var expected = settings(RunConfig.of(task));
        var found = settings(config);
        expected.keySet().removeAll(FREE);
        found.keySet().removeAll(FREE);
        assertEquals(expected, found);
        assertTrue(config.run().steps() == 0 || config.run().steps() == task.steps(), "steps " + config.run().steps());
        var text = Files.readString(file);
        for (var result : task.results()) {
            assertTrue(text.contains(result.benchmark()) && text.contains(result.accuracy() + "%"), result.toString());
        }
        for (var key : new String[] {"mlp_t", "pos_encodings", "h_cycles", "l_cycles", "lr", "weight_decay"}) {
            assertTrue(text.contains(" " + key + ": "), "whoever reads it sees " + key);
        }
    }

    /** What the file says of memory is what training and evaluation take; with many threads it is a little more. */
    @ParameterizedTest
    @EnumSource(names = {"SUDOKU_EXTREME", "MAZE_HARD"})
    void thePapersTakeTheMemoryThatTheySay(PaperTask task) throws IOException {
        var file = CONFIGS.resolve(PAPERS.get(task));
        var matcher = MEMORY.matcher(Files.readString(file));
        assertTrue(matcher.find());
        var config = RunConfig.read(file);
        var cpu = TestDevices.cpu(2);
        long bytes = TrainingPlan.bytes(cpu, task.arch(1), config.train())
                + new SolvingPlan(cpu, task.arch(1), config.train().loss(), config.run().evalBatch()).bytes();
        double said = Double.parseDouble(matcher.group(1));
        assertEquals(said, bytes / (double) (1L << 30), 0.05 * said);
    }

    @ParameterizedTest
    @EnumSource
    void thePapersFitTheirPuzzlesAndALargeMachine(PaperTask task) {
        int length = task.seqLen();
        int vocabulary = task.vocabSize();
        assertTrue(switch (task) {
            case SUDOKU_EXTREME -> SudokuRules.ofCells(length).orElseThrow().info().vocabSize() == vocabulary;
            case MAZE_HARD -> MazeRules.of(length, vocabulary).isPresent();
            case ARC_AGI -> length == ArcTokens.LENGTH && vocabulary == ArcTokens.VOCABULARY;
        });
        var info = DatasetInfo.uncounted(null, null, vocabulary, length);
        Training.requireMemory(RunConfig.read(CONFIGS.resolve(PAPERS.get(task))), info, true, LARGE);
    }

    @Test
    void theSmallOneForArcFitsItsPuzzles() {
        var info = DatasetInfo.uncounted(null, null, ArcTokens.VOCABULARY, ArcTokens.LENGTH);
        Training.requireMemory(RunConfig.read(CONFIGS.resolve("arc-mini.yaml")), info, true, TestDevices.cpu(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "sudoku-mini.yaml", "sudoku-9x9.yaml", "maze-mini.yaml", "ablation.yaml", "methods-mini.yaml"
    })
    void theSmallOnesFitThePuzzlesThatTheyMake(String name) {
        var config = RunConfig.read(CONFIGS.resolve(name));
        Training.requireMemory(config, config.puzzles().info(), true, TestDevices.cpu(2));
        assertEquals(config, RunConfig.of(tree(config), Path.of(name)), "what is written is what was read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ablation.yaml", "methods-mini.yaml"})
    void everyVariantOfTheAblationFitsItsPuzzles(String name) {
        var config = RunConfig.read(CONFIGS.resolve(name));
        DatasetInfo info = config.puzzles().info();
        Ablation.requireMemory(config, Variant.of(config.arch()), info, TestDevices.cpu(2));
    }

    /** The epochs that a file's steps stand for, on the thousand puzzles that Sudokus and mazes are trained on. */
    @ParameterizedTest
    @CsvSource({"SUDOKU_EXTREME, 1000", "MAZE_HARD, 1000"})
    void stepsAreWhatTheEpochsComeTo(PaperTask task, long puzzles) {
        assertEquals(task.epochs() * puzzles / task.train().batchSize(), task.steps());
    }

    private static JsonNode tree(RunConfig config) {
        return Settings.MAPPER.valueToTree(config);
    }

    private static Map<String, String> settings(RunConfig config) {
        var settings = new TreeMap<String, String>();
        tree(config).properties().forEach(section -> section.getValue().properties().forEach(setting ->
                settings.put(section.getKey() + "." + setting.getKey(), setting.getValue().asText())));
        return settings;
    }
}
