package trm4j.model.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepthScheduleTest {

    private static final Depth FULL = new Depth(3, 6);

    @Test
    void stepsHaveTheDepthOfTheirShareOfTheRun() {
        var schedule = DepthSchedule.of("1x2 to 0.3,2x4 to .60");
        assertEquals(
                "1x2 1x2 1x2 2x4 2x4 2x4 3x6 3x6 3x6 3x6", LongStream.rangeClosed(1, 10)
                        .mapToObj(step -> schedule.at(step, 10, FULL).toString())
                        .collect(Collectors.joining(" ")));
        assertEquals("1x2 to 0.3, 2x4 to 0.6", schedule.toString());
        assertEquals(schedule, DepthSchedule.of(schedule.toString()));
        assertEquals("1x2 up to step 3, then 2x4 up to step 6, then 3x6", schedule.told(10, FULL));
        assertEquals("1x1 up to step 7", DepthSchedule.of("1x1 to 1").told(7, FULL));
        assertEquals("1x1 to 0.0001", DepthSchedule.of("1x1 to 0.0001").toString());
        assertEquals(FULL, DepthSchedule.of("").at(1, 10, FULL));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1x2", "0x2 to 0.3", "1x2 to 0", "1x2 to 1.1", "1x2 to 0.3, 2x4 to 0.3", "1x2 to 0.3,", "1 x 2 to 0.3",
        "1x2 to 1e-3", "99999x1 to 0.5"
    })
    void refusesWhatIsNoSchedule(String text) {
        var refusal = assertThrows(ConfigException.class, () -> DepthSchedule.of(text)).getMessage();
        assertTrue(
                refusal.startsWith("train.depth_schedule: expected up to 100 stages") && refusal.contains(text),
                refusal);
    }
}
