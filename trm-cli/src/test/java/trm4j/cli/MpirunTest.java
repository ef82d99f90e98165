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

/** Runs in processes that mpirun starts together: what becomes of all when one ends, or when they are told to stop. */
class MpirunTest {

    private static final String CONFIG = TinyRuns.CONFIG.replace("steps: 12", "steps: 30")
            .replace("eval_interval: 6", "eval_interval: 10")
            .replace("batch_size: 8", "batch_size: 32, micro_batch: 8");
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @TempDir
    private Path dir;

    private Path run;

    @BeforeEach
    void prepare() throws IOException {
        run = dir.resolve("run");
        Files.writeString(dir.resolve("tiny.yaml"), CONFIG);
    }

    @Test
    void stoppedAndKilledTheyComeToTheEndOfOne() throws Exception {
        Mpirun.OPEN_MPI.assume();
        Mpirun.MPICH.assume();
        here("data", "sudoku", "--size", "4", "--train", "40", "--test", "20", "--out", dir + "/data");
        here("train", dir + "/tiny.yaml", "--data", dir + "/data", "--out", dir + "/straight");

        var stopped = start(Mpirun.MPICH, 3, "train", dir + "/tiny.yaml", "--data", dir + "/data", "--out", "" + run);
        await(stopped, () -> lines() >= 3);
        stopped.launcher().destroy();
        stopped.status();
        var said = stopped.said();
        assertTrue(said.contains("3 ranks on 1 machine, connected by MPICH "), said);
        assertTrue(said.contains("Stopped; go on with trm train --resume " + run + "\n"), said);
        int saved = steps();
        assertTrue(Files.exists(run.resolve("checkpoints/step-" + saved)), said);

        var killed = start(Mpirun.OPEN_MPI, 2, "train", "--resume", "" + run);
        await(killed, () -> lines() >= saved + 4);
        var ranks = killed.launcher().descendants()
                .filter(each -> each.info().command().orElse("").endsWith("java"))
                .toList();
        ranks.getLast().destroyForcibly();
        assertNotEquals(0, killed.status());
        // mpirun does not wait for those that it kills: one may have the folder's lock for a moment more.
        for (var rank : ranks) {
            rank.onExit().get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        }
        assertTrue(killed.said().contains("exited on signal 9 (Killed)"), killed.said());

        here("train", "--resume", "" + run);
        TinyRuns.assertSame(dir.resolve("straight"), run, 30);
    }

    /** Here, what all ranks find. */
    @Test
    void whatGoesWrongIsToldOnce() throws Exception {
        Mpirun.OPEN_MPI.assume();
        var job = start(Mpirun.OPEN_MPI, 2, "train", dir + "/tiny.yaml", "--data", dir + "/nowhere", "--out", "" + run);
        assertNotEquals(0, job.status());
        var told = job.said().lines().filter(line -> line.startsWith("trm: ")).toList();
        assertEquals(1, told.size(), job.said());
        assertTrue(told.getFirst().startsWith("trm: rank 0: ") && told.getFirst().contains("nowhere"), job.said());
    }

    private Mpirun.Job start(Mpirun mpirun, int ranks, String... command) throws IOException {
        var words = Stream.concat(
                Stream.of(
                        // The Vector API takes the second compiler.
                        "-XX:TieredStopAtLevel=4", "--add-modules=jdk.incubator.vector", Main.class.getName()),
                Stream.of(command));
        return mpirun.start(dir, ranks, Map.of(), words.toArray(String[]::new));
    }

    /** Has a command done in this process alone. */
    private void here(String... command) {
        var err = new StringWriter();
        var out = new PrintWriter(new StringWriter());
        assertEquals(0, Main.run(out, new PrintWriter(err, true), command), () -> List.of(command) + ": " + err);
    }

    private static void await(Mpirun.Job job, BooleanSupplier moment) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!moment.getAsBoolean()) {
            assertTrue(job.launcher().isAlive() && System.nanoTime() < end, job.said());
            Thread.sleep(1);
        }
    }

    private int lines() {
        try (var lines = Files.lines(run.resolve("metrics.jsonl"))) {
            return (int) lines.count();
        } catch (IOException e) {
            return 0;
        }
    }

    private int steps() throws IOException {
        try (var lines = Files.lines(run.resolve("metrics.jsonl"))) {
            return (int) lines.filter(line -> !line.contains("\"test\"")).count();
        }
    }
}
