package trm4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import trm4j.train.data.DatasetInfo;

/** Answers as predictions.jsonl has them, read back to tokens. */
class DrawingTest {

    private static Optional<int[]> tokens(String kind, int vocabulary, int length, String json)
            throws JsonProcessingException {
        var info = DatasetInfo.uncounted(kind, null, vocabulary, length);
        return new Drawing(info).tokens(new ObjectMapper().readTree(json), -1);
    }

    @Test
    void stringsGridsAndListsAreRead() throws JsonProcessingException {
        assertArrayEquals(
                new int[] {2, 3, 4, 5, 4, 5, 2, 3, 3, 2, 5, 4, 5, 4, 3, 2},
                tokens("sudoku", 6, 16, "\"1234341221434321\"").orElseThrow());
        assertArrayEquals(new int[] {4, 0, 2}, tokens("own", 5, 3, "[4, 0, 2]").orElseThrow());
        var grid = new int[900];
        Arrays.fill(grid, -1);
        grid[0] = 2;
        grid[1] = 11;
        grid[30] = 5;
        grid[31] = 6;
        assertArrayEquals(grid, tokens("arc", 12, 900, "[\"09\", \"34\"]").orElseThrow());
        assertEquals(900, Arrays.stream(tokens("arc", 12, 900, "[]").orElseThrow()).filter(t -> t == -1).count());
    }

    @Test
    void whatIsNoAnswerIsNone() throws JsonProcessingException {
        for (var json : new String[] {"\"12\"", "\"7777777777777777\"", "{}", "[1, 2]", "5", "[\"1234567\"]"}) {
            assertEquals(Optional.empty(), tokens("sudoku", 6, 16, json), json);
        }
        assertEquals(Optional.empty(), tokens("own", 5, 3, "[4, 0, 5]"));
    }
}
