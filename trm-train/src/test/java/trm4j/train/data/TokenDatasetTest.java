package trm4j.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.train.DatasetException;
import trm4j.train.data.arc.ArcTasks;
import trm4j.train.data.maze.Mazes;
import trm4j.train.puzzle.PuzzleFamily;

class TokenDatasetTest {

    @TempDir
    private Path parent;

    private static Example example(int identifier, int[] inputs, int... labels) {
        return new Example(inputs, labels, identifier);
    }

    /** 255 of them leave a byte for positions without a label, 256 do not. */
    @ParameterizedTest
    @ValueSource(ints = {5, 255, 256, 70_000})
    void readsWhatWasWritten(int vocabSize) {
        int last = vocabSize - 1;
        var train = List.of(
                example(0, new int[] {0, last, 2}, last, 0, 1),
                example(2, new int[] {1, 1, 1}, Batch.NO_LABEL, last, Batch.NO_LABEL));
        var test = List.of(example(1, new int[] {last, last, last}, 0, 0, 0));
        var dir = parent.resolve("set");
        TokenDataset.write(dir, vocabSize, train, test, false);
        try (var dataset = PuzzleDataset.open(dir, Split.TRAIN)) {
            assertEquals(List.of("<blank>", "1", "2"), dataset.identifiers());
            assertEquals(vocabSize, dataset.info().vocabSize());
            assertEquals(2, dataset.groups());
            assertEquals(2, dataset.puzzles());
            assertEqual(train, dataset);
        }
        try (var dataset = PuzzleDataset.open(dir, Split.TEST)) {
            assertEqual(test, dataset);
        }
    }

    private static void assertEqual(List<Example> expected, PuzzleDataset dataset) {
        assertEquals(expected.size(), dataset.examples());
        for (int i = 0; i < expected.size(); i++) {
            var found = dataset.example(i);
            assertArrayEquals(expected.get(i).inputs(), found.inputs());
            assertArrayEquals(expected.get(i).labels(), found.labels());
            assertEquals(expected.get(i).puzzleIdentifier(), found.puzzleIdentifier());
        }
    }

    @Test
    void aSetMayHaveNothingToTrainOn() {
        var dir = parent.resolve("set");
        TokenDataset.write(dir, 3, List.of(), List.of(example(0, new int[] {2}, 1)), false);
        assertEquals(1, DatasetInfo.of(dir).seqLen());
        assertTrue(Files.notExists(dir.resolve("train")));
    }

    @Test
    void saysWhatItsPuzzlesAreIfThatIsGiven() throws IOException {
        var one = List.of(example(0, new int[] {2}, 1));
        TokenDataset.write(parent.resolve("squares"), "squares", 3, one, one, false);
        TokenDataset.write(parent.resolve("open"), 3, one, one, false);
        for (var split : Split.values()) {
            assertEquals("squares", DatasetInfo.read(parent.resolve("squares/" + split + "/dataset.json")).kind());
            assertFalse(Files.readString(parent.resolve("open/" + split + "/dataset.json")).contains("kind"));
        }
        var message = assertThrows(DatasetException.class,
                () -> TokenDataset.write(parent.resolve("no"), "Two words", 3, one, one, false)).getMessage();
        assertEquals("kind: expected a word of 1 to 40 characters from a-z, 0-9, - and _, found 'Two words'.", message);
    }

    /** A maze is one of eight images, however many are asked for. */
    @Test
    void trainingPuzzlesHaveTheirFamilysImages() {
        var maze = example(3, "S####.####.####.####G####".chars().map("?#.SGo"::indexOf).toArray(),
                "S####o####o####o####G####".chars().map("?#.SGo"::indexOf).toArray());
        var images = new HashSet<List<IntBuffer>>();
        for (long seed : new long[] {0, 0, 1}) {
            var dir = parent.resolve("set");
            TokenDataset.write(dir, new Mazes(), 6, List.of(maze, maze), List.of(maze), 3, seed, true);
            try (var train = PuzzleDataset.open(dir, Split.TRAIN); var test = PuzzleDataset.open(dir, Split.TEST)) {
                assertEquals("maze", train.info().kind());
                assertEquals(List.of(2, 8, 1, 1),
                        List.of(train.groups(), train.puzzles(), test.groups(), test.puzzles()));
                assertArrayEquals(maze.inputs(), train.example(4).inputs());
                var group = new HashSet<IntBuffer>();
                for (int i = 0; i < 4; i++) {
                    assertEquals(3, train.example(i).puzzleIdentifier());
                    assertEquals(Map.of("path", true, "shortest", true),
                            new Mazes().rules(train.example(i).inputs(), train.example(i).labels()));
                    group.add(IntBuffer.wrap(train.example(i).inputs()));
                }
                assertEquals(4, group.size(), "different images");
                images.add(IntStream.range(0, 8).mapToObj(i -> IntBuffer.wrap(train.example(i).inputs())).toList());
            }
        }
        assertEquals(2, images.size(), "the seed settles them");
        TokenDataset.write(parent.resolve("set"), new Mazes(), 6, List.of(maze), List.of(), 1000, 0, true);
        assertEquals(8, DatasetInfo.of(parent.resolve("set")).totalPuzzles());
        var arc = List.of(example(0, new int[900], new int[900]));
        var none = assertThrows(DatasetException.class, () -> TokenDataset.write(
                parent.resolve("no"), new ArcTasks(), 12, arc, List.of(), 1, 0, false)).getMessage();
        assertEquals("The symmetries of ARC tasks are not known; expected 0 images of each, found 1.", none);
        var sizes = assertThrows(DatasetException.class, () -> TokenDataset.write(
                parent.resolve("no"), new ArcTasks(), 13, arc, List.of(), 0, 0, false)).getMessage();
        assertEquals("There are no ARC tasks of 900 tokens out of 13.", sizes);
        var odd = new PuzzleFamily() {
            @Override
            public String kind() {
                return "odd";
            }

            @Override
            public String cell(int token) {
                return "";
            }

            @Override
            public Optional<Example> image(Example puzzle, SplittableRandom random) {
                return Optional.of(example(8, puzzle.inputs(), Batch.NO_LABEL));
            }
        };
        var other = assertThrows(DatasetException.class, () -> TokenDataset.write(
                parent.resolve("no"), odd, 2, List.of(example(7, new int[] {1}, 1)), List.of(), 1, 0, false));
        assertEquals("Expected images of odd puzzles with the puzzle's own identifier, 7, and as many positions without a "
                + "label, 0, found 8 and 1.", other.getMessage());
        assertTrue(Files.notExists(parent.resolve("no")));
    }

    @Test
    void replacesOnlyWhenTold() {
        var dir = parent.resolve("set");
        var one = List.of(example(0, new int[] {2}, 1));
        TokenDataset.write(dir, 3, one, one, false);
        assertThrows(DatasetException.class, () -> TokenDataset.write(dir, 9, one, one, false));
        assertEquals(3, DatasetInfo.of(dir).vocabSize());
        TokenDataset.write(dir, 9, one, one, true);
        assertEquals(9, DatasetInfo.of(dir).vocabSize());
    }

    @Test
    void saysWhichExampleIsWrong() {
        var right = example(0, new int[] {0, 1}, 1, 0);
        refused("at least one example", 2, List.of(), List.of());
        refused("at least one token", 2, List.of(example(0, new int[0])), List.of());
        refused("vocabSize: expected at least 1, found 0", 0, List.of(right), List.of());
        refused("test example 0 (the first is 0): expected 2 tokens, as in the first of all, found 1", 2,
                List.of(right), List.of(example(0, new int[] {1}, 1)));
        refused("training example 1 (the first is 0): expected inputs from 0 to 1, found 2 at 1", 2,
                List.of(right, example(0, new int[] {0, 2}, 1, 0)), List.of());
        refused("expected labels from 0 to 1, or -100 where nothing is asked, found -1 at 0", 2,
                List.of(right, example(0, new int[] {0, 1}, -1, 0)), List.of());
        refused("a puzzle identifier of at least 0, found -1", 2,
                List.of(right, example(-1, new int[] {0, 1}, 1, 0)), List.of());
        assertTrue(Files.notExists(parent.resolve("set")));
    }

    private void refused(String message, int vocabSize, List<Example> train, List<Example> test) {
        var error = assertThrows(DatasetException.class,
                () -> TokenDataset.write(parent.resolve("set"), vocabSize, train, test, false));
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }
}
