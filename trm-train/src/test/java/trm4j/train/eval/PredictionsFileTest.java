package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionsFileTest {

    @TempDir
    private Path dir;

    /** What was written before an interruption, and after it, are put in order together. */
    @Test
    void linesEndUpInTheOrderOfThePuzzles() throws IOException {
        var file = dir.resolve("predictions.jsonl");
        var expected = new StringBuilder();
        for (int example = 0; example < 6; example++) {
            expected.append(prediction(example).json()).append("\n");
        }
        write(file, 4, 0, 3);
        assertFalse(Files.readString(file).equals(expected.toString()));
        write(file, 5, 1, 2);
        var earlier = new ArrayList<Integer>();
        try (var predictions = PredictionsFile.open(file, prediction -> earlier.add(prediction.example()))) {
            predictions.sort();
        }
        assertEquals("[4, 0, 3, 5, 1, 2]", earlier.toString());
        assertEquals(expected.toString(), Files.readString(file));
    }

    private static void write(Path file, int... examples) {
        try (var predictions = PredictionsFile.open(file, _ -> { })) {
            for (int example : examples) {
                predictions.add(prediction(example));
            }
        }
    }

    private static Prediction prediction(int example) {
        var text = TextNode.valueOf("x".repeat(example));
        return new Prediction(
                example, null, text, text, new float[] {1}, 1, new int[] {example}, 9, 0.5f, null, Map.of());
    }
}
