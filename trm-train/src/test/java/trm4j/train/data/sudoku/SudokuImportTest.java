package trm4j.train.data.sudoku;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.train.DatasetException;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.PuzzleSummary;
import trm4j.train.data.Split;
import trm4j.train.data.Warnings;
import trm4j.train.data.csv.CsvFiles;

class SudokuImportTest {

    private static final String EASY =
            "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79";
    private static final String SOLVED =
            "534678912672195348198342567859761423426853791713924856961537284287419635345286179";

    @RegisterExtension
    private final Warnings log = new Warnings();

    @TempDir
    private Path parent;

    private Path file;
    private Path out;

    @BeforeEach
    void name() {
        file = parent.resolve("some.csv");
        out = parent.resolve("set");
    }

    private List<String> warnings() {
        return log.messages().stream().map(message -> message.replace(file.toString(), "FILE")).toList();
    }

    private static SudokuSource.Csv all(Path path) {
        return new SudokuSource.Csv(CsvFiles.test(path), 0, 1);
    }

    private PuzzleSummary load(String... lines) throws IOException {
        Files.write(file, List.of(lines));
        return SudokuDataset.write(all(file), out, false);
    }

    @Test
    void tellsHowManyRowsWereReadAndPuzzlesWritten() throws IOException {
        Files.write(file, List.of("question", EASY, EASY));
        var told = new ArrayList<String>();
        var csv = new CsvFiles(file, Split.TRAIN, OptionalInt.of(1), 0);
        SudokuDataset.write(new SudokuSource.Csv(csv, 3, 1), out, false, (what, done, total) ->
                told.add(what + " " + done + "/" + total));
        assertEquals(List.of("rows of " + file.getFileName() + " 2/0", "training puzzles 1/1"), told);
    }

    private String refusal(SudokuSource source) {
        var message = assertThrows(DatasetException.class, () -> SudokuDataset.write(source, out, false)).getMessage();
        assertFalse(Files.exists(out));
        return message;
    }

    private List<String> questions(Split split) {
        try (var dataset = PuzzleDataset.open(out, split)) {
            var questions = new ArrayList<String>();
            for (int i = 0; i < dataset.examples(); i++) {
                questions.add(SudokuRules.format(SudokuRules.grid(dataset.example(i).inputs())));
            }
            return questions;
        }
    }

    @Test
    void takesPuzzlesAnswersAndRatings() throws IOException {
        var summary = load("source,question,answer,rating", "a," + EASY + "," + SOLVED + ",12", "b," + EASY + ",,");
        assertEquals(Map.of(Split.TEST, new PuzzleSummary.Count(2, 2, 0, 0)), summary.splits());
        assertEquals(List.of(), warnings());
        try (var dataset = PuzzleDataset.open(out, Split.TEST)) {
            assertArrayEquals(new int[] {12, -1}, dataset.ratings().orElseThrow());
            for (int i = 0; i < dataset.examples(); i++) {
                assertEquals(EASY, SudokuRules.format(SudokuRules.grid(dataset.example(i).inputs())));
                assertEquals(SOLVED, SudokuRules.format(SudokuRules.grid(dataset.example(i).labels())));
            }
        }
    }

    @Test
    void findsColumnsByNameAndSolvesWhatHasNoAnswer() throws IOException {
        load("\uFEFFNote , Question", "\"with, comma\",1.....2..3.....4", "\"two", "lines\", 2000001003000004");
        assertEquals(List.of("1.....2..3.....4", "2.....1..3.....4"), questions(Split.TEST));
        try (var dataset = PuzzleDataset.open(out, Split.TEST)) {
            assertTrue(dataset.ratings().isEmpty());
        }
    }

    @Test
    void reportsImproperRowsByLine() throws IOException {
        var summary = load(
                "question,answer,rating",
                "1.....2..3.....4,,1",
                "1.....2..3.....,,1",
                "1.....2..3....x4,,1",
                "1.....2..3.....5,,1",
                "11....2..3.....4,,1",
                "................,,1",
                "1.....2..3.....4,1234341221434321,1",
                "1.....2..3.....4,123,1",
                "1.....2..3.....4,,hard",
                "",
                EASY + ",,1",
                ",,1",
                "1.....2..3.....4,,3");
        assertEquals(new PuzzleSummary.Count(2, 2, 10, 0), summary.splits().get(Split.TEST));
        var warnings = warnings();
        assertEquals(10, warnings.size());
        assertEquals("FILE:3: left out: A 4x4 Sudoku has 16 characters, one per cell, but this one has 15.",
                warnings.getFirst());
        var expected = List.of("3", "15", "4", "'x' at character 15", "5", "'5' at character 16", "6", "no solution",
                "7", "more than one solution", "8", "answer is not a solution", "9", "this one has 3",
                "10", "rating is 'hard'", "12", "this one has 81", "13", "this one has 0");
        for (int i = 0; i < warnings.size(); i++) {
            assertTrue(warnings.get(i).startsWith("FILE:" + expected.get(2 * i) + ": "), warnings.get(i));
            assertTrue(warnings.get(i).contains(expected.get(2 * i + 1)), warnings.get(i));
        }
    }

    @Test
    void reportsTwentyAndCountsTheRest() throws IOException {
        var lines = new ArrayList<>(Collections.nCopies(3000, "bad"));
        lines.add(0, "question");
        lines.add("1.....2..3.....4");
        var summary = load(lines.toArray(String[]::new));
        assertEquals(new PuzzleSummary.Count(1, 1, 3000, 0), summary.splits().get(Split.TEST));
        assertEquals(21, warnings().size());
        assertEquals("FILE: 2980 more puzzles left out", warnings().getLast());
    }

    @Test
    void aFolderGivesBothSplitsAndOnlyTrainingIsAugmentedAndSampled() throws IOException {
        var rows = new ArrayList<>(List.of("question,rating"));
        var forms = new SudokuGenerator(SudokuRules.FOUR, 5, 8);
        var random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            rows.add(SudokuRules.format(forms.attempt(random).orElseThrow().clues()) + "," + i);
        }
        Files.write(parent.resolve("train.csv"), rows);
        Files.write(parent.resolve("test.csv"), rows);
        var source = new SudokuSource.Csv(new CsvFiles(parent, Split.TEST, OptionalInt.of(30), 100), 2, 1);
        var summary = SudokuDataset.write(source, out, false);
        assertEquals(Map.of(
                Split.TRAIN, new PuzzleSummary.Count(30, 90, 0, 100),
                Split.TEST, new PuzzleSummary.Count(100, 100, 0, 100)), summary.splits());
        try (var train = PuzzleDataset.open(out, Split.TRAIN)) {
            assertEquals(30, train.groups());
            var ratings = train.ratings().orElseThrow();
            var sampled = new HashSet<Integer>();
            for (int example = 0; example < 90; example++) {
                assertTrue(ratings[example] >= 100);
                assertEquals(ratings[example - example % 3], ratings[example]);
                sampled.add(ratings[example]);
            }
            assertEquals(30, sampled.size());
            assertTrue(Collections.max(sampled) >= 170 && Collections.min(sampled) < 130, "spread: " + sampled);
        }
        assertEquals(rows.stream().skip(101).map(row -> row.substring(0, 16)).toList(), questions(Split.TEST));
    }

    @Test
    void samplesOnlyProperPuzzlesAndAllIfThereAreNotMore() throws IOException {
        Files.write(file, List.of("question", "................", "1.....2..3.....4", "bad", "2.....1..3.....4"));
        var source = new SudokuSource.Csv(new CsvFiles(file, Split.TRAIN, OptionalInt.of(10), 0), 0, 1);
        var summary = SudokuDataset.write(source, out, false);
        assertEquals(Map.of(Split.TRAIN, new PuzzleSummary.Count(2, 2, 2, 0)), summary.splits());
        assertEquals(List.of("1.....2..3.....4", "2.....1..3.....4"), questions(Split.TRAIN));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', value = {
        "answer,rating|x,1; expected a first line that names the column question",
        "question|bad; has no puzzle: expected Sudokus, questions of 16, 36 or 81",
        "question; has no puzzle",
        "question|................; expected Sudokus, but no puzzle is left, after 1 improper ones",
        "question|#.............#.|bad; (the first in line 2: A 4x4 Sudoku has digits",
        "question|\"1.....2..3.....4; cannot be read as UTF-8 CSV",
    })
    void refusesFilesWithoutPuzzles(String lines, String reason) throws IOException {
        Files.write(file, List.of(lines.split("\\|")));
        var message = refusal(all(file));
        assertTrue(message.startsWith(file.toString()) && message.contains(reason), message);
        assertEquals(List.of(), warnings());
    }

    @Test
    void refusesAnEmptyFileAMissingOneAndAFolderOfOthers() throws IOException {
        Files.write(file, new byte[0]);
        assertTrue(refusal(all(file)).contains("expected a first line"));
        Files.delete(file);
        assertEquals(file + " does not exist, expected a CSV file of Sudokus.", refusal(all(file)));
        assertTrue(refusal(all(parent)).contains("has neither train.csv nor test.csv"));
    }

    @Test
    void refusesRatingsThatAreNotThere() throws IOException {
        Files.write(file, List.of("question", "1.....2..3.....4"));
        var source = new SudokuSource.Csv(new CsvFiles(file, Split.TEST, OptionalInt.empty(), 5), 0, 1);
        assertTrue(refusal(source).contains("expected a column rating"));
    }

    @Test
    void refusesSplitsOfTwoSizes() throws IOException {
        Files.write(parent.resolve("train.csv"), List.of("question", "1.....2..3.....4"));
        Files.write(parent.resolve("test.csv"), List.of("question", EASY));
        assertTrue(refusal(all(parent)).contains("81 cells, expected 16 as in train.csv"));
    }
}
