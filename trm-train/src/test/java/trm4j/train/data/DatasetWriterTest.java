package trm4j.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import trm4j.train.DatasetException;
import trm4j.train.data.npy.NumpyFiles;

class DatasetWriterTest {

    private static final DatasetInfo INFO = DatasetInfo.uncounted(null, 6, 8, 3);

    @RegisterExtension
    private final Warnings warnings = new Warnings();

    @TempDir
    private Path parent;

    private Path dir;

    @BeforeEach
    void name() {
        dir = parent.resolve("set");
    }

    /** The dataset of {@link NumpyFiles#dataset()}. */
    private void write(boolean replace, Runnable beforeCommit) throws IOException {
        try (var dataset = DatasetWriter.create(dir, replace)) {
            var split = dataset.split(Split.TRAIN, INFO, false);
            int example = 0;
            for (int puzzle = 0; puzzle < 3; puzzle++) {
                for (int i = 0; i < new int[] {2, 1, 4}[puzzle]; i++) {
                    split.example(new int[] {example, example, example}, new int[] {example, example, example}, -1);
                    example++;
                }
                split.endPuzzle(puzzle + 1);
                if (puzzle > 0) {
                    split.endGroup();
                }
            }
            beforeCommit.run();
            dataset.commit(List.of("<blank>", "a", "b", "c"));
        }
    }

    private List<String> entries() throws IOException {
        try (var paths = Files.list(parent)) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }

    @Test
    void writesWhatTheReferenceWrites() throws IOException {
        write(false, () -> { });
        for (var file : NumpyFiles.dataset().entrySet()) {
            if (file.getKey().endsWith(".npy")) {
                assertArrayEquals(file.getValue(), Files.readAllBytes(dir.resolve("train").resolve(file.getKey())),
                        file.getKey());
            }
        }
        assertEquals("""
                {"pad_id":0,"ignore_label_id":6,"blank_identifier_id":0,"vocab_size":8,"seq_len":3,\
                "num_puzzle_identifiers":4,"total_groups":2,"mean_puzzle_examples":2.3333333333333335,\
                "total_puzzles":3,"sets":["all"]}""", Files.readString(dir.resolve("train/dataset.json")));
        assertEquals("[\"<blank>\",\"a\",\"b\",\"c\"]", Files.readString(dir.resolve("identifiers.json")));
        assertEquals(List.of("set"), entries());
        PuzzleDataset.open(dir, Split.TRAIN).close();
    }

    @Test
    void failureLeavesNothingBehind() throws IOException {
        assertThrows(IllegalStateException.class, () -> write(false, () -> {
            throw new IllegalStateException();
        }));
        assertEquals(List.of(), entries());
    }

    @Test
    void failureToPutInPlaceLeavesWhatCameInBetween() throws IOException {
        assertThrows(DatasetException.class, () -> write(false, () -> {
            try {
                Files.writeString(Files.createDirectory(dir).resolve("notes.txt"), "mine");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }));
        assertEquals(List.of("set"), entries());
        assertEquals("mine", Files.readString(dir.resolve("notes.txt")));
    }

    @Test
    void failureKeepsTheDatasetThatWasThere() throws IOException {
        write(false, () -> { });
        assertThrows(IllegalStateException.class, () -> write(true, () -> {
            throw new IllegalStateException();
        }));
        assertEquals(List.of("set"), entries());
        PuzzleDataset.open(dir, Split.TRAIN).close();
    }

    @Test
    void replacesOnlyWhenToldAndOnlyDatasets() throws IOException {
        Files.createDirectory(dir);
        write(false, () -> { });
        var message = assertThrows(DatasetException.class, () -> write(false, () -> { })).getMessage();
        assertTrue(message.contains("is not empty") && message.contains("--force"), message);

        var old = Files.writeString(dir.resolve("train/all__ratings.npy"), "old");
        write(true, () -> { });
        assertTrue(Files.notExists(old));

        var mine = Files.writeString(dir.resolve("train/notes.txt"), "mine");
        message = assertThrows(DatasetException.class, () -> write(true, () -> { })).getMessage();
        assertTrue(message.contains(mine.toString()) && message.contains("no part of a dataset"), message);
        assertEquals("mine", Files.readString(mine));
        assertEquals(List.of("set"), entries());
    }

    /** Killed between the renames of a replacement, a process leaves what was there under another name only. */
    @Test
    void aReplacementThatCameToNoEndIsUndone() throws IOException {
        for (boolean replace : new boolean[] {false, true}) {
            Files.createDirectory(dir);
            write(true, () -> { });
            var old = Files.writeString(dir.resolve("train/all__ratings.npy"), "old");
            Files.move(dir, parent.resolve(".set.old-123456789a"));
            if (replace) {
                write(true, () -> assertTrue(Files.exists(old)));
                assertTrue(Files.notExists(old));
            } else {
                assertThrows(DatasetException.class, () -> write(false, () -> { }));
                assertEquals("old", Files.readString(old));
            }
            assertEquals(List.of("set"), entries());
            Folders.delete(dir);
        }
        assertTrue(warnings.messages().getFirst().contains("set was put back"), warnings.messages().toString());
    }

    @Test
    void whatIsLeftOfReplacementsGoesWithTheNext() throws IOException {
        write(false, () -> { });
        for (var left : List.of(".set.old-123456789a", ".set.old-123456789b", ".set.deleting-123456789a")) {
            Files.createDirectories(parent.resolve(left).resolve("train"));
        }
        var mine = Files.createDirectory(parent.resolve(".set.old-123456789c"));
        Files.writeString(mine.resolve("notes.txt"), "mine");
        write(true, () -> { });
        assertEquals(List.of(".set.old-123456789c", "set"), entries().stream().sorted().toList());
        assertEquals("mine", Files.readString(mine.resolve("notes.txt")));
    }

    /** Nobody knows which of two it was. */
    @Test
    void nothingIsPutBackWhereItIsNotPlain() throws IOException {
        for (var left : List.of(".set.old-123456789a", ".set.old-123456789b", ".set.old-mine")) {
            Files.createDirectories(parent.resolve(left).resolve("train"));
        }
        write(false, () -> { });
        assertEquals(4, entries().size());
    }

    @Test
    void refusesAFileInPlaceOfTheFolder() throws IOException {
        Files.writeString(dir, "mine");
        var message = assertThrows(DatasetException.class, () -> write(true, () -> { })).getMessage();
        assertTrue(message.contains("is not a folder"), message);
        assertEquals("mine", Files.readString(dir));
    }

    @Test
    void whatKilledWritersLeftIsTakenAwayButNotWhatIsBeingWritten() throws IOException {
        var killed = Files.createDirectory(parent.resolve(".set.new-1"));
        Files.createFile(parent.resolve(".set.new-1.lock"));
        Files.createFile(parent.resolve(".set.new-2.lock"));
        Files.createDirectory(killed.resolve("train"));
        Files.createDirectory(parent.resolve(".set.new-mine"));
        try (var other = DatasetWriter.create(dir, false)) {
            write(false, () -> { });
            assertTrue(Files.notExists(killed));
            assertEquals(4, entries().size(), entries().toString());
            assertEquals(dir, other.dir());
        }
        assertEquals(List.of(".set.new-mine", "set"), entries().stream().sorted().toList());
    }
}
