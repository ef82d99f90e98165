package trm4j.model;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The slots of a {@link Solver}: attempts come into free ones, go through steps together, and leave one by one. */
final class Slots {

    private final Solver solver;
    private final int steps;
    private final boolean halting;
    private final boolean comparing;
    private Attempt[] attempts;
    private boolean[] fresh;
    private Batch batch;
    private Solver.Answers answers;
    private int taken;
    private boolean moved;

    /**
     * All free.
     *
     * @param steps supervision steps of an attempt, at least 1
     * @param halting whether an attempt is done as soon as the model says so
     * @param comparing whether attempts hear of their logits
     */
    Slots(Solver solver, int steps, boolean halting, boolean comparing) {
        if (steps < 1) {
            throw new IllegalArgumentException(steps + " steps");
        }
        this.solver = solver;
        this.steps = steps;
        this.halting = halting;
        this.comparing = comparing;
        allocate(solver.batch());
    }

    private void allocate(int count) {
        int length = solver.config().seqLen();
        attempts = new Attempt[count];
        fresh = new boolean[count];
        batch = new Batch(new int[count * length], new int[count * length], new int[count]);
        Arrays.fill(batch.labels(), Batch.NO_LABEL);
    }

    /** How many are free. */
    int free() {
        return attempts.length - taken;
    }

    /** Whether all are free. */
    boolean isEmpty() {
        return taken == 0;
    }

    /** Puts an attempt at a puzzle into the first slot that is free. */
    Attempt begin(int number, int rollout, Example puzzle) {
        int slot = Arrays.asList(attempts).indexOf(null);
        var attempt = new Attempt(number, rollout, puzzle, steps);
        taken++;
        fresh[slot] = true;
        put(attempt, slot);
        return attempt;
    }

    private void put(Attempt attempt, int slot) {
        attempts[slot] = attempt;
        attempt.slot = slot;
        var puzzle = attempt.puzzle;
        int length = solver.config().seqLen();
        System.arraycopy(puzzle.inputs(), 0, batch.inputs(), slot * length, length);
        System.arraycopy(puzzle.labels(), 0, batch.labels(), slot * length, length);
        batch.puzzleIdentifiers()[slot] = puzzle.puzzleIdentifier();
    }

    /** Does without slots that no attempt is going to come into, as far as there are programs for fewer. */
    void narrow() {
        if (taken == 0 || solver.fewestFor(taken) == attempts.length) {
            return;
        }
        var kept = attempts();
        var slots = kept.stream().mapToInt(attempt -> attempt.slot).toArray();
        var wereFresh = fresh;
        solver.keep(slots);
        allocate(solver.slots());
        for (int i = 0; i < slots.length; i++) {
            fresh[i] = wereFresh[slots[i]];
            put(kept.get(i), i);
        }
        moved = true;
    }

    /** Makes all slots be there, once no attempt is in any. */
    void widen() {
        solver.keepNone();
        if (attempts.length < solver.batch()) {
            allocate(solver.batch());
        }
    }

    /** The attempts that are in slots, in the order of these. */
    List<Attempt> attempts() {
        return Arrays.stream(attempts).filter(Objects::nonNull).toList();
    }

    /** Takes all attempts a supervision step further. */
    void step() {
        // Puzzles that were moved are written too, where they are now.
        boolean some = moved;
        for (boolean each : fresh) {
            some |= each;
        }
        if (some) {
            solver.refill(batch, fresh);
            Arrays.fill(fresh, false);
            moved = false;
        }
        answers = solver.step(counters());
        var logits = comparing ? solver.logits() : null;
        for (var attempt : attempts()) {
            attempt.take(answers);
            if (comparing) {
                attempt.compare(logits, logits.length / attempts.length);
            }
        }
    }

    /** Tells what all attempts have after the step. */
    void tell(RolloutSolver.Observer observer) {
        var logits = solver.logits();
        int size = logits.length / attempts.length;
        int length = solver.config().seqLen();
        for (var attempt : attempts()) {
            int slot = attempt.slot;
            observer.stepped(
                    attempt.number, attempt.rollout,
                    Arrays.copyOfRange(answers.predictions(), slot * length, (slot + 1) * length),
                    Arrays.copyOfRange(logits, slot * size, (slot + 1) * size), answers.q()[2 * slot],
                    answers.halts(slot));
        }
    }

    /** What noise is drawn for, [slots, 3]: the puzzle, the rollout, the step. */
    private int[] counters() {
        var counters = new int[attempts.length * Solver.COUNTERS];
        for (var attempt : attempts()) {
            int at = Solver.COUNTERS * attempt.slot;
            counters[at] = attempt.number;
            counters[at + 1] = attempt.rollout;
            counters[at + 2] = attempt.taken();
        }
        return counters;
    }

    /** Whether an attempt has taken all steps that it gets. */
    boolean isDone(Attempt attempt) {
        return attempt.taken() == steps || halting && attempt.halted();
    }

    /** Takes an attempt out of its slot, and tells what it came to in the last step. */
    Solution take(Attempt attempt) {
        drop(attempt);
        return attempt.solution(answers);
    }

    /** Takes an attempt out of its slot, whatever it may come to. */
    void drop(Attempt attempt) {
        attempts[attempt.slot] = null;
        fresh[attempt.slot] = false;
        taken--;
    }

    /** Takes all attempts out. */
    void clear() {
        Arrays.fill(attempts, null);
        Arrays.fill(fresh, false);
        taken = 0;
    }
}
