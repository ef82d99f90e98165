package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
            var line = prediction.json();
            assertEquals(line, Prediction.of(line).json());
            assertEquals(haltedAt, Prediction.of(line).haltedAt());
        }
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
