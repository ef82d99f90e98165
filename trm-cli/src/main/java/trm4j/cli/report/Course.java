package trm4j.cli.report;

import java.util.stream.IntStream;
import trm4j.train.eval.Prediction;

/**
 * How a puzzle went, supervision step by step, as far as it says whether the puzzle is worth looking at.
 *
 * @param example its number in the data set
 * @param labelled cells whose answer is known
 * @param right those that were right after each step, at least one
 * @param haltsAt the first step, from 1, at which the model would halt; 0 if at none
 * @param changes cells that steps changed after the first; -1 if that is not known
 */
record Course(int example, int labelled, int[] right, int haltsAt, int changes) {

    static Course of(Prediction prediction) {
        var right = IntStream.rangeClosed(1, prediction.steps()).map(prediction::rightAfter).toArray();
        return new Course(prediction.example(), prediction.labelled(), right, prediction.haltedAt(), -1);
    }

    boolean isLabelled() {
        return labelled > 0;
    }

    boolean isExactAfter(int step) {
        return isLabelled() && right[step - 1] == labelled;
    }

    boolean isSolved() {
        return isExactAfter(right.length);
    }

    /** Returns the step, from 1, from which on the answer is right; 0 if it is wrong at last. */
    int solvedAt() {
        int step = right.length;
        while (step > 0 && isExactAfter(step)) {
            step--;
        }
        return isSolved() ? step + 1 : 0;
    }

    /** Returns the last step, from 1, with the right answer; 0 if none had it. */
    int lastExact() {
        return IntStream.iterate(right.length, step -> step - 1).limit(right.length)
                .filter(this::isExactAfter).findFirst().orElse(0);
    }

    /** Returns the cells that are wrong at last. */
    int wrong() {
        return labelled - right[right.length - 1];
    }

    boolean haltsWrongly() {
        return haltsAt > 0 && isLabelled() && !isExactAfter(haltsAt);
    }
}
