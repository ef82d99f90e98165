package trm4j.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimesTest {

    @Test
    void mediansAndSpreadsOfSamplesInAnyOrder() {
        // Quartiles of 1, 2, 4, 8, 16 are 2 and 8.
        assertEquals(new Times(4, 1.5, 1, 5), Times.of(List.of(8.0, 1.0, 16.0, 4.0, 2.0)));
        // Halfway between 2 and 4; quartiles 1.75 and 5.
        assertEquals(new Times(3, 3.25 / 3, 1, 4), Times.of(List.of(8.0, 4.0, 2.0, 1.0)));
        assertEquals(new Times(7, 0, 7, 1), Times.of(List.of(7.0)));
    }

    @Test
    void oneOutlierDoesNotCount() {
        assertEquals(
                Times.of(List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0)), Times.of(List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1000.0)));
    }

    @Test
    void sharesOut() {
        var eight = Times.of(List.of(16.0, 24.0, 32.0));
        assertEquals(new Times(3, 1.0 / 3, 2, 3), eight.per(8));
        // A third of 3 is launching: what is left varies by as many seconds.
        assertEquals(new Times(2, 0.5, 1, 3), eight.per(8).less(1));
        assertEquals(new Times(0, 0, 0, 3), eight.per(8).less(4));
    }

    @Test
    void measuresThreeTimesAtLeastAndPreparesEachTime() {
        var prepared = new AtomicInteger();
        var ran = new AtomicInteger();
        var times = Times.measure(0, prepared::incrementAndGet, ran::incrementAndGet);
        assertEquals(3, times.samples());
        assertEquals(List.of(3, 3), List.of(prepared.get(), ran.get()));
        assertTrue(times.least() <= times.median(), times.toString());
    }
}
