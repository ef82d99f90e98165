package trm4j.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import trm4j.kernels.Buffer;
import trm4j.kernels.device.Program;
import trm4j.kernels.device.Schedule;
import trm4j.kernels.op.Fill;

class ChainsTest {

    private final Buffer cell = Buffer.floats("cell", 1);
    private final Map<Character, Program> programs = new HashMap<>();

    /** Calls of programs that are named by letters. */
    private Schedule schedule(String letters) {
        var builder = Schedule.named(letters);
        for (char letter : letters.toCharArray()) {
            builder.run(programs.computeIfAbsent(
                    letter, name -> new Program(String.valueOf(name), new Fill(cell.all(), name))));
        }
        return builder.build();
    }

    private static List<String> shown(List<List<Program>> chains) {
        return chains.stream().map(c -> String.join("", c.stream().map(Program::name).toList())).toList();
    }

    private List<String> chains(String... schedules) {
        var all = Arrays.stream(schedules).map(this::schedule).toList();
        return shown(new Chains(all).all());
    }

    @Test
    void programsThatAlwaysFollowOneAnotherAreOne() {
        assertEquals(List.of("abc", "de"), chains("abcdedeabc"));
    }

    @Test
    void whereAnotherProgramFollowsNowAndThenAChainEnds() {
        assertEquals(List.of("a", "b", "c"), chains("abacab"));
    }

    @Test
    void noChainGoesBeyondTheEndOfASchedule() {
        assertEquals(List.of("ab", "c"), chains("abc", "ab"));
        assertEquals(List.of("a", "bc"), chains("abc", "bc"));
        assertEquals(List.of("ab", "cd"), chains("ab", "cd"));
    }

    @Test
    void aProgramThatFollowsItselfStaysAlone() {
        assertEquals(List.of("a"), chains("aaa"));
        assertEquals(List.of("a", "b"), chains("aab"));
    }

    /** A net of two layers: mixer and mlp forward; back the other way. */
    @Test
    void theBlocksOfALayerAreOne() {
        assertEquals(
                List.of("bx", "l", "mf", "h", "oq", "FM", "d", "eu"), chains("bxlmfmfhmfmfoqFMFMdFMFMeu", "lmfmf"));
    }

    /** Of any schedules, chains give back the calls, none is longer than it may be, and no program is in two. */
    @Test
    void chainsOfAScheduleAreItsCalls() {
        var random = new Random(5);
        for (int round = 0; round < 200; round++) {
            programs.clear();
            var schedules = random.ints(1 + random.nextInt(3), 1, 30).mapToObj(n -> {
                var letters = new StringBuilder();
                while (letters.length() < n) {
                    letters.append(List.of("ab", "cde", "f", "abab", "g").get(random.nextInt(5)));
                }
                return schedule(letters.toString());
            }).toList();
            var chains = new Chains(schedules);
            for (var schedule : schedules) {
                assertEquals(schedule.name(), String.join("", shown(chains.of(schedule))));
            }
            var all = String.join("", shown(chains.all()));
            assertEquals(all.length(), all.chars().distinct().count(), all);
        }
    }
}
