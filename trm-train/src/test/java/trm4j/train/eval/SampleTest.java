package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.DatasetWriter;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.SplitWriter;

class SampleTest {

    @TempDir
    private Path dir;

    private PuzzleDataset dataset;

    /** Tasks of 4, 2, 6 and 3 examples, those of the third in two copies. */
    @BeforeEach
    void make() throws IOException {
        try (var writer = DatasetWriter.create(dir.resolve("set"), false)) {
            var split = writer.split(Split.TEST, DatasetInfo.uncounted(null, null, 2, 1), false);
            for (int[] copies : new int[][] {{4}, {2}, {3, 3}, {3}}) {
                for (int examples : copies) {
                    for (int i = 0; i < examples; i++) {
                        split.example(new int[] {0}, new int[] {1}, SplitWriter.UNRATED);
                    }
                    split.endPuzzle(0);
                }
                split.endGroup();
            }
            writer.commit(List.of("<blank>"));
        }
        dataset = PuzzleDataset.open(dir.resolve("set"), Split.TEST);
    }

    @AfterEach
    void close() {
        dataset.close();
    }

    @Test
    void aLimitTakesWholeTasksAndAtLeastOne() {
        int[] ends = {15, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 12, 12, 12, 15, 15};
        for (int limit = 0; limit < ends.length; limit++) {
            assertEquals(ends[limit], Sample.first(dataset, limit, true).examples().length, "limit " + limit);
        }
        assertEquals(Optional.of("Takes the first 2 of 4 tasks with all of their copies: 6 of 15 puzzles."),
                Sample.first(dataset, 11, true).remark());
        assertEquals(Optional.empty(), Sample.first(dataset, 15, true).remark());
    }

    @Test
    void tasksFromAllOverAreWholeToo() {
        assertArrayEquals(new int[] {0, 1, 2, 3}, Sample.allOver(dataset, 1, true).examples());
        // Two would be the first and the third, which have 10.
        assertArrayEquals(new int[] {0, 1, 2, 3}, Sample.allOver(dataset, 9, true).examples());
        assertArrayEquals(new int[] {0, 1, 2, 3, 6, 7, 8, 9, 10, 11}, Sample.allOver(dataset, 10, true).examples());
        assertEquals(Optional.of("Takes 2 of 4 tasks with all of their copies: 10 of 15 puzzles."),
                Sample.allOver(dataset, 10, true).remark());
        assertEquals(15, Sample.allOver(dataset, 0, true).examples().length);
    }

    @Test
    void otherPuzzlesAreTakenOneByOne() {
        assertArrayEquals(new int[] {0, 1, 2, 3, 4}, Sample.first(dataset, 5, false).examples());
        assertArrayEquals(new int[] {0, 3, 6, 9, 12}, Sample.allOver(dataset, 5, false).examples());
        assertEquals(Optional.empty(), Sample.allOver(dataset, 5, false).remark());
    }
}
