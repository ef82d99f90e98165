package trm4j.train.data.sudoku;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.train.DatasetException;
import trm4j.train.data.LeakPolicy;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.PuzzleSummary;
import trm4j.train.data.Sources;
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

    /** Made by pyarrow; columns in another order, ratings with a point, as where some have none. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy"})
    void takesPuzzlesOfParquetFiles(String compression) throws IOException {
        file = parquet("puzzles-" + compression);
        var summary = SudokuDataset.write(all(file), out, false);
        assertEquals(Map.of(Split.TEST, new PuzzleSummary.Count(2, 2, 1, 0)), summary.splits());
        assertEquals(List.of("1.....2..3.....4", "2.....1..3.....4"), questions(Split.TEST));
        try (var dataset = PuzzleDataset.open(out, Split.TEST)) {
            assertArrayEquals(new int[] {7, -1}, dataset.ratings().orElseThrow());
        }
        assertEquals(List.of("FILE:3: left out: A 4x4 Sudoku has 16 characters, one per cell, but this one has 3."),
                warnings());
    }

    private Path parquet(String name) throws IOException {
        try (var resource = CsvFiles.class.getResourceAsStream(name + ".parquet")) {
            return Files.write(parent.resolve("some.parquet"), resource.readAllBytes());
        }
    }

    @Test
    void refusesDamagedParquetFiles() throws IOException {
        file = parquet("nested");
        assertEquals(file + " cannot be read as Parquet (expected columns of texts and numbers, found nested ones); mend "
                + "it and try again.", refusal(all(file)));
        file = parquet("puzzles-gzip");
        var bytes = Files.readAllBytes(file);
        for (int cut : new int[] {0, 3, bytes.length / 2, bytes.length - 1}) {
            Files.write(file, Arrays.copyOf(bytes, cut));
            assertTrue(refusal(all(file)).startsWith(file + " cannot be read as Parquet ("));
        }
        // The first page begins after the magic number.
        Arrays.fill(bytes, 4, 60, (byte) 0x55);
        Files.write(file, bytes);
        assertTrue(refusal(all(file)).startsWith(file + " cannot be read as Parquet ("));
    }

    @Test
    void takesCompressedCsvFiles() throws IOException {
        try (var zipped = new GZIPOutputStream(Files.newOutputStream(parent.resolve("test.csv.gz")))) {
            zipped.write("rating,question\n3.0,1.....2..3.....4\n".getBytes(StandardCharsets.UTF_8));
        }
        SudokuDataset.write(all(parent), out, false);
        assertEquals(List.of("1.....2..3.....4"), questions(Split.TEST));
        var twice = Files.write(parent.resolve("test.csv"), List.of("question", "1.....2..3.....4"));
        out = parent.resolve("other");
        assertEquals(parent + " has test.csv and test.csv.gz, expected one of them; take the other away, or give a single "
                + "file.", refusal(all(parent)));
        Files.move(twice, parent.resolve("no.csv.gz"));
        var message = refusal(all(parent.resolve("no.csv.gz")));
        assertTrue(message.contains("cannot be read as UTF-8 CSV (Not in GZIP format)"), message);
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
        var files = new CsvFiles(parent, Split.TEST, OptionalInt.of(30), 100, LeakPolicy.KEEP);
        var source = new SudokuSource.Csv(files, 2, 1);
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

    /** An image by hand: rows of a band and a stack's columns exchanged, turned over the diagonal, 1 and 5 exchanged. */
    private static String image(String grid) {
        var image = new StringBuilder();
        for (int cell = 0; cell < 81; cell++) {
            int row = cell % 9;
            int column = cell / 9;
            char digit = grid.charAt("102345678".charAt(row) * 9 - '0' * 9 + "345012678".charAt(column) - '0');
            image.append(digit == '1' ? '5' : digit == '5' ? '1' : digit);
        }
        return image.toString();
    }

    /** The puzzle of the answer, with other clues. */
    private static String fuller() {
        return SOLVED.substring(0, 9) + EASY.substring(9);
    }

    @Test
    void testPuzzlesAreFoundAmongTheOthers() throws IOException {
        Files.write(parent.resolve("test.csv"), List.of("question,answer", EASY + "," + SOLVED));
        Files.write(parent.resolve("train.csv"), List.of(
                "question", fuller(), image(EASY), image(fuller()), "bad", EASY, image(image(EASY))));
        var files = new CsvFiles(parent, Split.TEST, OptionalInt.empty(), 0);
        var summary = SudokuDataset.write(new SudokuSource.Csv(files, 0, 1), out, false);
        assertEquals(List.of(fuller(), image(fuller())), questions(Split.TRAIN));
        assertEquals(new PuzzleSummary.Count(2, 2, 1, 0), summary.splits().get(Split.TRAIN));
        assertEquals("Left out of training: 3 puzzles that are test puzzles or symmetric to one, 1 word for word: "
                        + "train.csv:3 is test.csv:2, train.csv:6 is test.csv:2, train.csv:7 is test.csv:2",
                summary.remarks().getFirst());
        var one = new CsvFiles(parent, Split.TEST, OptionalInt.of(5), 0);
        SudokuDataset.write(new SudokuSource.Csv(one, 0, 1), out, true);
        assertEquals(Set.of(fuller(), image(fuller())), Set.copyOf(questions(Split.TRAIN)), "sampled from the rest");
    }

    @Test
    void testPuzzlesAmongTheOthersAreRefusedOrKeptIfAskedFor() throws IOException {
        Files.write(parent.resolve("test.csv"), List.of("question", EASY));
        Files.write(parent.resolve("train.csv"), List.of("question", fuller(), image(EASY)));
        var refused = new CsvFiles(parent, Split.TEST, OptionalInt.empty(), 0, LeakPolicy.REFUSE);
        assertEquals("Expected no training data that is tested on, found 1 puzzle that is a test puzzle or symmetric to "
                        + "one, 0 word for word: train.csv:3 is test.csv:2; take it out of the files, or have it left "
                        + "out with --leaks drop.", refusal(new SudokuSource.Csv(refused, 0, 1)));
        var kept = new CsvFiles(parent, Split.TEST, OptionalInt.of(2), 0, LeakPolicy.KEEP);
        var summary = SudokuDataset.write(new SudokuSource.Csv(kept, 0, 1), out, false);
        assertTrue(summary.remarks().getFirst().startsWith("Trained on all the same: 1 puzzle that"), "" + summary);
        assertEquals(List.of(fuller(), image(EASY)), questions(Split.TRAIN));
        Files.write(parent.resolve("train.csv"), List.of("question", image(EASY)));
        var none = new CsvFiles(parent, Split.TEST, OptionalInt.empty(), 0);
        var message = assertThrows(DatasetException.class, () ->
                SudokuDataset.write(new SudokuSource.Csv(none, 0, 1), out, true)).getMessage();
        assertTrue(message.contains("no puzzle is left to train on. Left out of training: 1 puzzle"), message);
    }

    /** The checksum is that of sha256sum. */
    @Test
    void aDataSetSaysWhatItWasMadeOf() throws IOException {
        Files.writeString(file, "question\n1.....2..3.....4\n");
        var csv = new CsvFiles(file, Split.TRAIN, OptionalInt.of(3), 0);
        SudokuDataset.write(new SudokuSource.Csv(csv, 2, 7), out, false);
        assertEquals("""
                {"kind":"sudoku","options":{"augment":2,"seed":7,"subsample":3,"min_rating":0,"leaks":"drop"},\
                "csv":[{"name":"some.csv","bytes":26,\
                "sha256":"3a7639366b9e4590ef3ad338b85d5302e57fef4dcf7dca4a8c8b9bb0b8267899"}],"remarks":[]}""",
                Files.readString(out.resolve("sources.json")));
        SudokuDataset.write(
                new SudokuSource.Generated(SudokuRules.FOUR, 1, 1, 5, 7, 0, 1), out, true);
        assertEquals("{\"augment\":0,\"seed\":1,\"size\":4,\"train\":1,\"test\":1,\"clues\":\"5-7\"}",
                Sources.of(out).orElseThrow().get("options").toString());
    }

    /** Small puzzles have few images; one that is drawn again is not another. */
    @Test
    void imagesOfAPuzzleAreDifferent() throws IOException {
        var puzzle = "1.....2..3.....4";
        Files.write(file, List.of("question", puzzle));
        var csv = new CsvFiles(file, Split.TRAIN, OptionalInt.empty(), 0);
        SudokuDataset.write(new SudokuSource.Csv(csv, 200, 1), out, false);
        var questions = questions(Split.TRAIN);
        assertEquals(201, questions.size());
        assertEquals(201, Set.copyOf(questions).size());
        var images = NaiveSudoku.images4(SudokuRules.FOUR.parse(puzzle));
        assertTrue(images.containsAll(questions));
        SudokuDataset.write(new SudokuSource.Csv(csv, 10_000, 1), out, true);
        assertEquals(images.size(), questions(Split.TRAIN).size());
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
        assertEquals(file + " does not exist, expected a CSV or Parquet file of Sudokus.", refusal(all(file)));
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
