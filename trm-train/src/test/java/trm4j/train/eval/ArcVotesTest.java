package trm4j.train.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import trm4j.train.data.Grid;
import trm4j.train.data.arc.ArcTask;

class ArcVotesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Task a has two tests, b one, c one with an unknown output; nobody predicts d. */
    private static final List<ArcTask> TASKS = List.of(
            task("a", pair(1, 2), pair(3, 4)), task("b", pair(5, 6)),
            task("c", new ArcTask.Pair(grid(7), null)), task("d", pair(8, 9)));

    private static Grid grid(int colour) {
        return new Grid(1, 1, new byte[] {(byte) colour});
    }

    private static ArcTask.Pair pair(int input, int output) {
        return new ArcTask.Pair(grid(input), grid(output));
    }

    private static ArcTask task(String name, ArcTask.Pair... tests) {
        return new ArcTask(name, List.of(pair(0, 0)), List.of(tests));
    }

    private static Prediction vote(String identifier, String question, String answer, double halt) {
        try {
            return new Prediction(
                    0, identifier, JSON.readTree(question), JSON.readTree(answer), new float[] {9, (float) halt},
                    1, new int[] {0, 0}, 1, 0, null, Map.of());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * For 1, output 2 gets two votes as 0 does, but with less certainty on average; for 3 the right output is last of
     * three; for 5 the only vote is right.
     */
    private static List<Prediction> votes() {
        return List.of(
                vote("a", "[\"1\"]", "[\"2\"]", 3), vote("a|||t1|||0123456789", "[\"1\"]", "[\"2\"]", -3),
                vote("a|||t2|||0123456789", "[\"1\"]", "[\"0\"]", 1), vote("a|||t3|||0123456789", "[\"1\"]", "[\"0\"]", 1),
                vote("a|||t4|||0123456789", "[\"1\"]", "[]", 5),
                vote("a", "[\"3\"]", "[\"4\"]", 0), vote("a|||t1|||0123456789", "[\"3\"]", "[\"40\",\"04\"]", 1),
                vote("a|||t2|||0123456789", "[\"3\"]", "[]", 2),
                vote("b", "[\"5\"]", "[\"6\"]", -8),
                vote("c", "[\"7\"]", "[\"7\"]", 0),
                vote(null, "[\"5\"]", "[\"7\"]", 0));
    }

    private static ArcVotes counted(List<Prediction> votes) {
        var counted = new ArcVotes(TASKS);
        votes.forEach(counted::add);
        return counted;
    }

    /** Of a: 0 of 2 at once, 1 with two tries, 2 with three; all of b; c cannot be told and d is not counted. */
    @Test
    void passAtIsTheShareOfATasksTestsOnAverage() {
        var score = counted(votes()).score();
        assertEquals(2, score.tasks());
        assertEquals(Map.of(1, 0.5, 2, 0.75, 5, 1.0, 10, 1.0, 100, 1.0, 1000, 1.0), score.passAt());
    }

    @Test
    void aSubmissionHasTheTwoOutputsWithMostVotesThatAreGrids() throws JsonProcessingException {
        assertEquals(JSON.readTree("""
                {"a": [{"attempt_1": [[0]], "attempt_2": [[2]]}, {"attempt_1": [[4, 0], [0, 4]], "attempt_2": [[4]]}],
                 "b": [{"attempt_1": [[6]], "attempt_2": [[6]]}],
                 "c": [{"attempt_1": [[7]], "attempt_2": [[7]]}],
                 "d": [{"attempt_1": [[0]], "attempt_2": [[0]]}]}"""),
                JSON.readTree(counted(votes()).submission().toString()));
    }

    @Test
    void theOrderOfPredictionsDoesNotMatter() {
        var shuffled = new ArrayList<>(votes());
        shuffled.add(vote("b|||t1|||0123456789", "[\"5\"]", "[\"5\"]", -8));
        var submission = counted(shuffled).submission();
        Collections.shuffle(shuffled, new Random(4));
        assertEquals(submission, counted(shuffled).submission());
    }
}
