package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PuzzleFamilyTest {

    private static int[] maze(String text) {
        return text.chars().map("?# SGo"::indexOf).toArray();
    }

    private static final PuzzleFamily MAZES = PuzzleFamily.of(25, 6);

    @Test
    void sizesTellPuzzles() {
        assertInstanceOf(PuzzleFamily.Sudokus.class, PuzzleFamily.of(81, 11));
        assertInstanceOf(PuzzleFamily.Sudokus.class, PuzzleFamily.of(16, 6));
        assertInstanceOf(PuzzleFamily.Mazes.class, PuzzleFamily.of(900, 6));
        assertInstanceOf(PuzzleFamily.Arc.class, PuzzleFamily.of(900, 12));
        assertInstanceOf(PuzzleFamily.Tokens.class, PuzzleFamily.of(900, 11));
        assertInstanceOf(PuzzleFamily.Tokens.class, PuzzleFamily.of(26, 6));
    }

    @Test
    void mazesTellPathsAndShortestOnes() {
        var question = maze("S   G ###                ");
        assertEquals(Map.of("path", true, "shortest", true), MAZES.rules(question, maze("SoooG ###                ")));
        assertEquals(Map.of("path", true, "shortest", false), MAZES.rules(question, maze("S   Go###oooooo          ")));
        assertEquals(Map.of("path", false, "shortest", false), MAZES.rules(question, maze("So ?G#####SG           oo")));
        assertEquals(Map.of(), MAZES.rules(maze("no maze at all".replaceAll(".", " ") + "           "), question));
        assertEquals("\"S   G ###                \"", MAZES.written(question, question, null).toString());
    }

    /** Rotated by 90 degrees with 1 and 2 exchanged, 1 2 above 3 4 has become 1 4 above 2 3. */
    @Test
    void arcGridsAreWrittenWithTheirAugmentationUndone() {
        var question = new int[900];
        question[31] = 3;
        question[32] = 6;
        question[61] = 4;
        question[62] = 5;
        var family = PuzzleFamily.of(900, 12);
        assertEquals("[\"12\",\"34\"]", family.written(question, question, "task|||t1|||0213456789").toString());
        assertEquals("[\"14\",\"23\"]", family.written(question, question, null).toString());
    }
}
