package trm4j.train.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds up by how much steps change z_H. */
final class StateChangeSums {

    /** Mean squares are added up in whole parts, so that the order does not matter. */
    private static final double ONE = 0x1p36;
    /** No step of a sound model changes an element by more; millions of puzzles that did would fit. */
    private static final double MOST = 16;

    private final Sums all;
    private final Sums exact;
    private final Sums wrong;

    private static final class Sums {
        final long[] squares;
        final int[] puzzles;

        Sums(int steps) {
            squares = new long[steps];
            puzzles = new int[steps];
        }

        void add(float[] changes) {
            for (int i = 0; i < changes.length; i++) {
                squares[i] += Math.round(ONE * Math.min(MOST, (double) changes[i] * changes[i]));
                puzzles[i]++;
            }
        }

        List<Double> roots() {
            var roots = new ArrayList<Double>();
            for (int i = 0; i < squares.length; i++) {
                roots.add(Math.sqrt(squares[i] / ONE / puzzles[i]));
            }
            return roots;
        }
    }

    StateChangeSums(int steps) {
        all = new Sums(steps);
        exact = new Sums(steps);
        wrong = new Sums(steps);
    }

    void add(Prediction prediction) {
        all.add(prediction.stateChanges());
        if (prediction.labelled() > 0) {
            (prediction.exactAfter(prediction.steps()) ? exact : wrong).add(prediction.stateChanges());
        }
    }

    /** What it comes to; nothing where it is not known. */
    Optional<StateChanges> changes() {
        return all.puzzles[0] == 0
                ? Optional.empty()
                : Optional.of(new StateChanges(all.roots(), exact.roots(), wrong.roots()));
    }
}
