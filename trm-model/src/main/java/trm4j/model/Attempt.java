package trm4j.model;

import java.util.Arrays;

/** A puzzle in a slot of a solver: what it is, and what it has come to so far. */
final class Attempt {

    /** The changes of the logits that tell whether an attempt has come to rest: those of so many last steps. */
    private static final int LAST = 3;

    final int number;
    final int rollout;
    final Example puzzle;
    /** Where it is. */
    int slot;
    private final float[] haltLogits;
    private final int[] right;
    private final float[] stateChanges;
    private final double[] logitChanges;
    private float[] logits;
    private int taken;
    private int haltedAt;

    /**
     * Begins one.
     *
     * @param number which puzzle it is, and which of its rollouts: what its noise is drawn for
     * @param steps supervision steps at most
     */
    Attempt(int number, int rollout, Example puzzle, int steps) {
        this.number = number;
        this.rollout = rollout;
        this.puzzle = puzzle;
        haltLogits = new float[steps];
        right = new int[steps];
        stateChanges = new float[steps];
        logitChanges = new double[steps];
    }

    int taken() {
        return taken;
    }

    boolean halted() {
        return haltedAt > 0;
    }

    /** Takes what a step came to. */
    void take(Solver.Answers answers) {
        int length = puzzle.labels().length;
        for (int i = 0; i < length; i++) {
            // No token is NO_LABEL, so a position without a label is never right.
            right[taken] += answers.predictions()[slot * length + i] == puzzle.labels()[i] ? 1 : 0;
        }
        haltLogits[taken] = answers.q()[2 * slot];
        stateChanges[taken] = answers.changes()[slot];
        taken++;
        if (haltedAt == 0 && answers.halts(slot)) {
            haltedAt = taken;
        }
    }

    /** Takes the logits [all slots, L, V] after the step that was just taken. */
    void compare(float[] all, int size) {
        var now = Arrays.copyOfRange(all, slot * size, (slot + 1) * size);
        if (logits != null) {
            double sum = 0;
            for (int i = 0; i < size; i++) {
                double change = (double) now[i] - logits[i];
                sum += change * change;
            }
            logitChanges[taken - 1] = sum / size;
        }
        logits = now;
    }

    /** The root of the mean square change of a logit in a step, over the last steps; infinite after a single step. */
    double change() {
        int from = Math.max(1, taken - LAST);
        return Math.sqrt(Arrays.stream(logitChanges, from, Math.max(from, taken)).average()
                .orElse(Double.POSITIVE_INFINITY));
    }

    Solution solution(Solver.Answers answers) {
        int length = puzzle.labels().length;
        int labelled = (int) Arrays.stream(puzzle.labels()).filter(label -> label != Batch.NO_LABEL).count();
        return new Solution(
                Arrays.copyOfRange(answers.predictions(), slot * length, (slot + 1) * length),
                Arrays.copyOf(haltLogits, taken), Arrays.copyOf(stateChanges, taken), haltedAt,
                Arrays.copyOf(right, taken), labelled, answers.loss()[slot]);
    }
}
