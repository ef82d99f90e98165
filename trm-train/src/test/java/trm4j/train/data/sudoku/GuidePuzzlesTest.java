package trm4j.train.data.sudoku;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The guide's own Sudokus are kept apart as it says that puzzles should be. */
class GuidePuzzlesTest {

    private static final Path GUIDE = Path.of("..", "docs", "guide.md");

    /** What symmetric puzzles of a table of the guide have in common. */
    private static List<String> forms(String guide, String file) {
        var rules = SudokuRules.FOUR;
        var canon = new SudokuCanon(rules);
        var table = guide.substring(guide.indexOf("cat >csv/" + file));
        return table.substring(0, table.indexOf("\nEND")).lines().skip(2)
                .map(row -> rules.parse(row.split(",")[0]))
                .map(clues -> canon.of(new SudokuPuzzle(clues, SudokuSolver.solve(rules, clues).solution(), 0)))
                .toList();
    }

    @Test
    void noTestPuzzleIsSymmetricToAnother() throws IOException {
        var guide = Files.readString(GUIDE);
        var train = forms(guide, "train.csv");
        var test = forms(guide, "test.csv");
        assertEquals(List.of(12, 4), List.of(train.size(), test.size()));
        var forms = new HashSet<>(train);
        for (var form : test) {
            assertTrue(forms.add(form), form);
        }
    }
}
