package trm4j.train.data.sudoku;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SudokuCanonTest {

    private static final SudokuCanon FOUR = new SudokuCanon(SudokuRules.FOUR);

    private static String form(SudokuCanon canon, byte[] clues, byte[] solution) {
        return canon.of(new SudokuPuzzle(clues, solution, 0));
    }

    @Test
    void all4x4GridsFallIntoTwoForms() {
        var grids = NaiveSudoku.solutions(new byte[16], 2, 2);
        assertEquals(288, grids.size());
        var forms = new HashMap<String, Integer>();
        for (var grid : grids) {
            forms.merge(form(FOUR, grid, grid), 1, Integer::sum);
        }
        assertEquals(Map.of("1234341221434321", 96, "1234341223414123", 192), forms);
    }

    @Test
    void all6x6GridsFallInto49Forms() {
        var canon = new SudokuCanon(SudokuRules.SIX);
        var firstRow = new byte[36];
        System.arraycopy(new byte[] {1, 2, 3, 4, 5, 6}, 0, firstRow, 0, 6);
        var forms = new HashSet<String>();
        var grids = NaiveSudoku.solutions(firstRow, 2, 3);
        assertEquals(28_200_960 / 720, grids.size());
        for (var grid : grids) {
            forms.add(form(canon, grid, grid));
        }
        assertEquals(49, forms.size());
    }

    /** By the literature: 13 minimal 4x4 puzzles with 4 clues, 22 with 5, one with 6, up to symmetry. */
    @Test
    void minimal4x4PuzzlesFallInto36Forms() {
        var forms = new TreeMap<Integer, HashSet<String>>();
        for (var text : List.of("1234341221434321", "1234341223414123")) {
            var solution = SudokuRules.FOUR.parse(text);
            var unique = new boolean[1 << 16];
            for (int mask = 0; mask < unique.length; mask++) {
                unique[mask] = Integer.bitCount(mask) >= 4
                        && SudokuSolver.solve(SudokuRules.FOUR, NaiveSudoku.masked(solution, mask)).solutions() == 1;
            }
            for (int mask = 0; mask < unique.length; mask++) {
                if (unique[mask] && isMinimal(unique, mask)) {
                    forms.computeIfAbsent(Integer.bitCount(mask), _ -> new HashSet<>())
                            .add(form(FOUR, NaiveSudoku.masked(solution, mask), solution));
                }
            }
        }
        assertEquals("4=13 5=22 6=1", String.join(" ",
                forms.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue().size()).toList()));
    }

    private static boolean isMinimal(boolean[] unique, int mask) {
        for (int rest = mask; rest != 0; rest &= rest - 1) {
            if (unique[mask & ~Integer.lowestOneBit(rest)]) {
                return false;
            }
        }
        return true;
    }

    @Test
    void equalFormsMeanSymmetricPuzzlesOn4x4() {
        var generator = new SudokuGenerator(SudokuRules.FOUR, 4, 6);
        var random = new SplittableRandom(4);
        var leastImages = new HashMap<String, String>();
        for (int i = 0; i < 150; i++) {
            var puzzle = generator.attempt(random).orElseThrow();
            var images = NaiveSudoku.images4(puzzle.clues());
            var form = FOUR.of(puzzle);
            assertTrue(images.contains(form));
            assertEquals(leastImages.computeIfAbsent(form, _ -> images.first()), images.first());
        }
        assertEquals(leastImages.size(), new HashSet<>(leastImages.values()).size());
        assertTrue(leastImages.size() < 150, "some puzzles were symmetric");
    }

    @ParameterizedTest
    @EnumSource
    void symmetriesKeepTheFormAndAnotherClueDoesNot(SudokuRules rules) {
        var canon = new SudokuCanon(rules);
        var generator = new SudokuGenerator(rules, rules.cells() / 2, rules.cells() / 2);
        var random = new SplittableRandom(5);
        for (int i = 0; i < 30; i++) {
            var puzzle = generator.attempt(random).orElseThrow();
            var form = canon.of(puzzle);
            for (int j = 0; j < 5; j++) {
                var image = SudokuSymmetry.random(rules, random).apply(puzzle);
                assertEquals(form, canon.of(image));
                assertEquals(SudokuInvariant.of(rules, puzzle.clues()), SudokuInvariant.of(rules, image.clues()));
                assertEquals(SudokuInvariant.of(rules, puzzle.solution()), SudokuInvariant.of(rules, image.solution()));
            }
            var fewer = puzzle.clues().clone();
            fewer[firstClue(fewer)] = 0;
            assertNotEquals(form, form(canon, fewer, puzzle.solution()));
        }
    }

    /** Which is what makes it worth finding: forms are needed of those alone that share it. */
    @Test
    void few9x9PuzzlesAndGridsShareAnInvariant() {
        var rules = SudokuRules.NINE;
        var random = new SplittableRandom(9);
        var ofPuzzles = new HashSet<Long>();
        var ofGrids = new HashSet<Long>();
        for (int i = 0; i < 200; i++) {
            var solution = SudokuSymmetry.random(rules, random).apply(SudokuSolver.randomSolution(rules, random));
            var clues = solution.clone();
            for (int blank = 0; blank < 56; blank++) {
                clues[random.nextInt(81)] = 0;
            }
            ofGrids.add(SudokuInvariant.of(rules, solution));
            ofPuzzles.add(SudokuInvariant.of(rules, clues));
        }
        assertTrue(ofGrids.size() > 198 && ofPuzzles.size() > 198, ofGrids.size() + " and " + ofPuzzles.size());
    }

    private static int firstClue(byte[] clues) {
        int cell = 0;
        while (clues[cell] == 0) {
            cell++;
        }
        return cell;
    }

    /** A grid with many automorphisms, so that the pattern of clues has to decide among many least images. */
    @Test
    void patternsDecideAmongAutomorphisms() {
        var rules = SudokuRules.NINE;
        var solution = new byte[81];
        for (int cell = 0; cell < 81; cell++) {
            solution[cell] = (byte) ((cell / 9 * 3 + cell / 27 + cell % 9) % 9 + 1);
        }
        assertTrue(rules.isValidSolution(solution));
        var canon = new SudokuCanon(rules);
        var random = new SplittableRandom(6);
        var cells = new Random(6);
        for (int i = 0; i < 20; i++) {
            var clues = solution.clone();
            for (int j = 0; j < 50; j++) {
                clues[cells.nextInt(81)] = 0;
            }
            var puzzle = new SudokuPuzzle(clues, solution, 0);
            assertEquals(canon.of(puzzle), canon.of(SudokuSymmetry.random(rules, random).apply(puzzle)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void symmetriesKeepPuzzlesPuzzles(SudokuRules rules) {
        var random = new SplittableRandom(7);
        var puzzle = new SudokuGenerator(rules, rules.cells() / 2, rules.cells() / 2).attempt(random).orElseThrow();
        var images = new HashSet<String>();
        for (int i = 0; i < 100; i++) {
            var image = SudokuSymmetry.random(rules, random).apply(puzzle);
            assertTrue(rules.isValidSolution(image.solution()));
            assertTrue(SudokuRules.respectsClues(image.clues(), image.solution()));
            assertEquals(1, SudokuSolver.solve(rules, image.clues()).solutions());
            images.add(SudokuRules.format(image.clues()));
        }
        assertTrue(images.size() > 90, images.size() + " different images");
    }

    @Test
    void randomSymmetriesReachEvery4x4Image() {
        // Two clues in one row and none in one column, so that no image is reached without transposing too.
        var puzzle = SudokuRules.FOUR.parse("12....3.........");
        var images = NaiveSudoku.images4(puzzle);
        var random = new SplittableRandom(8);
        var reached = new HashSet<String>();
        for (int i = 0; i < 40_000; i++) {
            reached.add(SudokuRules.format(SudokuSymmetry.random(SudokuRules.FOUR, random).apply(puzzle)));
        }
        assertEquals(images, reached);
    }
}
