package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import trm4j.model.ranks.ThreadRanks;
import trm4j.train.eval.PuzzleMessage.Word;

class PuzzleHandoutTest {

    /** Such as a full heap: else rank 0 would go on, and the others wait for its answers. */
    @Test
    void anErrorInTheThreadThatAnswersEndsAll() {
        var error = assertThrows(OutOfMemoryError.class, () -> ThreadRanks.run(2, ranks -> {
            if (!ranks.isFirst()) {
                ranks.send(0, PuzzleMessage.solved(List.of(prediction())).bytes());
                ranks.send(0, PuzzleMessage.of(Word.END).bytes());
                ranks.receive();
                return;
            }
            var handout = new PuzzleHandout(ranks, IntStream.range(0, 4), _ -> {
                throw new OutOfMemoryError("full");
            });
            // What rank 0 solves itself takes until it is told to stop.
            handout.run((_, _, stop) -> {
                while (!stop.getAsBoolean()) {
                    Thread.onSpinWait();
                }
                return false;
            }, () -> { }, () -> false);
        }));
        assertEquals("full", error.getMessage());
    }

    private static Prediction prediction() {
        var text = TextNode.valueOf("x");
        return new Prediction(0, null, text, text, new float[] {1}, 1, new int[] {1}, 9, 0.5f, null, Map.of());
    }
}
