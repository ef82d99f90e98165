package trm4j.train.data.maze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.train.DatasetException;
import trm4j.train.data.RandomOrder;

class MazeRulesTest {

    private static final MazeRules FIVE = new MazeRules(5);

    private static byte[] maze(String... rows) {
        return FIVE.parse(String.join("", rows));
    }

    static boolean isShortest(MazeRules rules, byte[] question, byte[] answer) {
        return rules.isPath(question, answer) && MazeRules.steps(answer) == rules.shortest(question);
    }

    private static final byte[] QUESTION = maze("S #  ", " ## #", "   G ", "# #  ", "    #");

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "\"S #  o## #oooG # #      #\", true, true",
        "\"S #  o## #o oG # #      #\", false, false",
        "\"S #  o## #oooG # # o    #\", false, false",
        "\"S #  o## #oooGo# #      #\", false, false",
        "\"So#  o## #oooG # #      #\", false, false",
        "\"S #  o## #oo G #o#o ooo #\", false, false",
        "\"S #  o## #ooGG # #      #\", false, false",
        "\"S #  o##o#oooG # #      #\", false, false",
        "\"S    o## #oooG # #      #\", false, false",
        "\"S #  o## #oo G #o#o  ooo#\", true, false",
        "\"S #   ## #   G # #      #\", false, false"
    })
    void aPathIsOneLineFromStartToGoal(String answer, boolean path, boolean shortest) {
        assertEquals(path, FIVE.isPath(QUESTION, FIVE.parse(answer)));
        assertEquals(shortest, isShortest(FIVE, QUESTION, FIVE.parse(answer)));
    }

    /** From S on, the first of down, left, right and up that gets nearer to G. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "\"S                       G\", \"S    o    o    o    ooooG\"",
        "\"G                       S\", \"G    o    o    o    ooooS\"",
        "\"    G               S    \", \"    G    o    o    oSoooo\"",
        "\"    S               G    \", \"    S    o    o    oGoooo\""
    })
    void ofSeveralShortestPathsItIsTheOneThatMazeHardHas(String question, String answer) {
        assertEquals(answer, MazeRules.format(
                new ShortestPaths(FIVE, FIVE.parse(question)).marked(PathRule.MAZE_HARD)));
    }

    /** Around the other way: eight steps where four would do. */
    @Test
    void aPathNeedNotBeShortest() {
        var open = maze("S   G", " ### ", "     ", "     ", "     ");
        var around = maze("S   G", "o###o", "ooooo", "     ", "     ");
        assertTrue(FIVE.isPath(open, around));
        assertTrue(!isShortest(FIVE, open, around));
        assertTrue(isShortest(FIVE, open, maze("SoooG", " ### ", "     ", "     ", "     ")));
    }

    @Test
    void whoeverStartsAtTheGoalsSideNeedsNoPath() {
        var beside = maze("SG   ", "     ", "     ", "     ", "     ");
        assertEquals(1, FIVE.shortest(beside));
        assertTrue(isShortest(FIVE, beside, beside));
        assertTrue(!FIVE.isPath(beside, maze("SG   ", "oo   ", "     ", "     ", "     ")));
    }

    /** All simple paths, found one by one, against the rules: lengths, and which sets of marks are shortest paths. */
    @Test
    void agreesWithASearchOfAllPaths() {
        var random = new SplittableRandom(1);
        int solvable = 0;
        for (int round = 0; round < 300; round++) {
            var question = new byte[25];
            for (int i = 0; i < 25; i++) {
                question[i] = random.nextInt(100) < 40 ? MazeRules.WALL : MazeRules.FREE;
            }
            var places = RandomOrder.of(25, random);
            question[places[0]] = MazeRules.START;
            question[places[1]] = MazeRules.GOAL;
            var paths = new HashSet<Set<Integer>>();
            search(question, places[0], new HashSet<>(), paths);
            if (paths.isEmpty()) {
                assertThrows(DatasetException.class, () -> FIVE.shortest(question));
                continue;
            }
            solvable++;
            int shortest = paths.stream().mapToInt(Set::size).min().orElseThrow();
            assertEquals(shortest, FIVE.shortest(question));
            var all = new ShortestPaths(FIVE, question);
            long count = paths.stream().filter(path -> path.size() == shortest).count();
            assertEquals(count, all.count());
            assertEquals(count > 1, all.areSeveral());
            PathRule.ALL.forEach(rule -> assertTrue(isShortest(FIVE, question, all.marked(rule)), rule.toString()));
            for (var path : paths) {
                var answer = question.clone();
                path.stream().filter(cell -> cell != places[0]).forEach(cell -> answer[cell] = MazeRules.PATH);
                assertEquals(path.size() == shortest, isShortest(FIVE, question, answer));
                if (path.size() == shortest) {
                    assertTrue(FIVE.isPath(question, answer));
                    answer[places[2]] = answer[places[2]] == MazeRules.PATH ? MazeRules.FREE : MazeRules.PATH;
                    assertTrue(!isShortest(FIVE, question, answer));
                }
            }
        }
        assertTrue(solvable > 100, "mazes with paths: " + solvable);
    }

    /** Adds the cells of each path from a cell to the goal, but for the goal. */
    private static void search(byte[] maze, int cell, Set<Integer> before, Set<Set<Integer>> paths) {
        before.add(cell);
        for (int next = 0; next < 25; next++) {
            boolean beside = Math.abs(next / 5 - cell / 5) + Math.abs(next % 5 - cell % 5) == 1;
            if (beside && maze[next] == MazeRules.GOAL) {
                paths.add(Set.copyOf(before));
            } else if (beside && maze[next] == MazeRules.FREE && !before.contains(next)) {
                search(maze, next, before, paths);
            }
        }
        before.remove(cell);
    }

    @Test
    void answersOfAnyTokensAreNoPathsAndCanBeWritten() {
        var random = new SplittableRandom(2);
        for (int round = 0; round < 1000; round++) {
            var answer = MazeRules.maze(IntStream.generate(() -> random.nextInt(6)).limit(25).toArray());
            assertTrue(!FIVE.isPath(QUESTION, answer));
            assertEquals(25, MazeRules.format(answer).length());
        }
        assertEquals("?# SGo".repeat(4) + "?", MazeRules.format(MazeRules.maze(IntStream.range(0, 25).map(i -> i % 6)
                .toArray())));
    }

    @Test
    void sizesAreTold() {
        assertEquals(Optional.of(new MazeRules(30)), MazeRules.ofCells(900));
        assertEquals(Optional.empty(), MazeRules.ofCells(899));
        assertEquals(Optional.empty(), MazeRules.ofCells(16));
        assertEquals(Optional.empty(), MazeRules.of(900, 12));
        assertThrows(DatasetException.class, () -> new MazeRules(4));
    }

    @Test
    void otherTextIsRefused() {
        var e = assertThrows(DatasetException.class, () -> FIVE.parse("S G"));
        assertTrue(e.getMessage().contains("has 25 characters, one per cell, but this one has 3"), e.getMessage());
        e = assertThrows(DatasetException.class, () -> FIVE.parse("S G" + "#".repeat(21) + "?"));
        assertTrue(e.getMessage().contains("'?' at character 25"), e.getMessage());
    }

    @Test
    void mazesThatAreNoneAreRefused() {
        for (var wrong : new String[][] {
            {"S", "no 'G'"}, {"G", "no 'S'"}, {"SGS", "more than one 'S'"}, {"SGG", "more than one 'G'"},
            {"SoG", "has a 'o'"}, {"S#  G##", "no path from S to G"}
        }) {
            var question = FIVE.parse(wrong[0] + " ".repeat(25 - wrong[0].length()));
            var e = assertThrows(DatasetException.class, () -> FIVE.shortest(question));
            assertTrue(e.getMessage().contains(wrong[1]), e.getMessage());
        }
    }
}
