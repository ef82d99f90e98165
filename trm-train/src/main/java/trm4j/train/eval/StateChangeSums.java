package trm4j.train.eval;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Adds up by how much steps change z_H, exactly: what comes to rest is a millionth of what does not. */
final class StateChangeSums {

    private final int steps;
    private final Sums exact;
    private final Sums wrong;
    private final Sums unlabelled;

    private static final class Sums {
        final BigDecimal[] squares;
        final int[] puzzles;

        Sums(int steps) {
            squares = new BigDecimal[steps];
            Arrays.fill(squares, BigDecimal.ZERO);
            puzzles = new int[steps];
        }

        void add(float[] changes) {
            for (int i = 0; i < changes.length; i++) {
                // A model that diverged changes by no number.
                if (Float.isFinite(changes[i])) {
                    squares[i] = squares[i].add(new BigDecimal((double) changes[i] * changes[i]));
                    puzzles[i]++;
                }
            }
        }
    }

    StateChangeSums(int steps) {
        this.steps = steps;
        exact = new Sums(steps);
        wrong = new Sums(steps);
        unlabelled = new Sums(steps);
    }

    void add(Prediction prediction) {
        var sums = prediction.labelled() == 0 ? unlabelled : prediction.exactAfter(prediction.steps()) ? exact : wrong;
        sums.add(prediction.stateChanges());
    }

    private List<Double> roots(Sums... sums) {
        return IntStream.range(0, steps).mapToObj(i -> {
            double squares = Stream.of(sums).map(each -> each.squares[i]).reduce(BigDecimal.ZERO, BigDecimal::add)
                    .doubleValue();
            return Math.sqrt(squares / Stream.of(sums).mapToInt(each -> each.puzzles[i]).sum());
        }).toList();
    }

    /** What it comes to; nothing where it is not known. */
    Optional<StateChanges> changes() {
        var all = roots(exact, wrong, unlabelled);
        return all.getFirst().isNaN()
                ? Optional.empty() : Optional.of(new StateChanges(all, roots(exact), roots(wrong)));
    }
}
