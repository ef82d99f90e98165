package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import trm4j.model.Checkpoint;
import trm4j.model.Example;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.net.Parameters;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.TokenDataset;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuSource;

/** The examples in {@code docs/example}, compiled, and run each in a JVM of its own. */
class LibraryTest {

    private static final Path SOURCES = Path.of("../docs/example/src/main/java");

    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    private static Path dir;

    @BeforeAll
    static void compile() throws IOException {
        var words = new ArrayList<>(List.of("-d", dir.resolve("classes").toString(), "-cp", CLASS_PATH));
        try (var files = Files.list(SOURCES)) {
            files.map(Path::toString).forEach(words::add);
        }
        var said = new StringWriter();
        int status = ToolProvider.findFirst("javac").orElseThrow()
                .run(new PrintWriter(said), new PrintWriter(said), words.toArray(String[]::new));
        assertEquals(0, status, said.toString());
    }

    @BeforeAll
    static void makeAModel() throws IOException {
        saveModel("model.safetensors", 16, 6);
        Files.writeString(dir.resolve("puzzles.csv"), "question\n1234341221434...\n.23434122143432.\n");
        SudokuDataset.write(
                new SudokuSource.Csv(CsvFiles.test(dir.resolve("puzzles.csv")), 0, 0),
                dir.resolve("data"), false);
    }

    private static void saveModel(String file, int length, int vocabulary) throws IOException {
        var config = TrmConfig.PAPER.forPuzzles(length, vocabulary, 1).with(arch -> {
            arch.hiddenSize = 16;
            arch.puzzleEmbNdim = 16;
            arch.puzzleEmbLen = 1;
            arch.haltMaxSteps = 3;
        });
        new Checkpoint(config, TrainConfig.PAPER, 0, new Parameters(config).initialize(1)).save(dir.resolve(file));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void solvesASudoku() throws Exception {
        var lines = run("SolveSudoku", dir + "/model.safetensors", "1.3.3..22..4.4.1", "................");
        assertEquals(2, lines.size(), lines.toString());
        // Untrained, it asks for all its steps: the halt logit starts at -5.
        assertTrue(lines.stream().allMatch(l -> l.matches("[1-4.]{16} (right|wrong) after 3 steps, sure to 1%")),
                lines.toString());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void evaluatesASet() throws Exception {
        var lines = run("EvaluateSet", dir + "/model.safetensors", dir + "/data", "cpu");
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(lines.getFirst().startsWith("2 puzzles: 0.0% exact"), lines.toString());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void makesASetOfItsOwn() throws Exception {
        var sorted = dir.resolve("sorted");
        assertEquals(List.of("Written to " + sorted), run("SortNumbers", sorted.toString()));
        try (var test = PuzzleDataset.open(sorted, Split.TEST)) {
            assertEquals(200, test.examples());
            var example = test.example(7);
            assertArrayEquals(IntStream.of(example.inputs()).sorted().toArray(), example.labels());
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void sortsDigits() throws Exception {
        saveModel("digits.safetensors", 8, 10);
        var lines = run("SortDigits", dir + "/digits.safetensors", "31415926", "00000000");
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(lines.getFirst().matches("31415926 [0-9]{8} (right|wrong) after 3 steps, sure to 1%"),
                lines.toString());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void trains() throws Exception {
        var data = dir.resolve("to-sort");
        TokenDataset.write(
                data, "sorting", 10, Collections.nCopies(64, new Example(new int[8], new int[8], 0)),
                List.of(new Example(new int[8], new int[8], 0)), false);
        var lines = run("TrainSorter", data.toString(), dir + "/sorter", "2");
        assertTrue(lines.getFirst().startsWith("step 2: loss "), lines.toString());
        assertTrue(lines.get(1).startsWith("step 2: 1 puzzle: "), lines.toString());
        assertEquals(dir + "/sorter/checkpoints/step-2/model.safetensors", lines.getLast());
        assertEquals(64, RunConfig.read(dir.resolve("sorter/config.yaml")).arch().hiddenSize());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void theExampleTakesThisVersion() throws Exception {
        assertEquals(text("../pom.xml", "/project/version"), text("../docs/example/pom.xml",
                "//dependency[groupId='org.trm4j' and artifactId='trm-train']/version"));
    }

    private static String text(String file, String path) throws Exception {
        var pom = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(Path.of(file).toFile());
        return XPathFactory.newDefaultInstance().newXPath().evaluate(path, pom);
    }

    private static List<String> run(String example, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "--add-modules", "jdk.incubator.vector", "-cp", CLASS_PATH + File.pathSeparator + dir.resolve("classes"),
                example));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var lines = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor());
        return lines;
    }
}
