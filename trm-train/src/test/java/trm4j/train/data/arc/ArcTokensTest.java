package trm4j.train.data.arc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.train.data.Grid;

class ArcTokensTest {

    /** A field from some of its rows; the rest is padding. */
    private static int[] field(int firstRow, String... rows) {
        var field = new int[900];
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < rows[row].length(); column++) {
                field[(firstRow + row) * 30 + column] = Character.digit(rows[row].charAt(column), 16);
            }
        }
        return field;
    }

    private static final Grid GRID = new Grid(2, 3, new byte[] {0, 1, 2, 7, 8, 9});

    @Test
    void aRowAndAColumnOfOnesCloseAGrid() {
        assertArrayEquals(field(0, "2341", "9ab1", "111"), ArcTokens.encode(GRID, 0, 0));
        assertArrayEquals(field(5, "0002341", "0009ab1", "000111"), ArcTokens.encode(GRID, 5, 3));
    }

    @Test
    void whereThereIsNoRoomNothingCloses() {
        var pad = "0".repeat(27);
        assertArrayEquals(field(28, pad + "234", pad + "9ab"), ArcTokens.encode(GRID, 28, 27));
        assertArrayEquals(field(27, pad + "234", pad + "9ab", pad + "111"), ArcTokens.encode(GRID, 27, 27));
        var full = new Grid(30, 30, new byte[900]);
        assertEquals(2, Arrays.stream(ArcTokens.encode(full, 0, 0)).distinct().sum());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "5, 3", "28, 27", "28, 0"})
    void aGridIsFoundWhereItLies(int top, int left) {
        var field = ArcTokens.encode(GRID, top, left);
        assertEquals(top * 30 + left, ArcTokens.origin(field));
        assertEquals(GRID, ArcTokens.crop(field, ArcTokens.origin(field)));
    }

    @Test
    void anEmptyFieldHasAnEmptyGrid() {
        assertEquals(new Grid(0, 0, new byte[0]), ArcTokens.crop(new int[900], ArcTokens.origin(new int[900])));
        assertEquals(new Grid(0, 0, new byte[0]), ArcTokens.crop(field(0, "1234"), 0));
    }

    /** Against all rectangles from the corner, in the order of the authors' search: fewest rows first. */
    @Test
    void cropIsTheLargestRectangleOfColours() {
        var random = new SplittableRandom(1);
        for (int round = 0; round < 200; round++) {
            int wrong = round % 20 + 1;
            var field = random.ints(900, 0, 12 * wrong).map(token -> token < 12 ? token : 2 + token % 10).toArray();
            int origin = round % 3 == 0 ? random.nextInt(900) : 0;
            int rows = 0;
            int columns = 0;
            for (int height = 1; height <= 30 - origin / 30; height++) {
                for (int width = 1; width <= 30 - origin % 30; width++) {
                    if (height * width > rows * columns && allColours(field, origin, height, width)) {
                        rows = height;
                        columns = width;
                    }
                }
            }
            var crop = ArcTokens.crop(field, origin);
            assertEquals(rows + " x " + columns, crop.rows() + " x " + crop.columns());
            for (int i = 0; i < crop.cells().length; i++) {
                assertEquals(field[origin + i / columns * 30 + i % columns] - 2, crop.cells()[i]);
            }
        }
    }

    private static boolean allColours(int[] field, int origin, int height, int width) {
        for (int i = 0; i < height * width; i++) {
            if (field[origin + i / width * 30 + i % width] < 2) {
                return false;
            }
        }
        return true;
    }
}
