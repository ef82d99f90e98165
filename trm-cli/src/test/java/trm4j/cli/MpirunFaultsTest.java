package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.mpi.Mpirun;
import trm4j.train.run.TinyRuns;

/**
 * What happens to one of the processes that mpirun started ends all: soon, with one sentence that names it, a status that is
 * not 0, and whole checkpoints. The jobs run beside each other, since most of their time they wait to be ended.
 */
class MpirunFaultsTest {

    private static final String CONFIG = TinyRuns.CONFIG.replace("steps: 12", "steps: 10000")
            .replace("eval_interval: 6", "eval_interval: 0")
            .replace("batch_size: 8", "batch_size: 8, micro_batch: 2");
    /** What mpirun says of a rank that is killed. */
    private static final Map<Mpirun, String> KILLED = Map.of(
            Mpirun.OPEN_MPI, "mpirun noticed that process rank RANK .* exited on signal 9 \\(Killed\\)",
            Mpirun.MPICH, "mpirun names a rank that is killed by its process: .*rank RANK is (\\d+)[,.](?s:.*)"
                    + "PID \\1 RUNNING AT .*\n=   EXIT CODE: 9");
    private static final String STARTED = "PID \\d+ RUNNING AT .*\n=   EXIT CODE: 9";
    private static final int STEPS = 12;

    @TempDir
    private Path dir;

    /**
     * A job to which something happens.
     *
     * @param devices of the two ranks: two words
     * @param signal that the test sends; nothing if the device does
     * @param told what is to be told: a pattern
     * @param saved the step that is saved last; -1 if nothing is
     */
    private record Fault(Mpirun mpirun, String devices, String signal, String told, int saved) {

        boolean isAtStart() {
            return saved < 0;
        }
    }

    private static List<Fault> faults() {
        return List.of(
                new Fault(Mpirun.OPEN_MPI, "idle,idle:full@step", "", "trm: rank 1: The Java heap of \\d+ MiB is full; ", 10),
                new Fault(Mpirun.MPICH, "idle,idle:broken@save", "", "trm: rank 1: This should not have happened: ", 5),
                new Fault(Mpirun.OPEN_MPI, "idle:killed@save,idle", "", killed(Mpirun.OPEN_MPI, 0), 5),
                new Fault(Mpirun.MPICH, "idle,idle:killed@step", "", killed(Mpirun.MPICH, 1), 10),
                new Fault(Mpirun.OPEN_MPI, "idle", "KILL", killed(Mpirun.OPEN_MPI, 0), -1),
                new Fault(Mpirun.MPICH, "idle", "KILL", STARTED, -1),
                new Fault(Mpirun.OPEN_MPI, "idle", "INT", "Stopped; go on with trm train --resume ", 0));
    }

    private static String killed(Mpirun mpirun, int rank) {
        return KILLED.get(mpirun).replace("RANK", Integer.toString(rank));
    }

    @Test
    void whatHappensToOneEndsAll() throws Exception {
        Mpirun.OPEN_MPI.assume();
        Mpirun.MPICH.assume();
        var config = dir.resolve("tiny.yaml");
        Files.writeString(config, CONFIG);
        MpirunTest.here("data", "sudoku", "--size", "4", "--train", "40", "--test", "0", "--out", dir + "/data");
        var faults = faults();
        var jobs = new ArrayList<Mpirun.Job>();
        for (int i = 0; i < faults.size(); i++) {
            var fault = faults.get(i);
            jobs.add(fault.mpirun.start(
                    dir.resolve("job" + i), 2, Map.of(), "-cp", FaultyDevices.classPath(dir), Main.class.getName(),
                    "train", config.toString(), "--data", dir + "/data", "--out", "" + run(i), "--device",
                    fault.devices));
        }
        for (int i = 0; i < faults.size(); i++) {
            if (!faults.get(i).signal.isEmpty()) {
                send(faults.get(i), jobs.get(i), run(i));
            }
        }
        for (int i = 0; i < faults.size(); i++) {
            endedWell(faults.get(i), jobs.get(i), run(i));
        }
    }

    private Path run(int job) {
        return dir.resolve("run" + job);
    }

    private static void send(Fault fault, Mpirun.Job job, Path run) throws Exception {
        var process = job.launcher().toHandle();
        if (fault.isAtStart()) {
            MpirunTest.await(job, () -> MpirunTest.ranks(job).count() > 1);
            process = MpirunTest.ranks(job).findFirst().orElseThrow();
        } else {
            MpirunTest.await(job, () -> MpirunTest.lines(run.resolve("metrics.jsonl")) > STEPS);
        }
        new ProcessBuilder("kill", "-" + fault.signal, Long.toString(process.pid())).start().waitFor();
    }

    private static void endedWell(Fault fault, Mpirun.Job job, Path run) throws Exception {
        var ranks = MpirunTest.ranks(job).toList();
        assertNotEquals(0, job.status(), fault + job.said());
        for (var rank : ranks) {
            rank.onExit().get(10, TimeUnit.SECONDS);
        }
        var said = job.said();
        assertTrue(Pattern.compile(fault.told).matcher(said).find(), fault + said);
        assertEquals(fault.told.startsWith("trm: ") ? 1 : 0, said.lines().filter(line -> line.startsWith("trm: ")).count(),
                fault + said);
        if (fault.isAtStart()) {
            assertTrue(Files.notExists(run.resolve("config.yaml")), fault + said);
            return;
        }
        long steps = fault.signal.isEmpty() ? fault.saved : MpirunTest.lines(run.resolve("metrics.jsonl"));
        assertTrue(Files.isDirectory(run.resolve("checkpoints/step-" + steps)), fault + said);
        MpirunTest.here("train", "--resume", "" + run, "--steps", Long.toString(steps + 3));
        assertSteps(run, steps + 3);
    }

    /** Each step stands there once. */
    private static void assertSteps(Path run, long steps) throws IOException {
        var lines = Files.readAllLines(run.resolve("metrics.jsonl"));
        assertEquals(steps, lines.size());
        assertTrue(IntStream.range(0, lines.size()).allMatch(i -> lines.get(i).startsWith("{\"step\":" + (i + 1) + ",")),
                lines.getFirst());
    }
}
