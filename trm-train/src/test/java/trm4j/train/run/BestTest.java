package trm4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import trm4j.model.config.Settings;

/** Which of two evaluations is the better. */
class BestTest {

    private static final String ARC = "{'exact_accuracy': %s, 'arc': {'tasks': 4, 'pass_at': {'1': %s, '2': %s}}}";
    private static final String MAZES = "{'exact_accuracy': %s, 'rules': {'path': 0.9, 'shortest': %s}}";
    private static final String SUDOKUS = "{'exact_accuracy': %s, 'rules': {'valid': 0.9}}";

    private static RunState.Best best(String format, Object... values) throws JsonProcessingException {
        RunState.Best best = null;
        int columns = format.split("%s").length - 1;
        for (int i = 0; i < values.length / columns; i++) {
            var line = String.format(format, List.of(values).subList(columns * i, columns * (i + 1)).toArray());
            best = RunState.Best.of(best, i + 1, Settings.MAPPER.readTree(line.replace('\'', '"')));
        }
        return best;
    }

    @Test
    void arcTasksCountByTwoTriesThenOneThenExactness() throws JsonProcessingException {
        assertEquals(1, best(ARC, 0.1, 0.2, 0.5, 0.9, 0.4, 0.4).step());
        assertEquals(2, best(ARC, 0.9, 0.2, 0.5, 0.1, 0.3, 0.5).step());
        assertEquals(1, best(ARC, 0.2, 0.3, 0.5, 0.1, 0.3, 0.5).step());
        assertEquals(2, best(ARC, 0.2, 0.3, 0.5, 0.2, 0.3, 0.5).step(), "of equals, the later");
        assertEquals("pass@2 50.0%", best(ARC, 0.1, 0.2, 0.5).line());
        assertEquals("exact 10.0%", best(ARC, 0.1, "null", "null").line(), "no task has known outputs");
    }

    @Test
    void mazesCountByShortestPathsAndOthersByExactness() throws JsonProcessingException {
        assertEquals(1, best(MAZES, 0.1, 0.6, 0.9, 0.5).step());
        assertEquals("shortest 60.0%", best(MAZES, 0.1, 0.6, 0.9, 0.5).line());
        assertEquals(2, best(SUDOKUS, 0.1, 0.2).step());
        assertEquals("exact 20.0%", best(SUDOKUS, 0.1, 0.2).line());
        assertEquals(2, best(SUDOKUS, "null", "null").step(), "without labels, the later");
    }

    /** An earlier version said no more than exactness, by which it is compared until it is beaten. */
    @Test
    void runsOfEarlierVersionsGoOn() throws JsonProcessingException {
        var old = Settings.MAPPER.readValue("{\"step\": 7, \"exact\": 0.5}", RunState.Best.class);
        assertEquals("exact 50.0%", old.line());
        var worse = Settings.MAPPER.readTree(String.format(ARC, 0.4, 0.9, 0.9).replace('\'', '"'));
        assertEquals(old, RunState.Best.of(old, 8, worse));
        var better = Settings.MAPPER.readTree(String.format(ARC, 0.6, 0.1, 0.1).replace('\'', '"'));
        var now = RunState.Best.of(old, 9, better);
        assertEquals(9, now.step());
        assertEquals(10, RunState.Best.of(now, 10, worse).step(), "from then on by votes");
        assertEquals(now, Settings.MAPPER.readValue(RunJson.json(now), RunState.Best.class));
    }
}
