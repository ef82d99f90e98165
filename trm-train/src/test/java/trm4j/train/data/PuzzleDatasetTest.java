package trm4j.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.model.Batch;
import trm4j.train.DatasetException;
import trm4j.train.data.npy.NumpyFiles;

class PuzzleDatasetTest {

    private static final int NONE = Batch.NO_LABEL;

    @TempDir
    private Path dir;

    private PuzzleDataset open(Map<String, byte[]> changes) throws IOException {
        var files = new HashMap<>(NumpyFiles.dataset());
        files.putAll(changes);
        return PuzzleDataset.open(NumpyFiles.write(dir, Split.TEST, files), Split.TEST);
    }

    private String refusal(Map<String, byte[]> changes) {
        return assertThrows(DatasetException.class, () -> open(changes)).getMessage();
    }

    private static Map<String, byte[]> json(String from, String to) {
        var text = new String(NumpyFiles.dataset().get("dataset.json"), StandardCharsets.UTF_8);
        assertTrue(text.contains(from));
        return Map.of("dataset.json", text.replace(from, to).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void opens() throws IOException {
        Files.writeString(dir.resolve("identifiers.json"), "[\"<blank>\", \"a\", \"b\", \"c\"]");
        try (var dataset = open(Map.of("all__ratings.npy", NumpyFiles.ints(0, 1, 2, 3, 4, -1, 6)))) {
            assertEquals(new DatasetInfo(null, 0, 6, 0, 8, 3, 4, 2, 7 / 3.0, null, List.of("all"), null),
                    dataset.info());
            assertEquals(List.of("<blank>", "a", "b", "c"), dataset.identifiers());
            assertArrayEquals(new int[] {0, 1, 2, 3, 4, -1, 6}, dataset.ratings().orElseThrow());
            assertEquals(List.of(7, 3, 2), List.of(dataset.examples(), dataset.puzzles(), dataset.groups()));
        }
    }

    @Test
    void needsNeitherNamesNorRatings() throws IOException {
        try (var dataset = open(Map.of())) {
            assertEquals(List.of(), dataset.identifiers());
            assertTrue(dataset.ratings().isEmpty());
        }
    }

    @Test
    void toleratesMissingTotalsDuplicateKeysAndNullLabel() throws IOException {
        try (var dataset = open(json("\"ignore_label_id\": 6", "\"ignore_label_id\": 6, \"ignore_label_id\": null"))) {
            assertEquals(null, dataset.info().ignoreLabelId());
            assertArrayEquals(new int[] {6, 6, 6}, dataset.example(6).labels());
        }
    }

    @Test
    void makesBatchesWithIgnoredLabels() throws IOException {
        try (var dataset = open(Map.of("all__labels.npy",
                NumpyFiles.npy("<i2", "(7, 3)", 2, 0, 1, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 6, 0)))) {
            var batch = dataset.batch(new int[] {6, 0});
            assertArrayEquals(new int[] {6, 6, 6, 0, 0, 0}, batch.inputs());
            assertArrayEquals(new int[] {7, NONE, 0, 0, 1, NONE}, batch.labels());
            assertArrayEquals(new int[] {3, 1}, batch.puzzleIdentifiers());
        }
    }

    @Test
    void allowsAnIgnoredLabelOutsideTheVocabulary() throws IOException {
        var changes = new HashMap<>(json("\"ignore_label_id\": 6", "\"ignore_label_id\": -1"));
        changes.put("all__labels.npy", NumpyFiles.npy("|i1", "(7, 3)", 1, new long[] {
            -1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
        try (var dataset = open(changes)) {
            assertArrayEquals(new int[] {NONE, 1, 2}, dataset.example(0).labels());
        }
    }

    static List<Arguments> disagreements() {
        return List.of(
                Arguments.of("all__labels.npy", NumpyFiles.npy("|u1", "(6, 3)", 1, new long[18]),
                        "expected as many rows as all__inputs.npy, 7, found 6"),
                Arguments.of("all__inputs.npy", NumpyFiles.npy("|u1", "(7, 2)", 1, new long[14]),
                        "[7, 2], expected [examples, seq_len = 3]"),
                Arguments.of("all__inputs.npy", NumpyFiles.npy("|u1", "(21,)", 1, new long[21]), "[21], expected"),
                Arguments.of("all__inputs.npy", NumpyFiles.npy("|u1", "(0, 3)", 1), "1 to 2147483631 examples"),
                Arguments.of("all__puzzle_indices.npy", NumpyFiles.ints(1, 2, 3, 7), "found 1 and 7"),
                Arguments.of("all__puzzle_indices.npy", NumpyFiles.ints(0, 2, 3, 6),
                        "end at 7, the number of examples"),
                Arguments.of("all__puzzle_indices.npy", NumpyFiles.ints(0, 3, 3, 7),
                        "entry 2: expected more than the entry before, 3, found 3"),
                Arguments.of("all__puzzle_indices.npy", NumpyFiles.ints(0, 5, 3, 7), "entry 2"),
                Arguments.of("all__puzzle_indices.npy", NumpyFiles.ints(), "found no entries"),
                Arguments.of("all__puzzle_indices.npy", NumpyFiles.npy("<i4", "(2, 2)", 4, 0, 2, 3, 7),
                        "one dimension"),
                Arguments.of("all__group_indices.npy", NumpyFiles.ints(0, 2, 4), "end at 3, the number of puzzles"),
                Arguments.of("all__group_indices.npy", NumpyFiles.ints(0, 2), "found 0 and 2"),
                Arguments.of("all__puzzle_identifiers.npy", NumpyFiles.ints(1, 2),
                        "expected one entry per puzzle, 3"),
                Arguments.of("all__puzzle_identifiers.npy", NumpyFiles.ints(1, 2, 4),
                        "entry 2: expected 0 to 3, found 4"),
                Arguments.of("all__puzzle_identifiers.npy", NumpyFiles.ints(1, -1, 3), "entry 1"),
                Arguments.of("all__puzzle_identifiers.npy", NumpyFiles.npy("<i8", "(3,)", 8, 0, 0, 1L << 32),
                        "entry 2"),
                Arguments.of("all__inputs.npy", NumpyFiles.npy("|u1", "(7, 3)", 1,
                        0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                        "row 1: expected tokens below vocab_size = 8, found 8"),
                Arguments.of("all__labels.npy", NumpyFiles.npy("|i1", "(7, 3)", 1,
                        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1), "row 6"),
                Arguments.of("all__ratings.npy", NumpyFiles.ints(1, 2), "expected one entry per example, 7, found 2"));
    }

    @ParameterizedTest
    @MethodSource("disagreements")
    void refusesFilesThatDisagree(String file, byte[] bytes, String reason) {
        var message = refusal(Map.of(file, bytes));
        assertTrue(message.contains(dir.resolve("test").resolve(file).toString()) && message.contains(reason), message);
    }

    @Test
    void mayBeToldWhatItsPuzzlesAre() throws IOException {
        try (var dataset = open(json("\"made_by\"", "\"kind\": \"squares-2_x\", \"made_by\""))) {
            assertEquals("squares-2_x", dataset.info().kind());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "3", "null", "\"\"", "[\"sudoku\"]", "{\"sudoku\": 1}", "\"Sudoku\"", "\"sudoku\\n\"",
        "\"\\u001b[2J\"", "\"a b\"", "\"../x\"", "LONG"})
    void refusesKindsThatAreNoWords(String kind) {
        var message = refusal(json(
                "\"made_by\"", "\"kind\": " + kind.replace("LONG", "\"" + "a".repeat(41) + "\"") + ", \"made_by\""));
        assertTrue(message.startsWith(dir.resolve("test/dataset.json") + ", key kind: expected a word of 1 to 40 "
                + "characters from a-z, 0-9, - and _, found "), message);
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "\"seq_len\": 3; \"seq_len\": 0; key seq_len: expected a whole number of at least 1, found 0",
        "\"seq_len\": 3; \"seq_len\": 3.5; key seq_len",
        "\"seq_len\": 3; \"seq_len\": 99999999999; key seq_len",
        "\"seq_len\": 3; \"seq_len\": \"3\"; key seq_len",
        "\"seq_len\"; \"length\"; key seq_len: expected a whole number of at least 1, found nothing",
        "\"ignore_label_id\"; \"ignored\"; key ignore_label_id: expected a whole number or null, found nothing",
        "\"pad_id\": 0; \"pad_id\": 8; key pad_id: expected a whole number from 0 to 7",
        "\"blank_identifier_id\": 0; \"blank_identifier_id\": 4; key blank_identifier_id",
        "[\"all\"]; [\"all\", \"more\"]; key sets: expected [\"all\"]",
        "[\"all\"]; [1]; key sets: expected a list of strings",
        "2.3333333333333335; 0; key mean_puzzle_examples: expected a number above 0",
        "2.3333333333333335; 1.0; key mean_puzzle_examples: expected about 2.33",
        "\"total_groups\": 2; \"total_groups\": 3; key total_groups: expected 2, as all__group_indices",
        "\"hand\"}; \"hand\"; is not valid JSON at line 3",
        "\"hand\"}; \"hand\"}}; is not valid JSON",
    })
    void refusesBadDescriptions(String from, String to, String reason) {
        var message = refusal(json(from, to));
        assertTrue(message.contains(dir.resolve("test").toString()) && message.contains(reason), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "dataset.json", "all__inputs.npy", "all__labels.npy", "all__puzzle_identifiers.npy", "all__puzzle_indices.npy",
        "all__group_indices.npy"})
    void namesTheMissingFile(String name) throws IOException {
        open(Map.of()).close();
        var file = dir.resolve("test").resolve(name);
        Files.delete(file);
        var message = assertThrows(DatasetException.class, () -> PuzzleDataset.open(dir, Split.TEST)).getMessage();
        assertEquals(file + " is missing; copy or make the dataset again.", message);
    }

    @Test
    void refusesAMissingSplitAndWrongNames() throws IOException {
        var message = assertThrows(DatasetException.class, () -> PuzzleDataset.open(dir, Split.TRAIN)).getMessage();
        assertTrue(message.contains("has no folder train"), message);
        Files.writeString(dir.resolve("identifiers.json"), "[\"<blank>\"]");
        assertTrue(refusal(Map.of()).contains("identifiers.json: expected num_puzzle_identifiers = 4 names"));
    }

    @Test
    void countsStepsAsTheReference() throws IOException {
        try (var dataset = open(Map.of())) {
            // int(10 * 2 * 2.333 / 3)
            assertEquals(15, dataset.info().steps(10, 3));
        }
    }
}
