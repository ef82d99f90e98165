package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import trm4j.model.Rollout;
import trm4j.model.Rollouts;
import trm4j.model.Selection;

class RolloutSumsTest {

    private static final int CELLS = 4;

    /** Where several answers are right, the label is but one of them, and the rules tell the others. */
    @Test
    void anAnswerThatTheRulesAcceptIsRight() {
        var sums = new RolloutSums(new Rollouts(2, 0.3, 0, Selection.Q, 1));
        sums.add(prediction(rollout(1, 2, false), rollout(2, 3, true)));
        sums.add(prediction(rollout(2, 2, false), rollout(1, CELLS, true)));
        sums.add(prediction(rollout(2, CELLS, true), rollout(1, 0, false)));
        sums.add(prediction(rollout(2, 1, false), rollout(1, 1, false)));
        assertEquals(
                List.of(new RolloutScore.First(1, 0.25, 0.25, 0.25, 8), new RolloutScore.First(2, 0.25, 0.5, 0.75, 16)),
                sums.score().orElseThrow().counts());
    }

    private static Rollout rollout(float haltLogit, int right, boolean accepted) {
        return new Rollout(8, 0, haltLogit, Double.NaN, right, accepted, 0);
    }

    private static Prediction prediction(Rollout... rollouts) {
        return new Prediction(
                0, null, TextNode.valueOf(""), TextNode.valueOf(""), new float[8], new float[0], 0, new int[8], CELLS, 0,
                null, Map.of(), 0, List.of(rollouts));
    }
}
