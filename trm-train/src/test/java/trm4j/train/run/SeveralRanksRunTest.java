package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.kernels.UserException;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.Checkpoint;
import trm4j.model.Rollouts;
import trm4j.model.Selection;
import trm4j.model.SolvingPlan;
import trm4j.model.config.TrmConfig;
import trm4j.model.ranks.Ranks;
import trm4j.model.ranks.ThreadRanks;
import trm4j.train.data.Split;
import trm4j.train.eval.EvaluationRun;
import trm4j.train.eval.EvaluationSettings;
import trm4j.train.eval.EvaluationShare;
import trm4j.train.eval.Tries;
import trm4j.train.metrics.StepProgress;
import trm4j.train.puzzle.PuzzleFamilies;

/** Runs and evaluations by several ranks, which are threads here: their files are those of one process. */
class SeveralRanksRunTest {

    @TempDir
    private static Path dir;

    private static Path data;
    private static RunConfig config;
    private static final AtomicLong told = new AtomicLong();

    /** A run by one process, with what the others are compared. */
    @BeforeAll
    static void trainAlone() throws IOException {
        data = dir.resolve("puzzles");
        TinyRuns.makePuzzles(data);
        config = config("micro_batch: 2");
        assertTrue(train("one", 1, false, (_, _) -> false));
    }

    private static RunConfig config(String change) throws IOException {
        var file = dir.resolve("tiny.yaml");
        Files.writeString(file, TinyRuns.CONFIG.replace("batch_size: 8", "batch_size: 8, " + change));
        return RunConfig.read(file);
    }

    @Test
    void filesAreThoseOfOneProcess() throws IOException {
        for (int size : new int[] {2, 4}) {
            assertTrue(train("by" + size, size, false, (_, _) -> false));
            TinyRuns.assertSame(dir.resolve("one"), dir.resolve("by" + size), TinyRuns.STEPS);
        }
        evaluationsAreThoseOfOneProcess();
    }

    /** Told on any rank, at any time; and another number of ranks goes on. */
    @Test
    void allStopAndOthersGoOn() throws IOException {
        assertFalse(train("many", 3, false, (rank, step) -> rank == 2 && step >= 2));
        assertFalse(train("many", 2, true, (rank, step) -> rank == 0 && step >= 7));
        assertEquals(7, newest(dir.resolve("many")));
        assertFalse(train("many", 1, true, (_, step) -> step >= 9));
        assertTrue(train("many", 4, true, (_, _) -> false));
        TinyRuns.assertSame(dir.resolve("one"), dir.resolve("many"), TinyRuns.STEPS);
    }

    @Test
    void whatCannotBeWrittenEndsAll() throws IOException {
        var full = new Disk() {
            @Override
            void rename(Path from, Path to) throws IOException {
                if (to.endsWith("step-6")) {
                    throw new IOException("no space left");
                }
                super.rename(from, to);
            }
        };
        var refusal = assertThrows(UserException.class, () -> ThreadRanks.run(3, ranks ->
                train(ranks, "full", false, (_, _) -> false, full)));
        assertTrue(refusal.getMessage().contains("step-6 cannot be written: no space left. Step 5 is saved"),
                refusal.getMessage());
        assertTrue(train("full", 2, true, (_, _) -> false));
        TinyRuns.assertSame(dir.resolve("one"), dir.resolve("full"), TinyRuns.STEPS);
    }

    @Test
    void ranksThatWereToldOtherThingsAreRefused() throws IOException {
        var other = config("micro_batch: 2, weight_decay: 0.5");
        assertRefused("Rank 1 has another configuration than rank 0: expected weight_decay: 1.0, found weight_decay: "
                + "0.5; start all processes with the same command, and on the same files.", ranks ->
                new Training(ranks.isFirst() ? config : other, TrainingData.of(data), TestDevices.cpu(1), ranks));
        var moved = dir.resolve("moved");
        TinyRuns.makePuzzles(moved);
        var labels = moved.resolve("train/all__labels.npy");
        var bytes = Files.readAllBytes(labels);
        bytes[bytes.length - 1] ^= 1;
        Files.write(labels, bytes);
        assertRefused("Rank 1 has another data set than rank 0: expected train/all__labels.npy of ", ranks -> new Training(
                config, TrainingData.of(ranks.isFirst() ? data : moved), TestDevices.cpu(1), ranks));
        var whole = config("micro_batch: 0");
        assertRefused("train.micro_batch: 2 processes share a batch of 8 puzzles, ", ranks ->
                new Training(whole, TrainingData.of(data), TestDevices.cpu(1), ranks));
    }

    private interface Opening {

        Training open(Ranks ranks) throws IOException;
    }

    private static void assertRefused(String beginning, Opening opening) {
        var heard = ThreadRanks.call(2, ranks -> assertThrows(UserException.class, () -> opening.open(ranks)));
        heard.forEach(refusal -> assertTrue(refusal.getMessage().startsWith(beginning), refusal.getMessage()));
    }

    private static boolean train(String run, int size, boolean resume, BiPredicate<Integer, Long> stop) {
        told.set(0);
        var done = ThreadRanks.call(size, ranks -> train(ranks, run, resume, stop, new Disk()));
        assertEquals(1, done.stream().distinct().count());
        return done.getFirst();
    }

    /** @param stop asked with the rank, and the steps that rank 0 has told of */
    private static boolean train(Ranks ranks, String run, boolean resume, BiPredicate<Integer, Long> stop, Disk disk) {
        var path = dir.resolve(run);
        try (var folder = !ranks.isFirst() ? RunFolder.following(path)
                        : resume ? RunFolder.resume(path) : RunFolder.create(path);
                var training = new Training(config, TrainingData.of(data), TestDevices.cpu(1), ranks)) {
            return training.run(folder, "test", new Training.Listener() {
                @Override
                public void step(StepProgress progress) {
                    assertTrue(ranks.isFirst());
                    told.set(progress.step());
                }
            }, () -> stop.test(ranks.rank(), told.get()), disk);
        }
    }

    private static long newest(Path run) {
        return new CheckpointFolder(Training.checkpoint(run).getParent()).step();
    }

    /** With halting, which puzzles are done in another order, and without; by rollouts; interrupted. */
    private void evaluationsAreThoseOfOneProcess() throws IOException {
        var rollouts = new Tries(new Rollouts(3, 0.5, 7, Selection.MODE, Rollouts.ONE.sure()), Optional.empty());
        isThatOfOneProcess("plain", Tries.ONE, false);
        isThatOfOneProcess("halting", Tries.ONE, true);
        isThatOfOneProcess("rollouts", rollouts, true);
    }

    private void isThatOfOneProcess(String name, Tries tries, boolean halting) throws IOException {
        assertTrue(evaluate(name, 1, 5, tries, halting, false, Integer.MAX_VALUE));
        assertTrue(evaluate(name + "-by3", 3, 3, tries, halting, false, Integer.MAX_VALUE));
        assertSameEvaluation(name, name + "-by3");
        assertFalse(evaluate(name + "-stopped", 3, 3, tries, halting, false, 2));
        assertTrue(evaluate(name + "-stopped", 2, 3, tries, halting, true, Integer.MAX_VALUE));
        assertSameEvaluation(name, name + "-stopped");
    }

    private void assertSameEvaluation(String expected, String found) throws IOException {
        for (var file : List.of("predictions.jsonl", "settings.json")) {
            assertEquals(-1, Files.mismatch(
                    dir.resolve(expected).resolve(file), dir.resolve(found).resolve(file)), found + "/" + file);
        }
        assertEquals(
                Files.readString(dir.resolve(expected).resolve("evaluation.json")).replaceAll("\"puzzles_per_s\".*", ""),
                Files.readString(dir.resolve(found).resolve("evaluation.json")).replaceAll("\"puzzles_per_s\".*", ""));
    }

    /** @param steps after which the last rank is told to stop */
    private boolean evaluate(
            String name, int size, int batch, Tries tries, boolean halting, boolean resume, int steps) {
        var file = Training.checkpoint(dir.resolve("one"));
        return ThreadRanks.call(size, ranks -> {
            int[] asked = {0};
            var device = TestDevices.cpu(1);
            if (!ranks.isFirst()) {
                try (var share = EvaluationShare.open(ranks, Checkpoint::load)) {
                    share.run(
                            () -> plan(share.model(), batch, tries).open(share.model().tensors()),
                            () -> ranks.rank() == size - 1 && ++asked[0] > steps);
                    return true;
                }
            }
            var model = Checkpoint.load(file);
            var settings = new EvaluationSettings(
                    file, data, Split.TEST, 3, halting, 0, TrmConfig.Dtype.FLOAT32, tries);
            try (var run = EvaluationRun.open(
                    dir.resolve(name), settings, model, PuzzleFamilies.ofSizes(16, 6), resume)) {
                run.share(ranks);
                return run.run(
                        () -> plan(run.model(), batch, tries).open(run.model().tensors()), (_, _) -> { }, () -> false)
                        .isPresent();
            }
        }).getFirst();
    }

    private static SolvingPlan plan(Checkpoint model, int batch, Tries tries) {
        return new SolvingPlan(
                TestDevices.cpu(1), model.config(), model.train().loss(), batch * tries.rollouts().count(),
                tries.rollouts().noise() > 0);
    }
}
