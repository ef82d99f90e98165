package trm4j.train.puzzle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.train.DatasetException;

/** How puzzles are drawn, written and read, where a family does not do it in its own way. */
class PictureTest {

    /** What a family says at least. */
    private record Letters() implements PuzzleFamily {

        @Override
        public String kind() {
            return "letters";
        }

        @Override
        public String cell(int token) {
            return token == 25 ? "end" : Character.toString('a' + token);
        }
    }

    private static List<String> drawn(int seqLen, int vocabSize, String question, String answer) {
        var family = PuzzleFamilies.ofSizes(seqLen, vocabSize);
        var tokens = family.parse(question, seqLen, vocabSize);
        var changed = answer == null ? tokens : family.parse(answer, seqLen, vocabSize);
        return family.picture(tokens, changed, tokens);
    }

    @Test
    void sudokusHaveBoxes() {
        assertEquals(List.of(
                "   1  . | .  4 ", "   . [4]| .  . ", "  -------------", "   .  . | .  . ", "   .  . | . [1]"),
                drawn(16, 6, "1..4 .... .... ....", "1..4\n.4..\n....\n...1\n"));
    }

    @Test
    void mazesThatAreWideHaveNoBrackets() {
        var maze = "S" + " ".repeat(897) + "#G";
        assertEquals(30, drawn(900, 6, maze, null).size());
        assertEquals("  " + " ".repeat(28) + "#G", drawn(900, 6, maze, null).getLast());
        assertEquals("   S                                                                         ",
                drawn(625, 6, "S" + " ".repeat(623) + "G", null).getFirst());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"[[0, 1, 2], [3, 4, 5]]", "012 345", "[\"012\"\\,\"345\"]"})
    void arcTasksAreAsLargeAsTheirGrid(String grid) {
        assertEquals(List.of("   0  1  2 ", "   3  4  5 "), drawn(900, 12, grid.replace("\\", ""), null));
    }

    @Test
    void cellsAreReadAsTheyAreWritten() {
        var family = new Letters();
        var tokens = new int[] {0, 25, 3, 1};
        assertEquals("\"a end d b\"", family.json(tokens, tokens, null).toString());
        for (var text : List.of("a end d b", "[\"a\", \"end\",\n\"d\", \"b\"]", " a,end,d,b ")) {
            assertArrayEquals(tokens, family.parse(text, 4, 26));
        }
        assertArrayEquals(new int[] {1, 0, 3, 2}, family.parse("badc", 4, 26));
        assertArrayEquals(new int[] {10, 0, 3}, new Tokens().parse("[10,0,3]", 3, 11));
        assertEquals(List.of("     a [end]", "     d    b "), family.picture(tokens, tokens, new int[] {0, 1, 3, 1}));
        var few = assertThrows(DatasetException.class, () -> family.parse("a b", 4, 3)).getMessage();
        assertEquals("Expected the 4 cells of one of the letters puzzles, found 2; write each as one of a b c, with "
                + "spaces between them.", few);
        var other = assertThrows(DatasetException.class, () -> family.parse("a b c 7", 4, 26)).getMessage();
        assertTrue(other.contains("found '7'"), other);
    }

    /** Rows that are longer than a puzzle of so many cells has are an error of its family. */
    @Test
    void errorsOfAFamilyAreToldAsSuch() {
        PuzzleFamily broken = new PuzzleFamily() {
            @Override
            public String kind() {
                return "broken";
            }

            @Override
            public String cell(int token) {
                return Arrays.asList("a", null).get(token);
            }

            @Override
            public Board board(int seqLen) {
                return new Board(7, 0, 0);
            }

            @Override
            public int[] parse(String text, int seqLen, int vocabSize) {
                return new int[] {vocabSize};
            }

            @Override
            public Map<String, Boolean> rules(int[] question, int[] answer) {
                return Collections.singletonMap("kept", null);
            }

            @Override
            public String plural() {
                throw new NoClassDefFoundError("Other");
            }
        };
        var family = PuzzleFamilies.distinct(List.of(broken)).getFirst();
        assertEquals("a", family.cell(0));
        failed("cell: java.lang.NullPointerException: null was returned", () -> family.cell(1));
        failed("cell: java.lang.ArrayIndexOutOfBoundsException: Index 2", () -> family.cell(2));
        failed("board: java.lang.IllegalStateException: 10 cells do not fill rows of 7", () -> family.board(10));
        failed("parse: java.lang.IllegalStateException: expected 1 tokens below 2, found [2]",
                () -> family.parse("", 1, 2));
        failed("rules: java.lang.NullPointerException", () -> family.rules(new int[1], new int[1]));
        failed("plural: java.lang.NoClassDefFoundError: Other", family::plural);
    }

    private static void failed(String message, Runnable call) {
        var error = assertThrows(DatasetException.class, call::run).getMessage();
        assertTrue(error.startsWith("The puzzle family " + PictureTest.class.getName() + "$1 failed in " + message),
                error);
    }
}
