package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace();

    @Test
    void isUnknownUntilSomethingWasDoneTwice() {
        assertTrue(pace.perSecond().isEmpty());
        pace.mark(40, 1);
        assertTrue(pace.perSecond().isEmpty());
        pace.mark(42, 1);
        assertTrue(pace.perSecond().isEmpty());
        pace.mark(44, 3);
        assertEquals(0.5, pace.perSecond().getAsDouble(), 1e-9);
    }

    /** 100 s for the first, of compiling, 10 steps of 5 s, then 10 steps a second: what a mean would take for minutes. */
    @Test
    void forgetsASlowStart() {
        double seconds = 100;
        long done = 1;
        pace.mark(seconds, done);
        for (int i = 0; i < 10; i++) {
            pace.mark(seconds += 5, ++done);
        }
        assertEquals(0.2, pace.perSecond().getAsDouble(), 1e-9);
        for (int i = 0; i < 400; i++) {
            pace.mark(seconds += 0.1, ++done);
        }
        assertEquals(10, pace.perSecond().getAsDouble(), 0.05);
    }

    @Test
    void looksBackOnSomeStepsHoweverSlow() {
        for (int step = 1; step <= 9; step++) {
            pace.mark(step < 6 ? 60 * step : 60 * 5 + 90 * (step - 5), step);
        }
        assertEquals(1 / 90.0, pace.perSecond().getAsDouble(), 1e-9);
    }
}
