package trm4j.model;

import java.util.Arrays;
import java.util.PrimitiveIterator;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * Solves any number of puzzles on the slots of a {@link Solver}. A puzzle whose steps are done leaves its slot, and
 * the next takes it at once; so where puzzles may halt, a set costs its mean number of steps, not its largest.
 * What becomes of a puzzle does not depend on those in the other slots.
 */
public final class BatchSolver {

    /** Hears of each puzzle that is done. */
    @FunctionalInterface
    public interface Sink {

        /** @param number which of the puzzles it is */
        void solved(int number, Example puzzle, Solution solution);
    }

    private final Solver solver;
    private final int steps;
    private final boolean halting;
    private final Slot[] slots;
    private final Batch batch;

    /**
     * Prepares to solve; the solver is for nothing else meanwhile.
     *
     * @param steps supervision steps of a puzzle, at least 1; the model may be given more than it was trained with
     * @param halting whether a puzzle is done as soon as the model says so
     */
    public BatchSolver(Solver solver, int steps, boolean halting) {
        if (steps < 1) {
            throw new IllegalArgumentException(steps + " steps");
        }
        this.solver = solver;
        this.steps = steps;
        this.halting = halting;
        int length = solver.config().seqLen();
        slots = new Slot[solver.batch()];
        batch = new Batch(
                new int[slots.length * length], new int[slots.length * length], new int[slots.length]);
        Arrays.fill(batch.labels(), Batch.NO_LABEL);
    }

    /**
     * Solves puzzles, in the order in which they come.
     *
     * @param numbers which puzzles
     * @param puzzles the puzzle of a number
     * @param sink hears of them in the order in which they are done
     */
    public void solve(PrimitiveIterator.OfInt numbers, IntFunction<Example> puzzles, Sink sink) {
        solve(numbers, puzzles, sink, () -> false);
    }

    /**
     * Solves puzzles, in the order in which they come, unless it is told to stop. Those that are being solved then are
     * dropped.
     *
     * @param stop asked before each supervision step
     * @return whether all were solved
     */
    public boolean solve(
            PrimitiveIterator.OfInt numbers, IntFunction<Example> puzzles, Sink sink, BooleanSupplier stop) {
        while (fill(numbers, puzzles)) {
            if (stop.getAsBoolean()) {
                Arrays.fill(slots, null);
                return false;
            }
            var answers = solver.step();
            for (int i = 0; i < slots.length; i++) {
                if (slots[i] != null && slots[i].take(answers, i)) {
                    sink.solved(slots[i].number, slots[i].puzzle, slots[i].solution(answers, i));
                    slots[i] = null;
                }
            }
        }
        return true;
    }

    /** Puts puzzles into the free slots; whether there is any puzzle to go on with. */
    private boolean fill(PrimitiveIterator.OfInt numbers, IntFunction<Example> puzzles) {
        var fresh = new boolean[slots.length];
        boolean some = false;
        boolean any = false;
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] == null && numbers.hasNext()) {
                int number = numbers.nextInt();
                slots[i] = new Slot(number, puzzles.apply(number));
                put(slots[i].puzzle, i);
                fresh[i] = true;
                some = true;
            }
            any |= slots[i] != null;
        }
        if (some) {
            solver.refill(batch, fresh);
        }
        return any;
    }

    private void put(Example puzzle, int slot) {
        int length = solver.config().seqLen();
        System.arraycopy(puzzle.inputs(), 0, batch.inputs(), slot * length, length);
        System.arraycopy(puzzle.labels(), 0, batch.labels(), slot * length, length);
        batch.puzzleIdentifiers()[slot] = puzzle.puzzleIdentifier();
    }

    /** A puzzle that is being solved. */
    private final class Slot {

        final int number;
        final Example puzzle;
        private final float[] haltLogits = new float[steps];
        private final int[] right = new int[steps];
        private int taken;
        private int haltedAt;

        Slot(int number, Example puzzle) {
            this.number = number;
            this.puzzle = puzzle;
        }

        /** Takes what a step came to; tells whether the puzzle is done. */
        boolean take(Solver.Answers answers, int slot) {
            int length = puzzle.labels().length;
            for (int i = 0; i < length; i++) {
                // No token is NO_LABEL, so a position without a label is never right.
                right[taken] += answers.predictions()[slot * length + i] == puzzle.labels()[i] ? 1 : 0;
            }
            haltLogits[taken] = answers.q()[2 * slot];
            taken++;
            if (haltedAt == 0 && answers.halts(slot)) {
                haltedAt = taken;
            }
            return taken == steps || halting && haltedAt > 0;
        }

        Solution solution(Solver.Answers answers, int slot) {
            int length = puzzle.labels().length;
            int labelled = (int) Arrays.stream(puzzle.labels()).filter(label -> label != Batch.NO_LABEL).count();
            return new Solution(
                    Arrays.copyOfRange(answers.predictions(), slot * length, (slot + 1) * length),
                    Arrays.copyOf(haltLogits, taken), haltedAt, Arrays.copyOf(right, taken), labelled,
                    answers.loss()[slot]);
        }
    }
}
