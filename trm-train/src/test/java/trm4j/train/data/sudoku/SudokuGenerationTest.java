package trm4j.train.data.sudoku;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.train.DatasetException;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.PuzzleSummary;
import trm4j.train.data.Split;

class SudokuGenerationTest {

    @TempDir
    private Path parent;

    private Path write(String name, SudokuSource source) {
        var dir = parent.resolve(name);
        SudokuDataset.write(source, dir, false);
        return dir;
    }

    private static List<SudokuPuzzle> puzzles(Path dir, Split split) {
        try (var dataset = PuzzleDataset.open(dir, split)) {
            var puzzles = new ArrayList<SudokuPuzzle>();
            for (int i = 0; i < dataset.examples(); i++) {
                puzzles.add(new SudokuPuzzle(
                        SudokuRules.grid(dataset.example(i).inputs()), SudokuRules.grid(dataset.example(i).labels()),
                        dataset.ratings().orElseThrow()[i]));
            }
            return puzzles;
        }
    }

    @ParameterizedTest
    @CsvSource({"FOUR, 5, 7", "SIX, 10, 12", "NINE, 26, 28"})
    void makesWhatIsAskedFor(SudokuRules rules, int minClues, int maxClues) {
        var dir = parent.resolve("set");
        var summary = SudokuDataset.write(
                new SudokuSource.Generated(rules, 40, 30, minClues, maxClues, 2, 1), dir, false);
        assertEquals(Map.of(
                Split.TRAIN, new PuzzleSummary.Count(40, 120, 0, 0),
                Split.TEST, new PuzzleSummary.Count(30, 30, 0, 0)), summary.splits());
        var clueCounts = new HashSet<Integer>();
        for (var split : Split.values()) {
            for (var puzzle : puzzles(dir, split)) {
                var outcome = SudokuSolver.solve(rules, puzzle.clues());
                assertEquals(1, outcome.solutions());
                assertArrayEquals(outcome.solution(), puzzle.solution());
                int clues = (int) SudokuRules.format(puzzle.clues()).chars().filter(c -> c != '.').count();
                assertTrue(minClues <= clues && clues <= maxClues, clues + " clues");
                clueCounts.add(clues);
            }
        }
        assertTrue(clueCounts.size() > 1);
        try (var dataset = PuzzleDataset.open(dir, Split.TRAIN)) {
            assertEquals(List.of(40, 120, 120), List.of(dataset.groups(), dataset.puzzles(), dataset.examples()));
            assertEquals(rules.size() + 2, dataset.info().vocabSize());
            assertEquals(List.of("<blank>"), dataset.identifiers());
        }
    }

    @Test
    void noTestPuzzleIsSymmetricToAnother() {
        var dir = write("set", new SudokuSource.Generated(SudokuRules.FOUR, 300, 60, 4, 6, 1, 2));
        var test = new HashSet<String>();
        for (var puzzle : puzzles(dir, Split.TEST)) {
            assertTrue(test.add(NaiveSudoku.images4(puzzle.clues()).first()));
        }
        var train = new HashSet<String>();
        var unaugmented = new HashSet<String>();
        var puzzles = puzzles(dir, Split.TRAIN);
        for (int i = 0; i < puzzles.size(); i += 2) {
            var images = NaiveSudoku.images4(puzzles.get(i).clues());
            assertTrue(images.contains(SudokuRules.format(puzzles.get(i + 1).clues())), "an augmentation");
            assertTrue(unaugmented.add(SudokuRules.format(puzzles.get(i).clues())));
            train.add(images.first());
        }
        assertEquals(60, test.size());
        assertTrue(train.size() > 60);
        train.retainAll(test);
        assertEquals(new HashSet<>(), train);
    }

    @Test
    void theSeedSettlesEverything() throws IOException {
        var first = write("a", new SudokuSource.Generated(SudokuRules.SIX, 20, 10, 10, 16, 3, 7));
        var again = write("b", new SudokuSource.Generated(SudokuRules.SIX, 20, 10, 10, 16, 3, 7));
        var other = write("c", new SudokuSource.Generated(SudokuRules.SIX, 20, 10, 10, 16, 3, 8));
        for (var split : Split.values()) {
            var file = split + "/all__inputs.npy";
            assertEquals(-1, Files.mismatch(first.resolve(file), again.resolve(file)));
            assertNotEquals(-1, Files.mismatch(first.resolve(file), other.resolve(file)));
        }
    }

    @Test
    void saysWhenThereAreNotEnough() throws IOException {
        var message = assertThrows(DatasetException.class, () ->
                write("set", new SudokuSource.Generated(SudokuRules.FOUR, 5, 14, 4, 4, 0, 1))).getMessage();
        // There are 13 forms, and both splits need some.
        assertTrue(message.matches("Only \\d of 14 test puzzles .* no new 4x4 Sudoku of 4 to 4 clues; .*"), message);
        try (var left = Files.list(parent)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void saysWhenItCannotWrite() throws IOException {
        Files.writeString(parent.resolve("file"), "");
        var message = assertThrows(DatasetException.class, () ->
                write("file/set", new SudokuSource.Generated(SudokuRules.FOUR, 1, 1, 4, 8, 0, 1))).getMessage();
        assertTrue(message.startsWith("The dataset " + parent.resolve("file/set") + " cannot be written"), message);
    }

    @Test
    void writesNoSplitWithoutPuzzles() {
        var dir = write("set", new SudokuSource.Generated(SudokuRules.FOUR, 0, 3, 4, 8, 0, 1));
        assertEquals(3, puzzles(dir, Split.TEST).size());
        assertFalse(Files.exists(dir.resolve("train")));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 24, 32, 0", "-1, 5, 24, 32, 0", "1, 1, 16, 32, 0", "1, 1, 33, 32, 0", "1, 1, 24, 82, 0",
        "1, 1, 24, 32, -1"})
    void refusesWhatMakesNoSense(int train, int test, int minClues, int maxClues, int augment) {
        var message = assertThrows(DatasetException.class, () ->
                new SudokuSource.Generated(SudokuRules.NINE, train, test, minClues, maxClues, augment, 1)).getMessage();
        assertTrue(message.startsWith("Expected "), message);
    }
}
