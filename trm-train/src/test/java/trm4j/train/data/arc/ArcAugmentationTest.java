package trm4j.train.data.arc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.train.DatasetException;
import trm4j.train.data.Grid;

class ArcAugmentationTest {

    private static final Grid GRID = new Grid(2, 3, new byte[] {0, 1, 2, 3, 4, 5});

    /** What numpy makes of it: {@code np.rot90(np.array([0, 3, 1, 2, 9, 8, 7, 6, 5, 4])[grid])}. */
    @Test
    void coloursAreExchangedAndThenGridsTurned() {
        var augmentation = ArcAugmentation.of("007bbfb7|||t1|||0312987654");
        assertEquals(new Grid(3, 2, new byte[] {1, 8, 3, 9, 0, 2}), augmentation.apply(GRID));
        assertEquals(GRID, augmentation.undo(augmentation.apply(GRID)));
        assertEquals("007bbfb7", ArcAugmentation.task("007bbfb7|||t1|||0312987654"));
        assertEquals("x|||t1|||0312987654", augmentation.name("x"));
    }

    @Test
    void aTasksOwnNameChangesNothing() {
        assertEquals(GRID, ArcAugmentation.of("007bbfb7").undo(GRID));
        assertEquals("007bbfb7", ArcAugmentation.task("007bbfb7"));
    }

    @Test
    void namesTellAll() {
        var random = new SplittableRandom(3);
        for (int i = 0; i < 100; i++) {
            var augmentation = ArcAugmentation.random(random);
            assertEquals(augmentation, ArcAugmentation.of(augmentation.name("task")));
            assertEquals('0', augmentation.colours().charAt(0));
            assertEquals(GRID, augmentation.undo(augmentation.apply(GRID)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a|||t8|||0123456789", "a|||t1|||1023456789", "a|||t1|||0113456789", "a|||t1", "a|||t1|||012345678", "|||", "a|||t|||"
    })
    void otherNamesAreRefused(String name) {
        assertThrows(DatasetException.class, () -> ArcAugmentation.of(name));
    }
}
