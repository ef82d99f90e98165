package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.mpi.Mpirun;
import trm4j.train.run.TinyRuns;

/**
 * What happens to one of the processes that mpirun started ends all: soon, with one sentence that names it, a status that is
 * not 0, and whole checkpoints. Some jobs run beside each other, since they wait to be ended for much of their time.
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
    private static final String STOPPED = "Stopped; go on with trm train --resume ";
    private static final int STEPS = 12;
    private static final int TOGETHER = 4;

    @TempDir
    private Path dir;

    /**
     * A job to which something happens.
     *
     * @param devices of the two ranks: two words
     * @param signal that the test sends, to mpirun or, if it kills, to one rank; nothing if the device strikes
     * @param told what is to be told: a pattern
     * @param saved the step that is saved last; -1 if nothing is, since it happens while ranks start
     * @param data the folder with the data set
     * @param environment further variables
     */
    private record Fault(
            Mpirun mpirun, String devices, String signal, String told, int saved, String data,
            Map<String, String> environment) {

        Fault(Mpirun mpirun, String devices, String signal, String told, int saved) {
            this(mpirun, devices, signal, told, saved, "data", Map.of());
        }

        boolean isAtStart() {
            return saved < 0;
        }

        /** Whether mpirun is told to end, and hands it on to its ranks. */
        boolean isToAll() {
            return signal.equals("INT") || signal.equals("TERM");
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
                // What all find; after they are connected, and before.
                new Fault(
                        Mpirun.OPEN_MPI, "idle", "",
                        "trm: rank 0: .*/nowhere has no folder train, expected a dataset with ", -1, "nowhere",
                        Map.of()),
                new Fault(
                        Mpirun.MPICH, "idle", "",
                        "trm: MPI could not be loaded from nowhere/libmpi.so, which TRM_MPI names; expected the libmpi "
                                + "of mpirun, which started 2 ranks.", -1, "data",
                        Map.of("TRM_MPI", "nowhere/libmpi.so")),
                new Fault(Mpirun.OPEN_MPI, "idle", "INT", "", -1),
                new Fault(Mpirun.MPICH, "idle", "TERM", "", -1),
                new Fault(Mpirun.OPEN_MPI, "idle", "INT", STOPPED, 0),
                new Fault(Mpirun.OPEN_MPI, "idle", "TERM", STOPPED, 0),
                new Fault(Mpirun.MPICH, "idle", "INT", STOPPED, 0));
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
        var classPath = FaultyDevices.classPath(dir);
        var faults = faults();
        try (var threads = Executors.newFixedThreadPool(TOGETHER)) {
            var said = new ArrayList<Future<String>>();
            for (int i = 0; i < faults.size(); i++) {
                var fault = faults.get(i);
                var run = run(i);
                var folder = dir.resolve("job" + i);
                said.add(threads.submit(() -> said(fault, run, fault.mpirun.start(
                        folder, 2, fault.environment, "-cp", classPath, Main.class.getName(), "train", "" + config,
                        "--data", "" + dir.resolve(fault.data), "--out", "" + run, "--device", fault.devices))));
            }
            for (int i = 0; i < faults.size(); i++) {
                endedWell(faults.get(i), said.get(i).get(), run(i));
            }
        }
    }

    private Path run(int job) {
        return dir.resolve("run" + job);
    }

    private static void send(Fault fault, Mpirun.Job job, Path run) throws Exception {
        var process = job.launcher().toHandle();
        if (fault.isAtStart()) {
            process = fault.signal.equals("KILL") ? MpirunTest.ranks(job).findFirst().orElseThrow() : process;
        } else {
            MpirunTest.await(job, () -> MpirunTest.lines(run.resolve("metrics.jsonl")) > STEPS);
        }
        new ProcessBuilder("kill", "-" + fault.signal, Long.toString(process.pid())).start().waitFor();
    }

    /** Has something happen, and returns what was said until all had ended. */
    private static String said(Fault fault, Path run, Mpirun.Job job) throws Exception {
        if (!fault.signal.isEmpty() || !fault.isAtStart()) {
            MpirunTest.await(job, () -> MpirunTest.ranks(job).count() > 1);
        }
        // mpirun does not wait for those that it kills: one may have the folder's lock for a moment more.
        var ranks = MpirunTest.ranks(job).toList();
        if (!fault.signal.isEmpty()) {
            send(fault, job, run);
        }
        int status = job.status();
        // MPICH's mpirun may take it for well that ranks end by the signal that it was sent itself, at any moment.
        assertTrue(status != 0 || fault.mpirun == Mpirun.MPICH && fault.isToAll(), fault + job.said());
        for (var rank : ranks) {
            rank.onExit().get(10, TimeUnit.SECONDS);
        }
        return job.said();
    }

    private static void endedWell(Fault fault, String said, Path run) throws Exception {
        assertTrue(Pattern.compile(fault.told).matcher(said).find(), fault + said);
        assertEquals(fault.told.startsWith("trm: ") ? 1 : 0, said.lines().filter(line -> line.startsWith("trm: ")).count(),
                fault + said);
        assertFalse(said.contains("are done"), fault + said);
        if (fault.isAtStart()) {
            // mpirun hands signals on in its own time: the run may have begun by then.
            boolean begun = Files.exists(run.resolve("config.yaml"));
            assertTrue(!begun || fault.isToAll(), fault + said);
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
