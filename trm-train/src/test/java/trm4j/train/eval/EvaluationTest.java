package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    private static Prediction prediction(int example, int right, int labelled, float loss) {
        var text = TextNode.valueOf("");
        return new Prediction(
                example, null, text, text, new float[] {-1, 1}, new int[] {right, right}, labelled, loss, example % 3,
                Map.of());
    }

    private static Tally tally() {
        return new Tally(2, false, RatingLevels.of(new int[] {0, 1, 2}), Optional.empty());
    }

    @Test
    void withoutLabelsItSaysSo() {
        var tally = tally();
        tally.add(prediction(0, 0, 0, Float.NaN));
        var evaluation = tally.evaluation(Double.NaN);
        assertEquals("1 puzzle without labels to compare with, would halt after 2.0 of 2 steps", evaluation.line());
        var json = evaluation.json();
        assertTrue(json.at("/exact_accuracy_by_step/0").isNull() && json.at("/accuracy_by_step/1").isNull());
        assertFalse(json.toString().contains("NaN"), json.toString());
    }

    @Test
    void theOrderOfPredictionsDoesNotMatter() {
        var random = new Random(1);
        var predictions = new ArrayList<>(IntStream.range(0, 300)
                .mapToObj(i -> prediction(i, random.nextInt(1 + i % 70), 1 + i % 70, random.nextFloat()))
                .toList());
        var first = tally();
        predictions.forEach(first::add);
        Collections.shuffle(predictions, random);
        var other = tally();
        predictions.forEach(other::add);
        assertEquals(first.evaluation(1), other.evaluation(1));
    }
}
