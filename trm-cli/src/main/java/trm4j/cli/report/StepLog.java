package trm4j.cli.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import trm4j.kernels.op.CrossEntropy;
import trm4j.model.Disguise;
import trm4j.model.HaltLogit;
import trm4j.model.RolloutSolver;

/** Keeps the supervision steps that rollouts take; what the model saw in disguise is turned back. */
public final class StepLog implements RolloutSolver.Observer {

    private final List<? extends Disguise> disguises;
    private final CrossEntropy.Kind loss;
    private final Map<Key, List<Step>> steps = new HashMap<>();

    private record Key(int number, int rollout) {}

    /**
     * A supervision step.
     *
     * @param answer tokens [L]
     * @param certainty the probability [L] of each cell's token, by the model
     * @param haltLogit after it
     * @param halts whether the model would halt there
     */
    public record Step(int[] answer, double[] certainty, float haltLogit, boolean halts) {

        /** The same with an answer of other cells, of which it is not known how sure they are. */
        Step written(int[] other) {
            return new Step(other, new double[0], haltLogit, halts);
        }

        /** Returns how sure the model is that the answer is right, from 0 to 1. */
        public double haltProbability() {
            return HaltLogit.probability(haltLogit);
        }
    }

    /**
     * Nothing yet.
     *
     * @param disguises of each rollout; none where puzzles are seen as they are
     * @param loss tells how logits become probabilities
     */
    public StepLog(List<? extends Disguise> disguises, CrossEntropy.Kind loss) {
        this.disguises = List.copyOf(disguises);
        this.loss = loss;
    }

    @Override
    public void stepped(int number, int rollout, int[] tokens, float[] logits, float haltLogit, boolean halts) {
        var certainty = Certainty.of(logits, tokens, loss);
        steps.computeIfAbsent(new Key(number, rollout), _ -> new ArrayList<>()).add(disguises.isEmpty()
                ? new Step(tokens, certainty, haltLogit, halts)
                : new Step(
                        disguises.get(rollout).undo(tokens), undone(disguises.get(rollout), certainty), haltLogit,
                        halts));
    }

    private static double[] undone(Disguise disguise, double[] cells) {
        var from = disguise.from();
        var undone = new double[cells.length];
        for (int cell = 0; cell < cells.length; cell++) {
            undone[from[cell]] = cells[cell];
        }
        return undone;
    }

    /** Returns the steps that a puzzle's rollout took so far, and forgets them. */
    public List<Step> take(int number, int rollout) {
        return steps.remove(new Key(number, rollout));
    }
}
