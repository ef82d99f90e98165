package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.mpi.Mpirun;
import trm4j.train.run.TinyRuns;

/** Commands in processes that mpirun starts together: they come to what one process comes to, and are refused as one is. */
class MpirunTest {

    private static final String CONFIG = TinyRuns.CONFIG.replace("steps: 12", "steps: 20")
            .replace("eval_interval: 6", "eval_interval: 10")
            .replace("batch_size: 8", "batch_size: 8, micro_batch: 2");
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final String THEN = CommandsMain.THEN;

    @TempDir
    private Path dir;

    private Path run;
    private String config;
    private String data;

    @BeforeEach
    void prepare() throws IOException {
        run = dir.resolve("run");
        config = dir + "/tiny.yaml";
        data = dir + "/data";
        Files.writeString(Path.of(config), CONFIG);
    }

    /** In the end, after several numbers of ranks, both MPIs, a signal and a kill, there are the bytes of one process. */
    @Test
    void stoppedAndKilledTheyComeToTheEndOfOne() throws Exception {
        Mpirun.OPEN_MPI.assume();
        Mpirun.MPICH.assume();
        here("data", "sudoku", "--size", "4", "--train", "40", "--test", "20", "--out", data);
        here("train", config, "--data", data, "--out", dir + "/straight");
        here("eval", dir + "/straight", "--halt", "--batch", "6", "--out", dir + "/halting");
        here("eval", dir + "/straight", "--rollouts", "2", "--steps", "40", "--out", dir + "/rollouts");

        var train = List.of("train", config, "--data", data, "--out", "" + run);
        var stopped = start(Mpirun.MPICH, 3, Stream.of(
                        train, List.of("--set", "train.weight_decay=0.%rank", THEN),
                        train, List.of("--set", "train.micro_batch=4", THEN),
                        train, List.of("--device", "real,idle,idle", THEN),
                        train, List.of("--device", "real,real,real:nan@step", THEN, "report", "" + run, THEN),
                        List.of("train", config, "--data", data, "--out", run + "2"))
                .flatMap(List::stream));
        var second = dir.resolve("run2");
        await(stopped, () -> lines(second.resolve("metrics.jsonl")) >= 3);
        stopped.launcher().destroy();
        stopped.status();
        var said = stopped.said();
        assertTrue(said.contains("3 ranks on 1 machine, connected by MPICH "), said);
        for (var refusal : List.of(
                "Rank 1 has another configuration than rank 0: expected weight_decay: 0.0, found weight_decay: 0.1; start "
                        + "all processes with the same command, and on the same files.",
                "train.micro_batch: 3 processes share a batch of 8 puzzles, expected at least as many micro-batches, "
                        + "found 2 of 4; set it to 2, or start fewer processes.",
                "Rank 1 has another kind of device than rank 0: expected real (real), found idle (idle); start all "
                        + "processes with the same command, and on the same files.",
                "The loss is NaN in step 12, expected finite numbers, found others first in z_L on rank 2: training has "
                        + "diverged; begin anew with a lower train.lr. Step 10 is saved in " + run + ".",
                "Expected to be started without mpirun, which is for train and eval")) {
            var told = said.lines().filter(line -> line.startsWith("trm: ") && line.endsWith(refusal)).count();
            assertEquals(1, told, refusal + "\n" + said);
        }
        assertTrue(said.contains("Stopped; go on with trm train --resume " + second + "\n"), said);
        long saved = trained(second);
        assertTrue(Files.exists(second.resolve("checkpoints/step-" + saved)), said);

        var killed = start(Mpirun.OPEN_MPI, 2, Stream.of(
                "train", "--resume", "" + second, THEN,
                "eval", "" + second, "--halt", "--batch", "3", "--out", dir + "/halting2", THEN,
                "eval", "" + second, "--rollouts", "2", "--steps", "40", "--batch", "1", "--out", dir + "/rollouts2"));
        var predictions = dir.resolve("rollouts2/predictions.jsonl");
        await(killed, () -> lines(predictions) >= 2);
        var ranks = ranks(killed).toList();
        ranks.getLast().destroyForcibly();
        assertNotEquals(0, killed.status());
        // mpirun does not wait for those that it kills: one may have the folder's lock for a moment more.
        for (var rank : ranks) {
            rank.onExit().get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        }
        assertTrue(killed.said().contains("exited on signal 9 (Killed)"), killed.said());
        assertTrue(lines(predictions) < 20, "was done before it was killed");
        TinyRuns.assertSame(dir.resolve("straight"), second, 20);
        assertSamePredictions("halting");

        here("eval", "--resume", dir + "/rollouts2");
        assertSamePredictions("rollouts");
    }

    private void assertSamePredictions(String name) throws IOException {
        var file = Path.of("predictions.jsonl");
        assertEquals(-1, Files.mismatch(dir.resolve(name).resolve(file), dir.resolve(name + "2").resolve(file)), name);
    }

    private Mpirun.Job start(Mpirun mpirun, int ranks, Stream<String> commands) throws IOException {
        var words = Stream.concat(
                Stream.of(
                        // The Vector API takes the second compiler.
                        "-XX:TieredStopAtLevel=4", "--add-modules=jdk.incubator.vector", "-cp",
                        FaultyDevices.classPath(dir), CommandsMain.class.getName()),
                commands);
        return mpirun.start(dir.resolve(mpirun.name()), ranks, Map.of(), words.toArray(String[]::new));
    }

    static Stream<ProcessHandle> ranks(Mpirun.Job job) {
        return job.launcher().descendants().filter(each -> each.info().command().orElse("").endsWith("java"));
    }

    /** Has a command done in this process alone. */
    static void here(String... command) {
        var err = new StringWriter();
        var out = new PrintWriter(new StringWriter());
        assertEquals(0, Main.run(out, new PrintWriter(err, true), command), () -> List.of(command) + ": " + err);
    }

    static void await(Mpirun.Job job, BooleanSupplier moment) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!moment.getAsBoolean()) {
            assertTrue(job.launcher().isAlive() && System.nanoTime() < end, job.said());
            Thread.sleep(1);
        }
    }

    static int lines(Path file) {
        try (var lines = Files.lines(file)) {
            return (int) lines.count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static long trained(Path run) throws IOException {
        try (var lines = Files.lines(run.resolve("metrics.jsonl"))) {
            return lines.filter(line -> !line.contains("\"test\"")).count();
        }
    }
}
