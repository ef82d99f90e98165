package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Prediction prediction(int example, int right, int labelled, float loss) {
        var text = TextNode.valueOf("");
        return new Prediction(
                example, null, text, text, new float[] {-1, 1}, 2, new int[] {right, right}, labelled, loss,
                example % 3, Map.of());
    }

    private static EvaluationSums sums() {
        return new EvaluationSums(2, false, RatingRanges.of(new int[] {0, 1, 2}), Optional.empty(), Double.NaN,
                Optional.empty());
    }

    @Test
    void withoutLabelsItSaysSo() {
        var sums = sums();
        sums.add(prediction(0, 0, 0, Float.NaN));
        var evaluation = sums.evaluation(Double.NaN);
        assertEquals("1 puzzle without labels to compare with, would halt after 2.0 of 2 steps", evaluation.line());
        var json = evaluation.json();
        assertTrue(json.at("/exact_accuracy_by_step/0").isNull() && json.at("/accuracy_by_step/1").isNull());
        assertFalse(json.toString().contains("NaN"), json.toString());
    }

    /** A model with the continue loss halts where the halt logit exceeds the continue logit: here never, or after 3. */
    @Test
    void theModelsRuleTellsWhereItHalts() {
        var text = TextNode.valueOf("");
        var sums = new EvaluationSums(3, false, RatingRanges.of(new int[] {4, 4}), Optional.empty(), Double.NaN,
                Optional.empty());
        for (int haltedAt : new int[] {0, 3}) {
            sums.add(new Prediction(
                    haltedAt, null, text, text, new float[] {1, 2, 3}, haltedAt, new int[] {1, 1, 2}, 2, 1, 4,
                    Map.of()));
        }
        var evaluation = sums.evaluation(1);
        assertEquals(3, evaluation.meanSteps());
        assertEquals(1, evaluation.exactAtHalt());
        assertEquals(3, evaluation.levels().getFirst().meanSteps());
    }

    @Test
    void predictionsComeBackAsTheyWereWritten() {
        for (int haltedAt : new int[] {0, 1, 2}) {
            var prediction = new Prediction(
                    7, "a", TextNode.valueOf("q"), TextNode.valueOf("w"), new float[] {-1, 2}, haltedAt,
                    new int[] {0, 3}, 3, 0.5f, 9, Map.of("valid", true));
            assertFalse(prediction.json().has("state_changes"));
            var line = prediction.json().set("state_changes", JSON.valueToTree(new float[] {1, 0.5f}));
            assertEquals(line, Prediction.of(line).json());
            assertEquals(0.5f, Prediction.of(line).stateChanges()[1]);
            assertEquals(haltedAt, Prediction.of(line).haltedAt());
        }
    }

    private static Prediction thought(
            int example, float[] haltLogits, float[] changes, int haltedAt, int rating, int... right) {
        var text = TextNode.valueOf("");
        return new Prediction(
                example, null, text, text, haltLogits, changes, haltedAt, right, 3, 1, rating, Map.of(), 0, List.of());
    }

    /** Three puzzles, of which the last halts after its first step and takes no second. */
    private static Evaluation ofThree() {
        var sums = new EvaluationSums(2, true, RatingRanges.of(new int[] {4, 7, 7}), Optional.empty(), Double.NaN,
                Optional.empty());
        sums.add(thought(0, new float[] {-0.5f, 2.5f}, new float[] {1, 0.5f}, 2, 7, 1, 3));
        sums.add(thought(1, new float[] {-0.25f, 12}, new float[] {2, 1}, 0, 7, 2, 2));
        sums.add(thought(2, new float[] {-30}, new float[] {1.5f}, 1, 4, 3));
        return sums.evaluation(1);
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void haltLogitsAreComparedWithWhatIsTrue() {
        var score = ofThree().halts().orElseThrow();
        assertEquals(
                List.of(new HaltScore.At(0, 0, 1), new HaltScore.At(1, 1, 0), new HaltScore.At(2, 1, 0)),
                score.halts());
        assertEquals(List.of(-10, -1, 2, 9), score.everyStep().stream().map(HaltScore.Bin::logit).toList());
        assertEquals(List.of(1, 2, 1, 1), score.everyStep().stream().map(HaltScore.Bin::answers).toList());
        assertEquals(List.of(1.0, 0.0, 1.0, 0.0), score.everyStep().stream().map(HaltScore.Bin::exact).toList());
        assertEquals((logistic(-0.5) + logistic(-0.25)) / 2, score.everyStep().get(1).probability(), 1e-9);
        assertEquals(List.of(-10, 2, 9), score.lastStep().stream().map(HaltScore.Bin::logit).toList());
        double error = 1 - logistic(-30) + logistic(-0.5) + logistic(-0.25) + 1 - logistic(2.5) + logistic(12);
        assertEquals(error / 5, HaltScore.error(score.everyStep()), 1e-9);
        var json = ofThree().json();
        assertEquals(error / 5, json.at("/calibration/error_every_step").asDouble(), 1e-9);
        assertEquals("{\"step\":1,\"right\":1,\"wrong\":0}", json.at("/halts/1").toString());
    }

    @Test
    void changesAndLevelsAreToldStepByStep() {
        var evaluation = ofThree();
        var changes = evaluation.changes().orElseThrow();
        assertEquals(Math.sqrt((1 + 4 + 2.25) / 3), changes.all().getFirst(), 1e-9);
        assertEquals(Math.sqrt((0.25 + 1) / 2), changes.all().get(1), 1e-9);
        assertEquals(Math.sqrt((1 + 2.25) / 2), changes.exact().getFirst(), 1e-9);
        assertEquals(List.of(2.0, 1.0), changes.wrong());
        assertEquals(List.of(1.0, 1.0), evaluation.levels().getFirst().exactBySteps());
        assertEquals(List.of(0.0, 0.5), evaluation.levels().get(1).exactBySteps());
        assertEquals("[0.0,0.5]", evaluation.json().at("/by_rating/1/exact_accuracy_by_step").toString());
        assertEquals(1.0, evaluation.json().at("/state_change_by_step_wrong/1").asDouble());
        assertTrue(sums().evaluation(1).changes().isEmpty());
        var resting = sums();
        resting.add(thought(0, new float[] {1, 1}, new float[] {1, 2e-7f}, 0, 1, 3, 3));
        assertEquals(2e-7, resting.evaluation(1).changes().orElseThrow().all().get(1), 1e-12);
    }

    /** Lines of versions that did not say where the model would halt. */
    @Test
    void whereItIsNotSaidTheHaltLogitsSignTells() {
        assertEquals(2, Prediction.of(old(-1, 1, 2)).haltedAt());
        assertEquals(0, Prediction.of(old(-1, 0)).haltedAt());
        assertEquals(2, Prediction.of(old(-1, 0)).haltStep());
    }

    private static ObjectNode old(float... haltLogits) {
        var text = TextNode.valueOf("");
        return new Prediction(0, null, text, text, haltLogits, 1, new int[haltLogits.length], 3, 1, null, Map.of())
                .json().without(List.of("halted_at"));
    }

    @Test
    void theOrderOfPredictionsDoesNotMatter() {
        var random = new Random(1);
        var predictions = new ArrayList<>(IntStream.range(0, 300)
                .mapToObj(i -> prediction(i, random.nextInt(1 + i % 70), 1 + i % 70, random.nextFloat()))
                .toList());
        var first = sums();
        predictions.forEach(first::add);
        Collections.shuffle(predictions, random);
        var other = sums();
        predictions.forEach(other::add);
        assertEquals(first.evaluation(1), other.evaluation(1));
    }
}
