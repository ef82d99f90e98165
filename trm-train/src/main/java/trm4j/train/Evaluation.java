package trm4j.train;

import java.util.Locale;
import java.util.function.Consumer;
import trm4j.model.Batch;
import trm4j.model.Solver;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.TestBatches;

/**
 * What a model makes of a set of puzzles with known answers.
 *
 * @param puzzles how many were solved
 * @param exact the share with every position right after the last supervision step
 * @param cells the share of right positions, averaged over puzzles
 * @param exactByStep the share of exact puzzles after each supervision step
 * @param haltRight the share whose halt logit at the last step agrees with exactness
 * @param meanSteps steps until the model would halt, averaged over puzzles
 * @param exactAtHalt the share of exact puzzles when each halts where the model would
 * @param loss cross-entropy after the last step, averaged over puzzles
 * @param seconds that solving took
 */
public record Evaluation(
        int puzzles,
        double exact,
        double cells,
        double[] exactByStep,
        double haltRight,
        double meanSteps,
        double exactAtHalt,
        double loss,
        double seconds) {

    /**
     * Solves the first puzzles of a data set.
     *
     * @param batchSize puzzles solved at a time; the solver's
     * @param steps supervision steps for each
     * @param limit puzzles to solve at most; 0 for all
     * @param soFar hears after each batch what there is by then
     */
    public static Evaluation of(
            Solver solver, PuzzleDataset dataset, int batchSize, int steps, int limit, Consumer<Evaluation> soFar) {
        var sums = new Sums(steps, puzzles(dataset, limit));
        for (var part : new TestBatches(dataset, batchSize)) {
            if (sums.left() <= 0) {
                break;
            }
            sums.solve(solver, part.batch(), Math.min(part.real(), sums.left()));
            soFar.accept(sums.result());
        }
        return sums.result();
    }

    /** How many puzzles an evaluation with a limit solves. */
    public static int puzzles(PuzzleDataset dataset, int limit) {
        return limit == 0 ? dataset.examples() : Math.min(limit, dataset.examples());
    }

    /** One line for people. */
    public String line() {
        return String.format(
                Locale.ROOT, "%d puzzles: %.1f%% exact, %.1f%% of cells right, would halt after %.1f of %d steps (%.1f%% "
                        + "exact then), %.2f puzzles/s",
                puzzles, 100 * exact, 100 * cells, meanSteps, exactByStep.length, 100 * exactAtHalt,
                puzzles / seconds);
    }

    /** Sums over the puzzles solved so far. */
    private static final class Sums {

        private final long start = System.nanoTime();
        private final int limit;
        private final int[] exactByStep;
        private int puzzles;
        private double cells;
        private int haltRight;
        private long haltSteps;
        private int exactAtHalt;
        private double loss;

        Sums(int steps, int limit) {
            this.limit = limit;
            exactByStep = new int[steps];
        }

        int left() {
            return limit - puzzles;
        }

        void solve(Solver solver, Batch batch, int real) {
            solver.start(batch);
            int steps = exactByStep.length;
            var haltedAt = new int[real];
            for (int step = 1; step <= steps; step++) {
                var answers = solver.step();
                for (int i = 0; i < real; i++) {
                    double right = shareRight(batch, answers, i);
                    boolean exact = right == 1;
                    exactByStep[step - 1] += exact ? 1 : 0;
                    if (haltedAt[i] == 0 && (answers.halts(i) || step == steps)) {
                        haltedAt[i] = step;
                        exactAtHalt += exact ? 1 : 0;
                    }
                    if (step == steps) {
                        cells += right;
                        haltRight += answers.halts(i) == exact ? 1 : 0;
                        haltSteps += haltedAt[i];
                        loss += answers.loss()[i];
                    }
                }
            }
            puzzles += real;
        }

        /** The share of labelled positions that are right; 1 where none is labelled. */
        private static double shareRight(Batch batch, Solver.Answers answers, int puzzle) {
            int length = batch.labels().length / batch.size();
            int labelled = 0;
            int right = 0;
            for (int i = puzzle * length; i < (puzzle + 1) * length; i++) {
                if (batch.labels()[i] != Batch.NO_LABEL) {
                    labelled++;
                    right += answers.predictions()[i] == batch.labels()[i] ? 1 : 0;
                }
            }
            return labelled == 0 ? 1 : (double) right / labelled;
        }

        Evaluation result() {
            double seconds = (System.nanoTime() - start) * 1e-9;
            double n = Math.max(1, puzzles);
            var byStep = new double[exactByStep.length];
            for (int i = 0; i < byStep.length; i++) {
                byStep[i] = exactByStep[i] / n;
            }
            return new Evaluation(
                    puzzles, byStep[byStep.length - 1], cells / n, byStep, haltRight / n, haltSteps / n,
                    exactAtHalt / n, loss / n, seconds);
        }
    }
}
