package trm4j.train.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import trm4j.model.file.CheckpointException;
import trm4j.model.file.HostTensor;

class RowsByNameTest {

    private static final HostTensor TABLE = new HostTensor(new int[] {2, 3}, new float[] {1, 2, 3, 5, 6, 7});

    @Test
    void takesRowsAndTheMeanForThoseThatAreNotThere() {
        var taken = RowsByName.take(TABLE, new int[] {1, -1, 0, 1});
        assertArrayEquals(new int[] {4, 3}, taken.shape());
        assertArrayEquals(new float[] {5, 6, 7, 3, 4, 5, 1, 2, 3, 5, 6, 7}, taken.values());
    }

    @Test
    void aTableThatThereIsNoMemoryForIsRefused() {
        var rows = new int[1 << 19];
        assertEquals(1 << 19, RowsByName.take(TABLE, rows, 6 << 20).shape()[0]);
        var refusal = assertThrows(CheckpointException.class, () -> RowsByName.take(TABLE, rows, (6 << 20) - 1));
        assertEquals(
                "A puzzle table with a row for each of 524,288 identifiers takes 6 MiB beside the model's own, expected "
                        + "at most the 5 MiB that this machine has free; end other programs, or take fewer puzzles or "
                        + "a machine with more.", refusal.getMessage());
    }
}
