package trm4j.model;

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

    private final Slots slots;

    /**
     * Prepares to solve; the solver is for nothing else meanwhile.
     *
     * @param steps supervision steps of a puzzle, at least 1; the model may be given more than it was trained with
     * @param halting whether a puzzle is done as soon as the model says so
     */
    public BatchSolver(Solver solver, int steps, boolean halting) {
        slots = new Slots(solver, steps, halting, false);
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
        slots.widen();
        while (fill(numbers, puzzles)) {
            if (stop.getAsBoolean()) {
                slots.clear();
                return false;
            }
            slots.step();
            for (var attempt : slots.attempts()) {
                if (slots.isDone(attempt)) {
                    sink.solved(attempt.number, attempt.puzzle, slots.take(attempt));
                }
            }
        }
        return true;
    }

    /** Puts puzzles into the free slots; whether there is any puzzle to go on with. */
    private boolean fill(PrimitiveIterator.OfInt numbers, IntFunction<Example> puzzles) {
        while (slots.free() > 0 && numbers.hasNext()) {
            int number = numbers.nextInt();
            slots.begin(number, 0, puzzles.apply(number));
        }
        if (slots.free() > 0) {
            slots.narrow();
        }
        return !slots.isEmpty();
    }
}
