package trm4j.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.model.Example;
import trm4j.train.DatasetException;
import trm4j.train.data.TrainBatches.Position;
import trm4j.train.data.npy.NumpyFiles;

class BatchesTest {

    @TempDir
    private Path dir;

    private PuzzleDataset dataset;

    @AfterEach
    void close() {
        if (dataset != null) {
            dataset.close();
        }
    }

    /** One-token examples, numbered; puzzle p has sizes[p] of them; groups end at these puzzles. */
    private void make(int[] sizes, long... groupIndices) throws IOException {
        var puzzleIndices = new long[sizes.length + 1];
        for (int p = 0; p < sizes.length; p++) {
            puzzleIndices[p + 1] = puzzleIndices[p] + sizes[p];
        }
        int examples = IntStream.of(sizes).sum();
        var tokens = NumpyFiles.npy("<i2", "(" + examples + ", 1)", 2, LongStream.range(0, examples).toArray());
        var json = """
                {"pad_id": 999, "ignore_label_id": null, "blank_identifier_id": 7, "vocab_size": 1000, "seq_len": 1,
                 "num_puzzle_identifiers": 500, "total_groups": %d, "mean_puzzle_examples": %s, "sets": ["all"]}
                """.formatted(groupIndices.length - 1, (double) examples / sizes.length);
        dataset = PuzzleDataset.open(NumpyFiles.write(dir, Split.TRAIN, Map.of(
                "dataset.json", json.getBytes(StandardCharsets.UTF_8),
                "all__inputs.npy", tokens,
                "all__labels.npy", tokens,
                "all__puzzle_identifiers.npy", NumpyFiles.ints(LongStream.range(0, sizes.length).toArray()),
                "all__puzzle_indices.npy", NumpyFiles.ints(puzzleIndices),
                "all__group_indices.npy", NumpyFiles.ints(groupIndices))), Split.TRAIN);
    }

    /** Groups of one puzzle with one example each. */
    private void makeSingles(int groups) throws IOException {
        var sizes = new int[groups];
        Arrays.fill(sizes, 1);
        make(sizes, LongStream.rangeClosed(0, groups).toArray());
    }

    /** The examples of a pass, batch by batch. */
    private static List<List<Integer>> pass(TrainBatches batches, long number) {
        var pass = new ArrayList<List<Integer>>();
        batches.seek(new Position(number, 0));
        var batch = batches.next();
        while (batches.position().pass() == number) {
            pass.add(IntStream.of(batch.inputs()).boxed().toList());
            batch = batches.next();
        }
        return pass;
    }

    @Test
    void takesEachGroupOncePerEpochAndDropsTheRest() throws IOException {
        makeSingles(10);
        var batches = new TrainBatches(dataset, 4, 1, 1);
        var orders = new HashSet<List<List<Integer>>>();
        for (int i = 0; i < 20; i++) {
            var pass = pass(batches, i);
            assertEquals(2, pass.size());
            assertEquals(8, pass.stream().flatMap(List::stream).distinct().count());
            orders.add(pass);
        }
        assertEquals(20, orders.size());
    }

    @Test
    void epochsOfAPassFollowOneAnotherInOneStream() throws IOException {
        makeSingles(10);
        var pass = pass(new TrainBatches(dataset, 4, 3, 1), 0);
        var stream = pass.stream().flatMap(List::stream).toList();
        assertEquals(28, stream.size());
        var all = IntStream.range(0, 10).boxed().collect(Collectors.toSet());
        assertEquals(all, new HashSet<>(stream.subList(0, 10)));
        assertEquals(all, new HashSet<>(stream.subList(10, 20)));
        assertNotEquals(stream.subList(0, 10), stream.subList(10, 20));
    }

    /** As the authors' loader: set after set, each as often as it was asked for. */
    @Test
    void takesSeveralSetsInTurn() throws IOException {
        var folders = List.of(dir.resolve("first"), dir.resolve("second"));
        for (var folder : folders) {
            int token = folders.indexOf(folder);
            TokenDataset.write(
                    folder, "tokens", 2,
                    Collections.nCopies(5 + 3 * token, new Example(new int[] {token}, new int[] {token}, 0)), List.of(),
                    false);
        }
        try (var sets = new TrainingSets(folders)) {
            assertEquals(13, sets.info().totalGroups());
            assertEquals(5, sets.fewestGroups());
            var batches = new TrainBatches(sets, 4, 2, 1);
            for (int number = 0; number < 5; number++) {
                var pass = pass(batches, number);
                assertEquals(number % 2 == 0 ? 2 : 4, pass.size());
                assertEquals(Set.of(List.of(number % 2, number % 2, number % 2, number % 2)), Set.copyOf(pass));
            }
            assertThrows(DatasetException.class, () -> new TrainBatches(sets, 6, 1, 1));
        }
    }

    @Test
    void takesOnePuzzlePerGroupAndItsExamplesWithoutReplacement() throws IOException {
        make(new int[] {3, 3, 5}, 0, 2, 3);
        var batches = new TrainBatches(dataset, 8, 1, 5);
        var puzzles = new HashSet<Integer>();
        for (int i = 0; i < 50; i++) {
            var batch = batches.next();
            var examples = IntStream.of(batch.inputs()).boxed().collect(Collectors.toSet());
            assertEquals(8, examples.size());
            assertTrue(examples.containsAll(List.of(6, 7, 8, 9, 10)));
            assertTrue(examples.containsAll(List.of(0, 1, 2)) || examples.containsAll(List.of(3, 4, 5)));
            for (int row = 0; row < 8; row++) {
                int example = batch.inputs()[row];
                assertEquals(example < 3 ? 0 : example < 6 ? 1 : 2, batch.puzzleIdentifiers()[row]);
            }
            puzzles.addAll(IntStream.of(batch.puzzleIdentifiers()).boxed().toList());
        }
        assertEquals(3, puzzles.size());
    }

    @Test
    void cutsAPuzzleToTheRoomLeft() throws IOException {
        make(new int[] {5, 5}, 0, 1, 2);
        var batches = new TrainBatches(dataset, 7, 1, 5);
        var cut = new HashSet<List<Integer>>();
        for (int i = 0; i < 50; i++) {
            var examples = IntStream.of(batches.next().inputs()).boxed().toList();
            assertEquals(7, new HashSet<>(examples).size());
            assertEquals(1, examples.subList(0, 5).stream().map(example -> example / 5).distinct().count());
            cut.add(examples.subList(5, 7));
            assertEquals(1, batches.position().batch());
        }
        assertTrue(cut.size() > 20, "which examples are cut, and their order, is random: " + cut);
    }

    @Test
    void seedAndPositionSettleEverything() throws IOException {
        make(new int[] {2, 1, 3, 1, 1, 4}, 0, 1, 3, 6);
        var reference = new TrainBatches(dataset, 3, 4, 42);
        var positions = new ArrayList<Position>();
        var examples = new ArrayList<int[]>();
        for (int i = 0; i < 40; i++) {
            positions.add(reference.position());
            examples.add(reference.next().inputs().clone());
        }
        assertTrue(positions.getLast().pass() > 3);
        for (int i = 39; i >= 0; i -= 3) {
            var batches = new TrainBatches(dataset, 3, 4, 42);
            batches.seek(positions.get(i));
            for (int j = i; j < 40; j++) {
                assertArrayEquals(examples.get(j), batches.next().inputs());
            }
        }
        var other = new TrainBatches(dataset, 3, 4, 43);
        assertFalse(examples.stream().allMatch(expected -> Arrays.equals(expected, other.next().inputs())));
    }

    @Test
    void aPassOfOneSeedIsNoPassOfTheNext() throws IOException {
        makeSingles(50);
        var passes = new HashSet<List<Integer>>();
        for (int seed = 0; seed < 5; seed++) {
            var batches = new TrainBatches(dataset, 50, 1, seed);
            for (int pass = 0; pass < 5; pass++) {
                passes.add(IntStream.of(batches.next().inputs()).boxed().toList());
            }
        }
        assertEquals(25, passes.size());
    }

    @Test
    void noBatchMakesNewArrays() throws IOException {
        makeSingles(10);
        var batches = new TrainBatches(dataset, 4, 1, 1);
        var first = batches.next();
        assertSame(first.inputs(), batches.next().inputs());
        assertSame(first.labels(), batches.next().labels());
        assertSame(first.puzzleIdentifiers(), batches.next().puzzleIdentifiers());
    }

    @Test
    void refusesPositionsThatDoNotExist() throws IOException {
        makeSingles(10);
        var batches = new TrainBatches(dataset, 4, 1, 1);
        var message = assertThrows(DatasetException.class, () -> batches.seek(new Position(3, 3))).getMessage();
        assertTrue(message.startsWith("Pass 3 over the training set has 2 batches, expected at least 3"), message);
    }

    @Test
    void refusesADatasetWithoutAFullBatch() throws IOException {
        make(new int[] {2, 3, 1}, 0, 2, 3);
        new TrainBatches(dataset, 8, 2, 1).next();
        var message = assertThrows(DatasetException.class, () -> new TrainBatches(dataset, 9, 2, 1)).getMessage();
        assertTrue(message.contains("9 examples in a pass of 2 epochs over 2 groups, found at most 8"), message);
    }
}
