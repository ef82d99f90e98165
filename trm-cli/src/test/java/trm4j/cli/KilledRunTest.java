package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.mpi.Mpirun;
import trm4j.train.data.AsideFolder;
import trm4j.train.run.TinyRuns;

/** Runs in processes of their own that are killed, or told to stop. */
class KilledRunTest {

    private static final String CONFIG = TinyRuns.CONFIG.replace("steps: 12", "steps: 60")
            .replace("eval_interval: 6", "eval_interval: 20")
            .replace("batch_size: 8", "batch_size: 32");
    private static final long PATIENCE_SECONDS = 60;

    /** Puzzles, and a run on them that nothing interrupted. */
    @TempDir
    private static Path shared;

    @TempDir
    private Path dir;

    private Path run;
    private Process process;

    @BeforeAll
    static void trainStraight() throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "signals are sent as on Linux");
        Files.writeString(shared.resolve("tiny.yaml"), CONFIG);
        here(0, List.of(
                "data", "sudoku", "--size", "4", "--train", "40", "--test", "20", "--out", shared + "/data"));
        here(0, List.of(
                "train", shared + "/tiny.yaml", "--data", shared + "/data", "--out", shared + "/straight"));
    }

    @BeforeEach
    void prepare() throws IOException {
        run = dir.resolve("run");
        Files.writeString(dir.resolve("tiny.yaml"), CONFIG);
    }

    @Test
    void killedAgainAndAgainItComesToTheSameEnd() throws Exception {
        start("train", "DIR/tiny.yaml", "--data", "SHARED/data", "--out", "DIR/run");
        kill(() -> lines() >= 25);
        start("train", "--resume", "DIR/run");
        kill(() -> lines() >= 36 && isSaving());
        start("train", "--resume", "DIR/run");
        kill(() -> lines() >= 50);
        here(0, "train", "--resume", "DIR/run");
        TinyRuns.assertSame(shared.resolve("straight"), run, 60);
    }

    @Test
    void toldToStopItSavesAndSaysHowToGoOn() throws Exception {
        start("train", "DIR/tiny.yaml", "--data", "SHARED/data", "--out", "DIR/run");
        await(() -> lines() >= 7);
        var refusal = here(1, "train", "--resume", "DIR/run");
        assertTrue(refusal.startsWith("trm: Another run is training in " + run + " (process " + process.pid() + ");"),
                refusal);
        stop("INT", 130);
        start("train", "--resume", "DIR/run");
        int before = lines();
        await(() -> lines() >= before + 7);
        stop("TERM", 143);
        start("train", "--resume", "DIR/run");
        int again = lines();
        await(() -> lines() >= again + 7);
        stop("HUP", 129);
        here(0, "train", "--resume", "DIR/run");
        TinyRuns.assertSame(shared.resolve("straight"), run, 60);
    }

    @Test
    void toldToStopWhileItsPuzzlesAreMadeItSaysHowToBeginAgain() throws Exception {
        Files.writeString(dir.resolve("tiny.yaml"), CONFIG.replace("steps: 60", "steps: 3")
                + "puzzles: {size: 9, train: 1000000, test: 20, min_clues: 24, max_clues: 40}");
        start("train", "DIR/tiny.yaml", "--out", "DIR/run");
        await(() -> areMade(run));
        stop("TERM", 143, "Stopped before the run began; the same command begins again");
        assertTrue(Files.exists(run.resolve("lock")));
        here(0, "train", "DIR/tiny.yaml", "--set", "puzzles.train=40", "--out", "DIR/run");
        assertTrue(Files.exists(run.resolve("checkpoints/step-3")) && !areMade(run));
    }

    @Test
    void aSecondSignalStopsAtOnce() throws Exception {
        for (var signal : Map.of("INT", 130, "TERM", 143, "HUP", 129).entrySet()) {
            launch(Deaf.class, List.of());
            var said = process.inputReader();
            assertEquals("ready", said.readLine());
            send(signal.getKey());
            assertEquals("heard", said.readLine());
            send(signal.getKey());
            assertEquals(signal.getValue(), ended());
        }
    }

    /** Hears the first signal and does nothing about it. */
    static final class Deaf {

        private Deaf() {}

        public static void main(String[] args) throws InterruptedException {
            try (var stop = new StopSignal(() -> System.out.println("heard"))) {
                System.out.println("ready");
                Thread.sleep(TimeUnit.SECONDS.toMillis(2 * PATIENCE_SECONDS));
                System.out.println(stop.isRaised());
            }
        }
    }

    /** Has a command done in this process, and returns what it said went wrong. */
    private String here(int status, String... command) {
        return here(status, arguments(List.of(command)));
    }

    private static String here(int status, List<String> command) {
        var out = new StringWriter();
        var err = new StringWriter();
        var line = command.toArray(String[]::new);
        assertEquals(status, Main.run(new PrintWriter(out, true), new PrintWriter(err, true), line), err.toString());
        return err.toString();
    }

    private List<String> arguments(List<String> command) {
        return command.stream()
                .map(word -> word.replace("DIR", dir.toString()).replace("SHARED", shared.toString()))
                .toList();
    }

    private void start(String... command) throws IOException {
        launch(Main.class, arguments(List.of(command)));
    }

    private void launch(Class<?> main, List<String> arguments) throws IOException {
        var command = new ArrayList<>(JavaCommand.of(Mpirun.classPath(), main));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectError(dir.resolve("err").toFile());
        if (main == Main.class) {
            builder.redirectOutput(dir.resolve("out").toFile());
        }
        process = builder.start();
    }

    private void await(BooleanSupplier moment) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!moment.getAsBoolean()) {
            assertTrue(process.isAlive() && System.nanoTime() < end, Files.readString(dir.resolve("err")));
            Thread.sleep(1);
        }
    }

    private void kill(BooleanSupplier moment) throws Exception {
        await(moment);
        send("KILL");
        assertEquals(137, ended());
    }

    private void stop(String signal, int status, String words) throws Exception {
        send(signal);
        assertEquals(status, ended(), Files.readString(dir.resolve("err")));
        var said = Files.readString(dir.resolve("out"));
        assertTrue(said.endsWith(words + "\n"), said);
    }

    private void stop(String signal, int status) throws Exception {
        stop(signal, status, "Stopped; go on with trm train --resume " + run);
        assertTrue(Files.exists(run.resolve("checkpoints/step-" + steps())), "step " + steps());
    }

    private void send(String signal) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor());
    }

    private int ended() throws Exception {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        return process.exitValue();
    }

    /** Whether puzzles are being made, for a data set in a folder. */
    static boolean areMade(Path folder) {
        try (var files = Files.list(folder)) {
            return files.anyMatch(file -> AsideFolder.isOf("data", file.getFileName().toString()));
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isSaving() {
        try (var files = Files.list(run.resolve("checkpoints"))) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(".writing"));
        } catch (IOException e) {
            return false;
        }
    }

    private int lines() {
        try {
            return (int) Files.readString(run.resolve("metrics.jsonl")).lines().count();
        } catch (IOException e) {
            return 0;
        }
    }

    private long steps() throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream().filter(l -> !l.contains("\"test\"")).count();
    }
}
