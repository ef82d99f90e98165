package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.contract.TestDevices;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Halting;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;
import trm4j.model.file.HostTensor;
import trm4j.model.net.Parameters;

/** Puzzles that share a solver's slots, against each puzzle on a solver of its own. */
class BatchSolverTest {

    static final int PUZZLES = 23;
    static final TrmConfig CONFIG = config(20, true);

    @ParameterizedTest
    @CsvSource({"1, 6, true", "4, 6, true", "30, 6, true", "4, 6, false", "5, 11, true", "5, 1, true"})
    void aPuzzleGoesAsItWouldAlone(int slots, int steps, boolean halting) {
        var puzzles = puzzles();
        var found = new TreeMap<Integer, Solution>();
        try (var solver = new Solver(TestDevices.cpu(), CONFIG, TrainConfig.Loss.STABLEMAX, slots, weights())) {
            var batches = new BatchSolver(solver, steps, halting);
            batches.solve(IntStream.range(0, 9).iterator(), puzzles::get, (n, puzzle, it) -> found.put(n, it));
            batches.solve(IntStream.range(9, PUZZLES).iterator(), puzzles::get, (n, puzzle, it) -> found.put(n, it));
        }
        assertEquals(PUZZLES, found.size());
        try (var solver = new Solver(TestDevices.cpu(), CONFIG, TrainConfig.Loss.STABLEMAX, 1, weights())) {
            found.forEach((number, solution) ->
                    assertSame(alone(solver, puzzles.get(number), steps, halting), solution));
        }
        var taken = found.values().stream().map(Solution::steps).collect(Collectors.toSet());
        assertEquals(halting && steps > 1, taken.size() > 2, "some halt early, some do not: " + taken);
    }

    /** On a device that does not compile, as few slots as do: a step of 16 slots for two puzzles would take as long. */
    @Test
    void slotsThatNoPuzzleIsLeftForAreNotComputed() {
        var puzzles = puzzles();
        var slots = new ArrayList<Integer>();
        try (var solver = new Solver(TestDevices.cpu(), CONFIG, TrainConfig.Loss.STABLEMAX, 16, weights())) {
            for (int count : new int[] {2, PUZZLES}) {
                slots.clear();
                var solved = new ArrayList<Integer>();
                new BatchSolver(solver, 6, true).solve(
                        IntStream.range(0, count).iterator(), puzzles::get, (n, _, _) -> solved.add(n), () -> {
                            slots.add(solver.slots());
                            return false;
                        });
                assertEquals(count, solved.size());
                assertEquals(count == 2 ? 4 : 16, slots.getFirst());
            }
        }
        assertTrue(slots.getLast() < 16, "the last are solved in fewer slots: " + slots);
    }

    /** The same by hand, with what {@link Solver} says after each step. */
    private static Solution alone(Solver solver, Example puzzle, int steps, boolean halting) {
        solver.start(new Batch(puzzle.inputs(), puzzle.labels(), new int[] {puzzle.puzzleIdentifier()}));
        var logits = new ArrayList<Float>();
        var changes = new ArrayList<Float>();
        var right = new ArrayList<Integer>();
        Solver.Answers answers;
        int haltedAt = 0;
        do {
            answers = solver.step();
            var predictions = answers.predictions();
            logits.add(answers.q()[0]);
            changes.add(answers.changes()[0]);
            haltedAt = haltedAt == 0 && answers.halts(0) ? logits.size() : haltedAt;
            right.add((int) IntStream.range(0, 7).filter(i -> predictions[i] == puzzle.labels()[i]).count());
        } while (logits.size() < steps && !(halting && answers.halts(0)));
        return new Solution(
                answers.predictions(), array(logits), array(changes), haltedAt,
                right.stream().mapToInt(i -> i).toArray(),
                (int) Arrays.stream(puzzle.labels()).filter(label -> label >= 0).count(), answers.loss()[0]);
    }

    private static float[] array(List<Float> list) {
        var values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i);
        }
        return values;
    }

    static void assertSame(Solution expected, Solution found) {
        assertArrayEquals(expected.tokens(), found.tokens());
        assertArrayEquals(expected.haltLogits(), found.haltLogits());
        assertArrayEquals(expected.changes(), found.changes());
        assertEquals(expected.haltedAt(), found.haltedAt());
        assertArrayEquals(expected.right(), found.right());
        assertEquals(expected.labelled(), found.labelled());
        assertEquals(expected.loss(), found.loss());
    }

    /** Who halts in an evaluation is who halts in training on the same logits, by either rule. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEvaluationHaltsAsTrainingDoes(boolean noActContinue) {
        var config = config(20, noActContinue);
        var weights = weights();
        var puzzles = puzzles();
        var found = new Solution[PUZZLES];
        var free = new Solution[PUZZLES];
        try (var solver = new Solver(TestDevices.cpu(), config, TrainConfig.Loss.STABLEMAX, 5, weights)) {
            new BatchSolver(solver, 6, true).solve(
                    IntStream.range(0, PUZZLES).iterator(), puzzles::get, (n, puzzle, it) -> found[n] = it);
            new BatchSolver(solver, 6, false).solve(
                    IntStream.range(0, PUZZLES).iterator(), puzzles::get, (n, puzzle, it) -> free[n] = it);
        }
        var halts = new ArrayList<Integer>();
        try (var solver = new Solver(TestDevices.cpu(), config, TrainConfig.Loss.STABLEMAX, 1, weights)) {
            for (int i = 0; i < PUZZLES; i++) {
                int expected = haltsInTraining(solver, puzzles.get(i), !noActContinue);
                halts.add(expected);
                assertEquals(expected, found[i].haltedAt());
                assertEquals(expected, free[i].haltedAt());
                assertEquals(expected == 0 ? 6 : expected, found[i].steps());
                assertEquals(6, free[i].steps());
            }
        }
        assertTrue(halts.stream().distinct().count() > 2, "some halt early, some late or never: " + halts);
        var byZero = Arrays.stream(free).map(it -> firstAboveZero(it.haltLogits())).toList();
        assertEquals(noActContinue, halts.equals(byZero), "the continue logits matter: " + halts + ", " + byZero);
    }

    private static int firstAboveZero(float[] haltLogits) {
        return IntStream.rangeClosed(1, haltLogits.length).filter(i -> haltLogits[i - 1] > 0).findFirst().orElse(0);
    }

    /** The step after which the device's operation halts a puzzle; 0 if after none of 6. */
    private static int haltsInTraining(Solver solver, Example puzzle, boolean againstContinue) {
        var q = Buffer.floats("q", 1, 2);
        var minSteps = Buffer.ints("minSteps", 1);
        var steps = Buffer.ints("steps", 1);
        var halted = Buffer.ints("halted", 1);
        var schedule = Schedule.named("halt").run(new Program("halt", new Halting.Step(
                q.all(), minSteps.all(), steps.all(), halted.all(), 100, againstContinue))).build();
        try (var execution = TestDevices.cpu().open(List.of(schedule))) {
            solver.start(new Batch(puzzle.inputs(), puzzle.labels(), new int[] {puzzle.puzzleIdentifier()}));
            for (int step = 1; step <= 6; step++) {
                execution.write(q, solver.step().q());
                execution.run(schedule);
                if (execution.ints(halted)[0] == 1) {
                    return step;
                }
            }
            return 0;
        }
    }

    @Test
    void theLibraryLoadsAndSolves(@TempDir Path dir) {
        var file = dir.resolve("model.safetensors");
        new Checkpoint(CONFIG, TrainConfig.PAPER, 1, weights()).save(file);
        var puzzles = puzzles().stream().map(Example::inputs).toList();
        try (var one = Trm.load(file); var many = Trm.load(file, TestDevices.cpu(), 4)) {
            var together = many.solve(puzzles);
            for (int i = 0; i < PUZZLES; i++) {
                assertSame(one.solve(puzzles.get(i)), together.get(i));
            }
            assertTrue(together.stream().allMatch(it -> it.haltProbability() > 0.5 || it.steps() == 6));
            assertEquals(9, one.solve(List.of(puzzles().getFirst()), 9, false).getFirst().steps());
            assertThrows(IllegalArgumentException.class, () -> one.solve(new int[6]));
            assertThrows(IllegalArgumentException.class, () -> one.solve(new int[] {0, 1, 2, 3, 4, 5, 0}));
            var unknown = new Example(new int[7], new int[7], 4);
            assertThrows(IllegalArgumentException.class, () -> one.solve(List.of(unknown), 1, false));
        }
    }

    /** No table leaves its positions empty, as a table of zeros does. */
    @Test
    void solvesWithoutAPuzzleTable() {
        var withoutTable = config(0, true);
        var weights = weights();
        Arrays.fill(weights.get(Parameters.PUZZLES).values(), 0);
        var expected = solutions(CONFIG, weights);
        weights.remove(Parameters.PUZZLES);
        var found = solutions(withoutTable, weights);
        for (int i = 0; i < PUZZLES; i++) {
            assertSame(expected[i], found[i]);
        }
    }

    static Solution[] solutions(TrmConfig config, Map<String, HostTensor> weights) {
        var solutions = new Solution[PUZZLES];
        try (var solver = new Solver(TestDevices.cpu(), config, TrainConfig.Loss.STABLEMAX, 5, weights)) {
            new BatchSolver(solver, 6, true).solve(
                    IntStream.range(0, PUZZLES).iterator(), puzzles()::get, (n, puzzle, it) -> solutions[n] = it);
        }
        return solutions;
    }

    private static TrmConfig config(int puzzleWidth, boolean noActContinue) {
        return TrmConfig.PAPER.forPuzzles(7, 5, 4).with(arch -> {
            arch.puzzleEmbNdim = puzzleWidth;
            arch.puzzleEmbLen = 2;
            arch.hCycles = 1;
            arch.lCycles = 2;
            arch.lLayers = 1;
            arch.hiddenSize = 18;
            arch.numHeads = 3;
            arch.haltMaxSteps = 6;
            arch.noActContinue = noActContinue;
        });
    }

    static List<Example> puzzles() {
        var random = new SplittableRandom(5);
        return IntStream.range(0, PUZZLES)
                .mapToObj(i -> new Example(
                        random.ints(7, 0, 5).toArray(),
                        random.ints(7, -1, 5).map(label -> label < 0 ? Batch.NO_LABEL : label).toArray(),
                        i < 12 ? 0 : random.nextInt(4)))
                .toList();
    }

    /** Weights with which some puzzles halt sooner than others. */
    static Map<String, HostTensor> weights() {
        var weights = new Parameters(CONFIG).initialize(2);
        var random = new SplittableRandom(9);
        var q = weights.get(Parameters.Q_HEAD).values();
        for (int i = 0; i < q.length; i++) {
            q[i] = (float) random.nextGaussian();
        }
        Arrays.fill(weights.get(Parameters.Q_BIAS).values(), -1.5f);
        var table = weights.get(Parameters.PUZZLES).values();
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) random.nextGaussian();
        }
        return weights;
    }
}
