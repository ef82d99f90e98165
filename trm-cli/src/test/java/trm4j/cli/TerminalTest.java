package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import trm4j.train.run.TinyRuns;

/**
 * Ctrl-C where users press it: at a terminal, with its progress on it. Through a pipe there are only lines, and signals go
 * other ways. The terminal is that of util-linux's script. Each test waits for processes of its own most of the time,
 * so that all are done at once.
 */
class TerminalTest {

    private static final String CTRL_C = "\u0003";
    private static final long PATIENCE_SECONDS = 60;
    /** What the line of a run that takes steps has in it. */
    private static final String STEPS = " loss ";

    /** Puzzles, a model that was trained on them, and configurations, for all tests. */
    @TempDir
    private static Path shared;

    private static String classPath;

    @TempDir
    private Path dir;

    private Process process;

    @BeforeAll
    static void prepare() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs script (Debian: bsdutils)");
        var config = TinyRuns.CONFIG.replace("steps: 12", "steps: 100000").replace("eval_interval: 6", "eval_interval: 0");
        Files.writeString(shared.resolve("long.yaml"), config);
        Files.writeString(shared.resolve("short.yaml"), TinyRuns.CONFIG);
        classPath = FaultyDevices.classPath(shared);
        here("data sudoku --size 4 --train 40 --test 20 --out SHARED/data");
        here("data sudoku --size 4 --train 0 --test 600 --out SHARED/more");
        here("train SHARED/short.yaml --data SHARED/data --out SHARED/run");
    }

    private static void here(String command) {
        var err = new StringWriter();
        assertEquals(
                0, Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), words(command)),
                err.toString());
    }

    private static String[] words(String command) {
        return command.replace("SHARED", shared.toString()).split(" ");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aRunThatIsStoppedSavesAndGoesOn() throws Exception {
        start("train SHARED/long.yaml --data SHARED/data --out DIR/run");
        await(STEPS);
        type(CTRL_C);
        var said = ends(130);
        assertTrue(said.contains("Stops after this step; a second time, at once"), said);
        assertTrue(said.stripTrailing().endsWith("Stopped; go on with trm train --resume " + dir.resolve("run")), said);
        start("train --resume DIR/run");
        await("Goes on after step");
        await(STEPS);
        type(CTRL_C);
        ends(130);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void anAblationThatIsStoppedGoesOn() throws Exception {
        start("ablate SHARED/long.yaml --data SHARED/data --variant trm,no-ema --device idle --out DIR/ablation");
        await(STEPS);
        type(CTRL_C);
        var said = ends(130);
        assertTrue(said.stripTrailing().endsWith("Stopped; the same command goes on"), said);
        start("ablate SHARED/long.yaml --data SHARED/data --variant trm,no-ema --device idle --out DIR/ablation");
        await("Goes on after step");
        await(STEPS);
        type(CTRL_C);
        ends(130);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void anEvaluationThatIsStoppedSaysHowToGoOn() throws Exception {
        start("eval SHARED/run --data SHARED/more --steps 5000 --batch 2 --out DIR/eval");
        await("2/600");
        type(CTRL_C);
        var said = ends(130);
        assertTrue(
                Pattern.compile("Stopped after \\d+ of 600 puzzles; go on with trm eval --resume \\S+/eval"
                        + "\\s*$").matcher(said).find(), said);
        start("eval --resume DIR/eval --batch 2");
        await(", which has ");
        type(CTRL_C);
        ends(130);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void puzzlesThatWereStoppedLeaveNothingUnderTheirName() throws Exception {
        start("data sudoku --size 9 --train 1000000 --test 0 --out DIR/data");
        await(() -> KilledRunTest.areMade(dir));
        type(CTRL_C);
        ends(130);
        assertFalse(Files.exists(dir.resolve("data")));
        start("data sudoku --size 4 --train 40 --test 20 --out DIR/data");
        ends(0);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void watchingEnds() throws Exception {
        start("watch SHARED/run --port 0");
        await("Ctrl-C ends this");
        type(CTRL_C);
        var said = ends(130);
        assertFalse(said.contains("Exception"), said);
    }

    @AfterEach
    void leaveNothingBehind() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void start(String command) throws IOException {
        var words = Stream.concat(
                JavaCommand.of(classPath, Main.class).stream(), Stream.of(words(command.replace("DIR", dir.toString()))));
        process = new ProcessBuilder(List.of(
                        "/usr/bin/script", "--quiet", "--return", "--flush", "--command",
                        words.collect(Collectors.joining("' '", "exec '", "'")), "/dev/null"))
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
        await(() -> said().contains(words));
    }

    private void await(Callable<Boolean> moment) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!moment.call()) {
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
