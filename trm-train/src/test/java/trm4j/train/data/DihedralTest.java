package trm4j.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DihedralTest {

    private static final Grid GRID = grid("abc/def");

    private static Grid grid(String rows) {
        var lines = rows.split("/");
        return new Grid(lines.length, lines[0].length(), String.join("", lines).getBytes());
    }

    /** What numpy's rot90, fliplr, flipud and T make of it. */
    @ParameterizedTest
    @CsvSource({
        "0, abc/def", "1, cf/be/ad", "2, fed/cba", "3, da/eb/fc", "4, cba/fed", "5, def/abc", "6, ad/be/cf",
        "7, fc/eb/da"
    })
    void imagesAreThoseOfTheAuthorsNumbers(int number, String image) {
        assertEquals(grid(image), Dihedral.values()[number].apply(GRID));
    }

    @ParameterizedTest
    @EnumSource
    void inverseUndoes(Dihedral symmetry) {
        assertEquals(GRID, symmetry.inverse().apply(symmetry.apply(GRID)));
    }

    @Test
    void sizesMatter() {
        assertEquals(false, grid("abc/def").equals(grid("ab/cd/ef")));
    }
}
