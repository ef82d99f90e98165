package trm4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurvesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode line(int step) {
        var line = JSON.createObjectNode().put("step", step).put("loss", step == 4_321 ? 99 : Math.sin(step));
        return step % 4 == 0 ? line.put("steps", step) : line;
    }

    /** Means of neighbours, which add up to the same, and their lowest and highest, so that a spike is seen. */
    @Test
    void longRunsAreShownInFewPoints() {
        var curves = new Curves(List.of("/loss", "/steps", "/none"));
        IntStream.rangeClosed(1, 6_000).mapToObj(CurvesTest::line).forEach(curves::add);
        var columns = curves.columns();
        // 16 lines a point: the least power of two that leaves at most 600.
        assertEquals(375, columns.get("step").size());
        assertEquals(16, columns.at("/step/0").asInt());
        assertEquals(6_000, columns.at("/step/374").asInt());
        double sum = 0;
        double lowest = 1;
        for (int i = 0; i < 375; i++) {
            sum += 16 * columns.get("loss").get(i).asDouble();
            lowest = Math.min(lowest, columns.get("loss_lowest").get(i).asDouble());
        }
        double expected = IntStream.rangeClosed(1, 6_000).mapToDouble(step -> line(step).get("loss").asDouble()).sum();
        assertEquals(expected, sum, 1e-3);
        assertEquals(-1, lowest, 1e-5);
        // The spike of step 4,321 is in the point that ends at 4,336.
        assertEquals(4_336, columns.at("/step/270").asInt());
        assertEquals(99, columns.at("/loss_highest/270").asDouble());
        assertTrue(columns.at("/loss_highest/271").asDouble() <= 1);
        // Those that not all lines have: 4, 8, 12 and 16.
        assertEquals(10, columns.at("/steps/0").asInt());
        assertTrue(columns.at("/none/0").isNull());
    }

    /** However many there are when it is looked at. */
    @Test
    void shortRunsAreShownAsTheyAre() {
        var curves = new Curves(List.of("/loss"));
        IntStream.rangeClosed(1, 600).mapToObj(CurvesTest::line).forEach(curves::add);
        assertEquals(600, curves.columns().get("loss").size());
        assertEquals((float) Math.sin(600), curves.columns().at("/loss/599").floatValue());
        assertTrue(curves.columns().at("/loss_lowest").isMissingNode());
        curves.add(line(601));
        assertEquals(301, curves.columns().get("loss").size());
        assertEquals(601, curves.columns().at("/step/300").asInt());
        curves.clear();
        curves.add(line(1));
        assertEquals("{\"step\":[1],\"loss\":[0.84147096]}", curves.columns().toString());
    }
}
