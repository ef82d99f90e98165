package trm4j.train.data.sudoku;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SudokuSolverTest {

    private static final SudokuRules NINE = SudokuRules.NINE;

    /** Made to be hard for searches that go cell by cell. */
    private static final String AGAINST_BRUTE_FORCE =
            "..............3.85..1.2.......5.7.....4...1...9.......5......73..2.1........4...9";

    @Test
    void agreesWithBruteForceOn4x4() {
        var random = new Random(1);
        var grids = NaiveSudoku.solutions(new byte[16], 2, 2);
        var seen = new HashSet<Integer>();
        for (int i = 0; i < 3000; i++) {
            var clues = NaiveSudoku.masked(grids.get(random.nextInt(288)), random.nextInt(1 << 16));
            // Every third with a digit changed, to have puzzles without solutions among them.
            if (i % 3 == 0) {
                clues[random.nextInt(16)] = (byte) (1 + random.nextInt(4));
            }
            var solutions = NaiveSudoku.solutions(clues, 2, 2);
            var outcome = SudokuSolver.solve(SudokuRules.FOUR, clues);
            assertEquals(Math.min(2, solutions.size()), outcome.solutions(), SudokuRules.format(clues));
            seen.add(outcome.solutions());
            if (solutions.size() == 1) {
                assertArrayEquals(solutions.getFirst(), outcome.solution());
            } else if (!solutions.isEmpty()) {
                assertTrue(SudokuRules.FOUR.isValidSolution(outcome.solution()));
                assertTrue(SudokuRules.respectsClues(clues, outcome.solution()));
            }
        }
        assertEquals(3, seen.size());
    }

    @ParameterizedTest
    @CsvSource({
        // A famous easy one, Inkala's of 2012, and one with 17 clues.
        "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79,"
            + "534678912672195348198342567859761423426853791713924856961537284287419635345286179",
        "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..,"
            + "812753649943682175675491283154237896369845721287169534521974368438526917796318452",
        AGAINST_BRUTE_FORCE + ","
            + "987654321246173985351928746128537694634892157795461832519286473472319568863745219",
    })
    void solvesKnownPuzzles(String question, String answer) {
        var outcome = SudokuSolver.solve(NINE, NINE.parse(question));
        assertEquals(1, outcome.solutions());
        assertEquals(answer, SudokuRules.format(outcome.solution()));
    }

    @Test
    void isQuickWhereBruteForceIsNot() {
        assertTimeout(Duration.ofSeconds(1), () -> SudokuSolver.solve(NINE, NINE.parse(AGAINST_BRUTE_FORCE)));
        assertTimeout(Duration.ofSeconds(1), () -> SudokuSolver.solve(NINE, new byte[81]));
    }

    @Test
    void rejectsCluesThatContradictOneAnother() {
        var outcome = SudokuSolver.solve(NINE, NINE.parse("1.......1" + ".".repeat(72)));
        assertEquals(0, outcome.solutions());
        assertNull(outcome.solution());
    }

    @Test
    void countsGuesses() {
        var easy = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79";
        assertEquals(0, SudokuSolver.solve(NINE, NINE.parse(easy)).guesses());
        // An empty 4x4 grid offers nothing but guesses to begin with.
        assertTrue(SudokuSolver.solve(SudokuRules.FOUR, new byte[16]).guesses() >= 3);
    }

    @ParameterizedTest
    @EnumSource
    void randomSolutionsAreValidAndVaried(SudokuRules rules) {
        var random = new SplittableRandom(3);
        var seen = new HashSet<String>();
        for (int i = 0; i < 2000; i++) {
            var grid = SudokuSolver.randomSolution(rules, random);
            assertTrue(rules.isValidSolution(grid));
            seen.add(SudokuRules.format(grid));
        }
        // Of 4x4 there are 288, and 2000 draws leave out hardly any.
        assertTrue(seen.size() > (rules == SudokuRules.FOUR ? 270 : 1900), seen.size() + " different");
    }

    @Test
    void rulesTellSolutionsFromOtherGrids() {
        var grid = NINE.parse("534678912672195348198342567859761423426853791713924856961537284287419635345286179");
        assertTrue(NINE.isValidSolution(grid));
        for (byte other : new byte[] {-1, 0, 1, 10, 100}) {
            var wrong = grid.clone();
            wrong[40] = other;
            assertFalse(NINE.isValidSolution(wrong));
        }
        assertFalse(NINE.isValidSolution(new byte[16]));
        // Rows and columns in order, boxes not.
        assertFalse(SudokuRules.FOUR.isValidSolution(SudokuRules.FOUR.parse("1234234134124123")));
    }

    @Test
    void cluesAreRespectedOrNot() {
        var grid = SudokuRules.FOUR.parse("1234341221434321");
        assertTrue(SudokuRules.respectsClues(SudokuRules.FOUR.parse("1...3..........1"), grid));
        assertFalse(SudokuRules.respectsClues(SudokuRules.FOUR.parse("2...3..........1"), grid));
    }

    @Test
    void tokensAndTextGoBackAndForth() {
        var grid = SudokuRules.FOUR.parse("1.304...........");
        assertArrayEquals(new int[] {2, 1, 4, 1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, SudokuRules.tokens(grid));
        assertArrayEquals(grid, SudokuRules.grid(SudokuRules.tokens(grid)));
        assertEquals("1.3.4...........", SudokuRules.format(grid));
    }
}
