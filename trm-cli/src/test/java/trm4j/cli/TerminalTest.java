package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.train.run.TinyRuns;

/**
 * Ctrl-C where users press it: at a terminal, with a progress bar on it. Through a pipe there is no bar, and signals go
 * other ways. The terminal is that of util-linux's script.
 */
class TerminalTest {

    private static final String CTRL_C = "\u0003";
    private static final long PATIENCE_SECONDS = 60;
    /** What a bar of any length begins with. */
    private static final String BAR = "% [";

    @TempDir
    private Path dir;

    private Process process;

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script (Debian: bsdutils)");
        var config = TinyRuns.CONFIG.replace("steps: 12", "steps: 100000").replace("eval_interval: 6", "eval_interval: 0");
        Files.writeString(dir.resolve("long.yaml"), config);
        Files.writeString(dir.resolve("short.yaml"), TinyRuns.CONFIG);
    }

    @Test
    void aRunThatIsStoppedSavesAndGoesOn() throws Exception {
        makePuzzles();
        start("train DIR/long.yaml --data DIR/data --out DIR/run");
        await(BAR);
        type(CTRL_C);
        var said = ends(130);
        assertTrue(said.contains("Stops after this step; a second time, at once"), said);
        assertTrue(said.stripTrailing().endsWith("Stopped; go on with trm train --resume " + dir.resolve("run")), said);
        start("train --resume DIR/run");
        await("Goes on after step");
        await(BAR);
        type(CTRL_C);
        ends(130);
    }

    @Test
    void anAblationThatIsStoppedGoesOn() throws Exception {
        makePuzzles();
        start("ablate DIR/long.yaml --data DIR/data --variant trm,no-ema --out DIR/ablation");
        await(BAR);
        type(CTRL_C);
        var said = ends(130);
        assertTrue(said.stripTrailing().endsWith("Stopped; the same command goes on"), said);
        start("ablate DIR/long.yaml --data DIR/data --variant trm,no-ema --out DIR/ablation");
        await("Goes on after step");
        await(BAR);
        type(CTRL_C);
        ends(130);
    }

    @Test
    void anEvaluationThatIsStoppedSaysHowToGoOn() throws Exception {
        makePuzzles();
        start("train DIR/short.yaml --data DIR/data --out DIR/run");
        ends(0);
        start("data sudoku --size 4 --train 0 --test 600 --out DIR/more");
        ends(0);
        start("eval DIR/run --data DIR/more --steps 5000 --batch 2 --out DIR/eval");
        await("2/600");
        type(CTRL_C);
        var said = ends(130);
        assertTrue(
                Pattern.compile("Stopped after \\d+ of 600 puzzles; the same command with --out \\S+/eval --resume goes on"
                        + "\\s*$").matcher(said).find(), said);
        start("eval DIR/run --data DIR/more --steps 5000 --batch 2 --out DIR/eval --resume");
        await(", which has ");
        type(CTRL_C);
        ends(130);
    }

    @Test
    void puzzlesThatWereStoppedLeaveNothingUnderTheirName() throws Exception {
        start("data sudoku --size 9 --train 1000000 --test 0 --out DIR/data");
        Thread.sleep(TimeUnit.SECONDS.toMillis(2));
        type(CTRL_C);
        ends(130);
        assertFalse(Files.exists(dir.resolve("data")));
        makePuzzles();
    }

    @Test
    void watchingEnds() throws Exception {
        makePuzzles();
        start("train DIR/short.yaml --data DIR/data --out DIR/run");
        ends(0);
        start("watch DIR/run --port 0");
        await("Ctrl-C ends this");
        type(CTRL_C);
        var said = ends(130);
        assertFalse(said.contains("Exception"), said);
    }

    private void makePuzzles() throws Exception {
        start("data sudoku --size 4 --train 40 --test 20 --out DIR/data");
        ends(0);
    }

    private void start(String command) throws IOException {
        var words = Stream.concat(
                // What runs the tests in the background may have SIGINT ignored, which processes hand down.
                Stream.of(
                        "exec", "env", "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules", "jdk.incubator.vector", "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName()),
                Stream.of(command.replace("DIR", dir.toString()).split(" ")));
        process = new ProcessBuilder(List.of(
                        "/usr/bin/script", "--quiet", "--return", "--flush", "--command",
                        words.collect(Collectors.joining("' '", "'", "'")).replaceFirst("'exec'", "exec"), "/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("said").toFile())
                .start();
    }

    private void type(String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private String said() throws IOException {
        return Files.readString(dir.resolve("said"));
    }

    private void await(String words) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!said().contains(words)) {
            assertTrue(process.isAlive() && System.nanoTime() < end, said());
            Thread.sleep(20);
        }
    }

    private String ends(int status) throws Exception {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), said());
        assertEquals(status, process.exitValue(), said());
        return said();
    }
}
