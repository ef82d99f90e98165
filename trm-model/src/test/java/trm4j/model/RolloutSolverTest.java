package trm4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import trm4j.kernels.contract.TestDevices;
import trm4j.model.RolloutSolver.Outcome;
import trm4j.model.config.TrainConfig;
import trm4j.model.config.TrmConfig;

/** Rollouts, against solving each by itself, and one choice against another. */
class RolloutSolverTest {

    private static final int STEPS = 6;
    private static final double NOISE = 0.7;
    /** Accepts about a third of all answers. */
    private static final BiPredicate<Example, int[]> RULES = (puzzle, answer) -> Arrays.stream(answer).sum() % 3 == 0;

    private static Rollouts rollouts(int count, double noise, Selection selection, double sure) {
        return new Rollouts(count, noise, 11, selection, sure);
    }

    private static TreeMap<Integer, Outcome> solve(
            int slots, boolean halting, Rollouts rollouts, List<Disguise> disguises, List<Integer> order) {
        return solve(BatchSolverTest.CONFIG, slots, halting, rollouts, disguises, order);
    }

    private static TreeMap<Integer, Outcome> solve(
            TrmConfig config, int slots, boolean halting, Rollouts rollouts, List<Disguise> disguises,
            List<Integer> order) {
        var found = new TreeMap<Integer, Outcome>();
        var puzzles = BatchSolverTest.puzzles();
        var plan = new SolvingPlan(
                TestDevices.cpu(), config, TrainConfig.Loss.STABLEMAX, slots, rollouts.noise() > 0);
        try (var solver = plan.open(BatchSolverTest.weights())) {
            new RolloutSolver(solver, STEPS, halting, rollouts, disguises, RULES).solve(
                    order.stream().mapToInt(i -> i).iterator(), puzzles::get,
                    (number, puzzle, outcome) -> found.put(number, outcome), () -> false);
        }
        assertEquals(order.size(), found.size());
        return found;
    }

    private static List<Integer> all() {
        return IntStream.range(0, BatchSolverTest.PUZZLES).boxed().toList();
    }

    private static List<Integer> shuffled() {
        var order = new ArrayList<>(all());
        Collections.shuffle(order, new Random(3));
        return order;
    }

    @Test
    void oneWithoutNoiseIsWhatBatchSolverGives() {
        var expected = BatchSolverTest.solutions(BatchSolverTest.CONFIG, BatchSolverTest.weights());
        solve(5, true, Rollouts.ONE, List.of(), all()).forEach((number, outcome) -> {
            BatchSolverTest.assertSame(expected[number], outcome.solution());
            assertEquals(1, outcome.rollouts().size());
        });
    }

    /** Whatever the slots, and the order of the puzzles: the same answers by the same rollouts, to the bit. */
    @ParameterizedTest
    @EnumSource
    void answersDependOnNothingButThePuzzle(Selection selection) {
        var settings = rollouts(4, NOISE, selection, selection == Selection.Q ? 0.9 : 1);
        var expected = solve(4, true, settings, List.of(), all());
        for (int slots : new int[] {7, 40}) {
            var found = solve(slots, true, settings, List.of(), shuffled());
            expected.forEach((number, outcome) -> {
                var other = found.get(number);
                assertEquals(outcome.rollouts(), other.rollouts(), "puzzle " + number);
                assertEquals(outcome.chosen(), other.chosen());
                BatchSolverTest.assertSame(outcome.solution(), other.solution());
            });
        }
        assertTrue(expected.values().stream().anyMatch(outcome -> outcome.chosen() > 0));
    }

    /** A rollout is the same however many there are, and by itself no other rollout's twin. */
    @Test
    void rolloutsAreDrawnOneByOne() {
        var two = solve(8, false, rollouts(2, NOISE, Selection.CONVERGED, 1), List.of(), all());
        var four = solve(8, false, rollouts(4, NOISE, Selection.CONVERGED, 1), List.of(), all());
        two.forEach((number, outcome) ->
                assertEquals(outcome.rollouts(), four.get(number).rollouts().subList(0, 2)));
        for (var outcome : four.values()) {
            assertEquals(4, outcome.rollouts().stream().map(Rollout::haltLogit).distinct().count());
        }
        var quiet = solve(8, false, rollouts(2, 0, Selection.CONVERGED, 1), List.of(), all());
        quiet.values().forEach(it -> assertEquals(it.rollouts().get(0), it.rollouts().get(1)));
        two.forEach((number, outcome) ->
                assertNotEquals(quiet.get(number).rollouts().getFirst(), outcome.rollouts().getFirst()));
    }

    /** States of bfloat16 get the same noise, which is rounded with them. */
    @Test
    void roundedStatesGetNoiseToo() {
        var rounded = BatchSolverTest.CONFIG.with(arch -> arch.forwardDtype = TrmConfig.Dtype.BFLOAT16);
        var settings = rollouts(3, NOISE, Selection.Q, 1);
        var expected = solve(8, false, settings, List.of(), all());
        var found = solve(rounded, 8, false, settings, List.of(), all());
        var quiet = solve(rounded, 8, false, rollouts(1, 0, Selection.Q, 1), List.of(), all());
        double apart = 0;
        double moved = 0;
        for (int number : all()) {
            float logit = found.get(number).rollouts().getFirst().haltLogit();
            apart += Math.abs(expected.get(number).rollouts().getFirst().haltLogit() - logit);
            moved += Math.abs(quiet.get(number).rollouts().getFirst().haltLogit() - logit);
        }
        assertTrue(0 < apart && 4 * apart < moved, "by rounding " + apart + ", by noise " + moved);
        solve(rounded, 40, false, settings, List.of(), shuffled()).forEach((number, outcome) ->
                assertEquals(found.get(number).rollouts(), outcome.rollouts()));
    }

    /** Rollouts after the first that the rules accept are neither waited for nor counted. */
    @Test
    void rulesEndWithTheFirstThatTheyAccept() {
        var full = solve(8, true, rollouts(6, NOISE, Selection.MODE, 1), List.of(), all());
        var found = solve(8, true, rollouts(6, NOISE, Selection.RULES, 1), List.of(), all());
        int early = 0;
        for (int number : all()) {
            var outcome = found.get(number);
            int count = outcome.rollouts().size();
            early += count < 6 ? 1 : 0;
            for (int i = 0; i < count; i++) {
                assertEquals(full.get(number).rollouts().get(i).haltLogit(), outcome.rollouts().get(i).haltLogit());
                assertEquals(i == count - 1 && count < 6, outcome.rollouts().get(i).accepted() && count < 6);
            }
            assertEquals(
                    outcome.rollouts().get(outcome.chosen()).accepted(),
                    RULES.test(null, outcome.solution().tokens()));
        }
        assertTrue(early > BatchSolverTest.PUZZLES / 2, early + " ended early");
    }

    /** They race in step with each other, so all have taken as many when one halts. */
    @Test
    void theFirstThatHaltsEndsTheOthers() {
        var free = solve(8, true, rollouts(3, NOISE, Selection.MODE, 1), List.of(), all());
        for (var each : solve(8, false, rollouts(3, NOISE, Selection.FIRST, 1), List.of(), all()).entrySet()) {
            var alone = free.get(each.getKey()).rollouts();
            int least = alone.stream().mapToInt(Rollout::steps).min().orElseThrow();
            assertEquals(3 * least, each.getValue().steps());
            assertEquals(least, each.getValue().solution().steps());
            var chosen = alone.get(each.getValue().chosen());
            assertEquals(least, chosen.steps());
            assertEquals(alone.stream().anyMatch(it -> it.haltedAt() > 0), chosen.haltedAt() > 0);
        }
    }

    @Test
    void disguisesAreTakenOffAgain() {
        var disguises = List.<Disguise>of(rotated(0), rotated(2), rotated(5));
        var settings = rollouts(3, 0, Selection.MODE, 1);
        var puzzles = BatchSolverTest.puzzles();
        var found = solve(6, false, settings, disguises, all());
        for (int i = 1; i < 3; i++) {
            int rollout = i;
            try (var solver = new SolvingPlan(
                    TestDevices.cpu(), BatchSolverTest.CONFIG, TrainConfig.Loss.STABLEMAX, 4)
                    .open(BatchSolverTest.weights())) {
                new BatchSolver(solver, STEPS, false).solve(
                        all().stream().mapToInt(n -> n).iterator(), n -> disguises.get(rollout).apply(puzzles.get(n)),
                        (number, puzzle, solution) -> {
                            var outcome = found.get(number);
                            var one = outcome.rollouts().get(rollout);
                            assertEquals(solution.haltLogits()[STEPS - 1], one.haltLogit());
                            assertEquals(solution.right()[STEPS - 1], one.right());
                            if (outcome.chosen() == rollout) {
                                assertArrayEquals(
                                        disguises.get(rollout).undo(solution.tokens()), outcome.solution().tokens());
                            }
                        });
            }
        }
    }

    private static Disguise rotated(int by) {
        return new Disguise() {
            @Override
            public Example apply(Example puzzle) {
                return new Example(turn(puzzle.inputs(), by), turn(puzzle.labels(), by), puzzle.puzzleIdentifier());
            }

            @Override
            public int[] from() {
                return turn(IntStream.range(0, BatchSolverTest.CONFIG.seqLen()).toArray(), by);
            }

            @Override
            public int[] undo(int[] answer) {
                return turn(answer, answer.length - by);
            }
        };
    }

    private static int[] turn(int[] tokens, int by) {
        return IntStream.range(0, tokens.length).map(i -> tokens[(i + by) % tokens.length]).toArray();
    }

    /** Each step is told; the last is what the rollout came to. */
    @Test
    void anObserverHearsOfEachStep() {
        var settings = rollouts(3, NOISE, Selection.Q, 1);
        var disguises = List.<Disguise>of(rotated(0), rotated(2), rotated(5));
        var plan = new SolvingPlan(TestDevices.cpu(), BatchSolverTest.CONFIG, TrainConfig.Loss.STABLEMAX, 3, true);
        var steps = new int[3];
        var answers = new int[3][];
        var logits = new float[3];
        try (var solver = plan.open(BatchSolverTest.weights())) {
            var rollouts = new RolloutSolver(solver, STEPS, false, settings, disguises, RULES);
            rollouts.observe((number, rollout, tokens, all, halt, halts) -> {
                assertEquals(7, number);
                assertEquals(tokens.length * BatchSolverTest.CONFIG.vocabSize(), all.length);
                steps[rollout]++;
                answers[rollout] = disguises.get(rollout).undo(tokens);
                logits[rollout] = halt;
            });
            rollouts.solve(IntStream.of(7).iterator(), BatchSolverTest.puzzles()::get, (number, puzzle, outcome) -> {
                for (int i = 0; i < 3; i++) {
                    assertEquals(outcome.rollouts().get(i).steps(), steps[i]);
                    assertEquals(outcome.rollouts().get(i).haltLogit(), logits[i]);
                }
                assertArrayEquals(outcome.solution().tokens(), answers[outcome.chosen()]);
            }, () -> false);
        }
        assertArrayEquals(new int[] {STEPS, STEPS, STEPS}, steps);
    }

    @Test
    void stopsWhenItIsTold() {
        var puzzles = BatchSolverTest.puzzles();
        var found = new ArrayList<Integer>();
        var plan = new SolvingPlan(TestDevices.cpu(), BatchSolverTest.CONFIG, TrainConfig.Loss.STABLEMAX, 4);
        try (var solver = plan.open(BatchSolverTest.weights())) {
            var settings = rollouts(2, 0, Selection.Q, 1);
            var stopping = new RolloutSolver(solver, STEPS, false, settings, List.of(), RULES);
            assertEquals(false, stopping.solve(
                    all().stream().mapToInt(n -> n).iterator(), puzzles::get, (number, puzzle, outcome) ->
                            found.add(number), () -> found.size() >= 2));
            assertEquals(List.of(0, 1), found);
            assertThrows(
                    IllegalStateException.class, () -> new RolloutSolver(
                            solver, STEPS, false, rollouts(2, 1, Selection.Q, 1), List.of(), RULES));
            assertThrows(
                    IllegalArgumentException.class, () -> new RolloutSolver(
                            solver, STEPS, false, rollouts(5, 0, Selection.Q, 1), List.of(), RULES));
        }
    }
}
