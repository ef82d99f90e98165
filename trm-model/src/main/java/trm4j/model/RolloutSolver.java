package trm4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * Solves any number of puzzles on the slots of a {@link Solver}, each by several rollouts. What is done with makes room
 * for the next; so a set costs what its rollouts take, and no more. Answers depend neither on the slots, nor on the
 * order of the puzzles.
 */
public final class RolloutSolver {

    /**
     * What became of a puzzle.
     *
     * @param solution the chosen rollout's, with its answer turned back if it was in disguise
     * @param chosen its number
     * @param rollouts all that count, in the order of their numbers: a last one that made further ones needless ends them
     */
    public record Outcome(Solution solution, int chosen, List<Rollout> rollouts) {

        public Outcome {
            rollouts = List.copyOf(rollouts);
        }

        /** Returns the supervision steps of all rollouts that count. */
        public int steps() {
            return rollouts.stream().mapToInt(Rollout::steps).sum();
        }
    }

    /** Hears of each puzzle that is done. */
    @FunctionalInterface
    public interface Sink {

        /** @param number which of the puzzles it is */
        void solved(int number, Example puzzle, Outcome outcome);
    }

    /** Hears of each step of each rollout, as it is taken. */
    @FunctionalInterface
    public interface Observer {

        /**
         * A rollout took a step.
         *
         * @param number which of the puzzles it is of
         * @param rollout its number
         * @param tokens the answer [L], in disguise if the puzzle is
         * @param logits [L, V], in disguise too
         * @param haltLogit after the step
         * @param halts whether the model would halt there
         */
        void stepped(int number, int rollout, int[] tokens, float[] logits, float haltLogit, boolean halts);
    }

    private final Rollouts rollouts;
    private final List<? extends Disguise> disguises;
    private final BiPredicate<Example, int[]> rules;
    private final Slots slots;
    private final List<Trial> trials = new ArrayList<>();
    private Optional<Observer> observer = Optional.empty();

    /**
     * Prepares to solve; the solver is for nothing else meanwhile.
     *
     * @param solver planned with noise if there is any, and with at least as many puzzles at a time as a puzzle has
     *     rollouts
     * @param steps supervision steps of a rollout, at least 1
     * @param halting whether a rollout is done as soon as the model says so; with {@link Selection#FIRST} it is
     * @param disguises for each rollout, the one in which it sees all puzzles; empty for none
     * @param rules whether a puzzle's rules accept an answer; false where it has none
     */
    public RolloutSolver(
            Solver solver, int steps, boolean halting, Rollouts rollouts, List<? extends Disguise> disguises,
            BiPredicate<Example, int[]> rules) {
        if (solver.batch() < rollouts.count() || !disguises.isEmpty() && disguises.size() != rollouts.count()) {
            throw new IllegalArgumentException(rollouts.count() + " rollouts, " + solver.batch() + " slots, "
                    + disguises.size() + " disguises");
        }
        this.rollouts = rollouts;
        this.disguises = List.copyOf(disguises);
        this.rules = rules;
        slots = new Slots(
                solver, steps, halting || rollouts.selection() == Selection.FIRST,
                rollouts.selection() == Selection.CONVERGED);
        if (rollouts.noise() > 0) {
            solver.noise(rollouts.seed(), (float) rollouts.noise());
        }
    }

    /** Has each step told from now on, which means to read all logits. */
    public void observe(Observer sink) {
        observer = Optional.of(sink);
    }

    /**
     * Solves puzzles, unless it is told to stop. Those that are being solved then are dropped.
     *
     * @param numbers which puzzles
     * @param puzzles the puzzle of a number
     * @param sink hears of them in the order in which they are done
     * @param stop asked before each supervision step
     * @return whether all were solved
     */
    public boolean solve(
            PrimitiveIterator.OfInt numbers, IntFunction<Example> puzzles, Sink sink, BooleanSupplier stop) {
        slots.widen();
        while (true) {
            fill(numbers, puzzles);
            if (trials.isEmpty()) {
                return true;
            }
            if (stop.getAsBoolean()) {
                slots.clear();
                trials.clear();
                return false;
            }
            slots.step();
            observer.ifPresent(slots::tell);
            trials.forEach(Trial::settle);
            for (var trial : trials.stream().filter(Trial::isDone).toList()) {
                trials.remove(trial);
                sink.solved(trial.number, trial.puzzle, trial.outcome());
            }
        }
    }

    private void fill(PrimitiveIterator.OfInt numbers, IntFunction<Example> puzzles) {
        if (rollouts.selection() == Selection.FIRST) {
            // They race, so they start together.
            while (slots.free() >= rollouts.count()) {
                if (!numbers.hasNext()) {
                    slots.narrow();
                    return;
                }
                var trial = begin(numbers, puzzles);
                while (trial.hasNext()) {
                    trial.next();
                }
            }
            return;
        }
        while (slots.free() > 0) {
            var next = trials.stream()
                    .filter(trial -> trial.hasNext() && (!rollouts.waits() || trial.running.isEmpty()))
                    .findFirst();
            if (next.isPresent()) {
                next.get().next();
            } else if (numbers.hasNext()) {
                begin(numbers, puzzles).next();
            } else {
                var early = trials.stream().filter(Trial::hasNext).findFirst();
                if (early.isEmpty()) {
                    slots.narrow();
                    return;
                }
                early.get().next();
            }
        }
    }

    private Trial begin(PrimitiveIterator.OfInt numbers, IntFunction<Example> puzzles) {
        int number = numbers.nextInt();
        var trial = new Trial(number, puzzles.apply(number));
        trials.add(trial);
        return trial;
    }

    /** A puzzle that is being solved. */
    private final class Trial {

        final int number;
        final Example puzzle;
        /** Its rollouts that are in slots. */
        final List<Attempt> running = new ArrayList<>();
        private final Rollout[] done = new Rollout[rollouts.count()];
        private final Solution[] solutions = new Solution[rollouts.count()];
        private int begun;
        /** Rollouts from this one on are needless. */
        private int end = rollouts.count();

        Trial(int number, Example puzzle) {
            this.number = number;
            this.puzzle = puzzle;
        }

        boolean hasNext() {
            return begun < end;
        }

        /** Begins the next rollout. */
        void next() {
            running.add(slots.begin(
                    number, begun, disguises.isEmpty() ? puzzle : disguises.get(begun).apply(puzzle)));
            begun++;
        }

        /** Looks what a step came to. */
        void settle() {
            boolean raceIsOver =
                    rollouts.selection() == Selection.FIRST && running.stream().anyMatch(Attempt::halted);
            for (var attempt : List.copyOf(running)) {
                if (raceIsOver || slots.isDone(attempt)) {
                    take(attempt);
                }
            }
            for (var attempt : List.copyOf(running)) {
                if (attempt.rollout >= end) {
                    running.remove(attempt);
                    slots.drop(attempt);
                }
            }
        }

        private void take(Attempt attempt) {
            running.remove(attempt);
            var solution = slots.take(attempt);
            int rollout = attempt.rollout;
            var tokens = disguises.isEmpty() ? solution.tokens() : disguises.get(rollout).undo(solution.tokens());
            solutions[rollout] = new Solution(
                    tokens, solution.haltLogits(), solution.changes(), solution.haltedAt(), solution.right(),
                    solution.labelled(), solution.loss());
            done[rollout] = new Rollout(
                    solution.steps(), solution.haltedAt(), solution.haltLogits()[solution.steps() - 1],
                    rollouts.selection() == Selection.CONVERGED ? attempt.change() : Double.NaN,
                    solution.right()[solution.steps() - 1],
                    rules.test(puzzle, tokens), rollout);
            if (rollouts.suffices(done[rollout])) {
                end = Math.min(end, rollout + 1);
            }
        }

        boolean isDone() {
            return Arrays.stream(done, 0, end).allMatch(Objects::nonNull);
        }

        Outcome outcome() {
            var counted = new ArrayList<Rollout>();
            for (int i = 0; i < end; i++) {
                int same = 0;
                while (!Arrays.equals(solutions[same].tokens(), solutions[i].tokens())) {
                    same++;
                }
                var it = done[i];
                counted.add(new Rollout(
                        it.steps(), it.haltedAt(), it.haltLogit(), it.change(), it.right(), it.accepted(), same));
            }
            int chosen = rollouts.selection().choose(counted);
            return new Outcome(solutions[chosen], chosen, counted);
        }
    }
}
