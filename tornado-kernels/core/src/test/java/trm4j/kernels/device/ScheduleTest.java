package trm4j.kernels.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trm4j.kernels.Buffer;
import trm4j.kernels.Index;
import trm4j.kernels.op.Add;
import trm4j.kernels.op.Fill;

class ScheduleTest {

    private static final Index SLOT = new Index("slot", 3);
    private static final Index LAYER = new Index("layer", 2);
    private static final Buffer STATES = Buffer.floats("states", 3, 4);
    private static final Buffer WEIGHTS = Buffer.floats("weights", 2, 4);
    private static final Buffer OUT = Buffer.floats("out", 4);
    private static final Program ADD =
            new Program("add", new Add(List.of(STATES.at(SLOT), WEIGHTS.at(LAYER)), OUT.all()));
    private static final Program CLEAR = new Program("clear", new Fill(STATES.at(SLOT), 0));

    @Test
    void programsNameTheirBuffersAndIndices() {
        assertEquals(Set.of(STATES, WEIGHTS, OUT), ADD.buffers());
        assertEquals(Set.of(SLOT, LAYER), ADD.indices());
    }

    @Test
    void indicesStaySetForTheCallsThatFollow() {
        var schedule = Schedule.named("step")
                .with(SLOT, 2)
                .run(CLEAR)
                .with(LAYER, 1)
                .run(ADD)
                .with(SLOT, 0)
                .run(ADD)
                .build();
        assertEquals(
                List.of(
                        new Schedule.Call(CLEAR, Map.of(SLOT, 2)), new Schedule.Call(ADD, Map.of(SLOT, 2, LAYER, 1)),
                        new Schedule.Call(ADD, Map.of(SLOT, 0, LAYER, 1))),
                schedule.calls());
        assertEquals(Set.of(STATES, WEIGHTS, OUT), Schedule.buffers(List.of(schedule)));
    }

    @Test
    void refusesCallsWithoutAnIndex() {
        refuses("add needs Index[name=layer, count=2]", () -> Schedule.named("step").with(SLOT, 0).run(ADD));
        refuses("add needs ", () -> new Schedule.Call(ADD, Map.of(SLOT, 0)));
    }

    @Test
    void refusesCallsWithAnIndexTheyDoNotHave() {
        refuses("clear needs ", () -> new Schedule.Call(CLEAR, Map.of(SLOT, 0, LAYER, 0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void refusesValuesThatAnIndexDoesNotHave(int value) {
        refuses("clear: no Index[name=slot, count=3] " + value, () ->
                Schedule.named("step").with(SLOT, value).run(CLEAR));
    }

    private static void refuses(String message, Executable action) {
        var refusal = assertThrows(IllegalArgumentException.class, action);
        assertTrue(refusal.getMessage().startsWith(message), refusal::getMessage);
    }
}
