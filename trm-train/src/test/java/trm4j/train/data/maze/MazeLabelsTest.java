package trm4j.train.data.maze;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.train.DatasetException;
import trm4j.train.data.DataProgress;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.Dihedral;
import trm4j.train.data.LabelInfo;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.PuzzleSummary;
import trm4j.train.data.RandomOrder;
import trm4j.train.data.Split;
import trm4j.train.data.check.DatasetCheck;
import trm4j.train.data.csv.CsvFiles;

/** Which of several shortest paths the labels of mazes are. */
class MazeLabelsTest {

    private static final int N = 11;
    private static final MazeRules RULES = new MazeRules(N);
    private static final Map<Direction, Integer> STEPS =
            Map.of(Direction.DOWN, N, Direction.UP, -N, Direction.LEFT, -1, Direction.RIGHT, 1);
    private static final PathRule OTHER = new PathRule(
            false, List.of(Direction.RIGHT, Direction.UP, Direction.DOWN, Direction.LEFT));

    @TempDir
    private Path dir;

    /** Mazes that tell all rules apart. */
    private static final List<byte[]> MAZES = telling();

    private static List<byte[]> telling() {
        var random = new SplittableRandom(1);
        var mazes = new ArrayList<byte[]>();
        var answers = PathRule.ALL.stream().map(_ -> "").toList();
        while (new HashSet<>(answers).size() < answers.size()) {
            var maze = maze(random);
            int from = MazeRules.only(MazeRules.START, maze);
            if (RULES.distances(maze, from)[MazeRules.only(MazeRules.GOAL, maze)] < 2) {
                continue;
            }
            var longer = new ArrayList<String>();
            for (int i = 0; i < answers.size(); i++) {
                longer.add(answers.get(i) + MazeRules.format(breadthFirst(maze, PathRule.ALL.get(i))));
            }
            if (new HashSet<>(longer).size() > new HashSet<>(answers).size()) {
                mazes.add(maze);
                answers = longer;
            }
        }
        return mazes;
    }

    private static byte[] maze(SplittableRandom random) {
        var maze = new byte[N * N];
        for (int cell = 0; cell < maze.length; cell++) {
            maze[cell] = random.nextInt(10) < 3 ? MazeRules.WALL : MazeRules.FREE;
        }
        var places = RandomOrder.of(N * N, random);
        maze[places[0]] = MazeRules.START;
        maze[places[1]] = MazeRules.GOAL;
        return maze;
    }

    /** A breadth-first search as textbooks have it: each cell remembers from where it was seen first. */
    private static byte[] breadthFirst(byte[] maze, PathRule rule) {
        int from = MazeRules.only(rule.fromStart() ? MazeRules.START : MazeRules.GOAL, maze);
        var seenFrom = new Integer[maze.length];
        seenFrom[from] = from;
        var queue = new ArrayDeque<>(List.of(from));
        while (!queue.isEmpty()) {
            int cell = queue.remove();
            for (var direction : rule.order()) {
                int next = cell + STEPS.get(direction);
                boolean sideways = direction == Direction.LEFT || direction == Direction.RIGHT;
                if (next >= 0 && next < maze.length && (!sideways || next / N == cell / N)
                        && maze[next] != MazeRules.WALL && seenFrom[next] == null) {
                    seenFrom[next] = cell;
                    queue.add(next);
                }
            }
        }
        var answer = maze.clone();
        int to = MazeRules.only(rule.fromStart() ? MazeRules.GOAL : MazeRules.START, maze);
        for (int cell = seenFrom[to]; cell != from; cell = seenFrom[cell]) {
            answer[cell] = MazeRules.PATH;
        }
        return answer;
    }

    private static MazeLabels found(List<byte[]> mazes, List<byte[]> answers) {
        var search = new LabelSearch(RULES);
        for (int i = 0; i < mazes.size(); i++) {
            search.add(MazePuzzle.of(N, mazes.get(i), answers.get(i), 1));
        }
        return search.found();
    }

    private static List<byte[]> answers(PathRule rule) {
        return MAZES.stream().map(maze -> breadthFirst(maze, rule)).toList();
    }

    @Test
    void aRuleIsABreadthFirstSearchAndIsFoundAgain() {
        int n = MAZES.size();
        for (var rule : PathRule.ALL) {
            for (var maze : MAZES) {
                assertArrayEquals(
                        breadthFirst(maze, rule), new ShortestPaths(RULES, maze).marked(rule), rule.toString());
            }
            var found = found(MAZES, answers(rule));
            assertEquals(new MazeLabels.Choice(false, Optional.of(rule)), found.choice());
            assertEquals("labels: the first of several shortest paths, %s; %d of %d".formatted(rule, n, n),
                    found.line());
        }
        assertEquals("breadth first from S, down-left-right-up", PathRule.ALL.getFirst().toString());
    }

    @Test
    void labelsOfNoRuleAreToldAsSuch() {
        var answers = new ArrayList<>(answers(OTHER));
        var others = answers(PathRule.MAZE_HARD);
        int different = 0;
        while (Arrays.equals(answers.get(different), others.get(different))) {
            different++;
        }
        answers.set(different, others.get(different));
        var found = found(MAZES, answers);
        assertEquals(new MazeLabels.Choice(false, Optional.empty()), found.choice());
        int n = MAZES.size();
        assertTrue(found.line().matches("labels: no rule found; the nearest, breadth first from G, right-up-down-left, "
                + "gives %d of %d(, as .*)?".formatted(n - 1, n)), found.line());
    }

    @Test
    void fewMazesLeaveTheOrderOpen() {
        var row = " ".repeat(N - 3);
        var maze = RULES.parse("S G" + row + " ".repeat(N * (N - 1)));
        var corner = RULES.parse("S  " + row + "   " + row + "  G" + row + " ".repeat(N * (N - 3)));
        assertEquals("labels: unique, as each maze has one shortest path",
                found(List.of(maze), List.of(breadthFirst(maze, OTHER))).line());
        var found = found(List.of(maze, corner), List.of(breadthFirst(maze, OTHER), breadthFirst(corner, OTHER)));
        assertEquals("labels: the first of several shortest paths, breadth first from S, left-right-down-up; 2 of 2, as "
                + "23 other rules would", found.line());
        assertEquals("1 of 2 have several shortest paths: fewest 1, median 1, most 6", found.paths());
        assertEquals(
                List.of(Optional.of(false), Optional.of(true), Optional.empty()),
                Stream.of(maze, corner, new byte[N * N]).map(each ->
                        new Mazes().hasSeveralAnswers(MazeRules.tokens(each))).toList());
        assertEquals("labels: the first of several shortest paths, breadth first from S, down-left-right-up, as none "
                + "came with the mazes", found(List.of(corner), Collections.singletonList(null)).line());
    }

    private PuzzleSummary write(String name, List<String> lines, MazeImages.Labels labels) throws IOException {
        Files.write(dir.resolve("train.csv"), lines);
        return MazeDataset.write(
                new MazeSource.Csv(new CsvFiles(dir, Split.TEST, OptionalInt.empty(), 0),
                        new MazeImages(7, Optional.ofNullable(labels)), 0),
                dir.resolve(name), false);
    }

    private LabelInfo said(String name) {
        return DatasetInfo.of(dir.resolve(name)).labels();
    }

    private List<MazePuzzle> written(String name, Split split) {
        try (var dataset = PuzzleDataset.open(dir.resolve(name), split)) {
            var puzzles = new ArrayList<MazePuzzle>();
            for (int i = 0; i < dataset.examples(); i++) {
                var example = dataset.example(i);
                puzzles.add(MazePuzzle.of(N, MazeRules.maze(example.inputs()), MazeRules.maze(example.labels()), 1));
            }
            return puzzles;
        }
    }

    /** The first maze is there once more, without an answer, and gets that of the rule that the others have. */
    @Test
    void imagesAreSolvedAgainByTheRuleOfTheLabels() throws IOException {
        int n = MAZES.size();
        var lines = lines(answers(OTHER));
        lines.add(MazeRules.format(MAZES.getFirst()) + ",");
        var summary = write("again", lines, null);
        assertEquals(new LabelInfo("breadth first from G, right-up-down-left", LabelInfo.SOLVED), said("again"));
        var again = written("again", Split.TRAIN);
        assertEquals(8 * (n + 1), again.size());
        for (var image : again) {
            assertArrayEquals(breadthFirst(image.question().cells(), OTHER), image.answer().cells());
        }

        write("turned", lines, MazeImages.Labels.IMAGE);
        assertEquals(new LabelInfo("breadth first from G, right-up-down-left", LabelInfo.TURNED), said("turned"));
        var turned = written("turned", Split.TRAIN);
        int keeping = 0;
        for (int i = 0; i < turned.size(); i++) {
            assertEquals(again.get(i).question(), turned.get(i).question());
            assertEquals(Dihedral.values()[i % 8].apply(turned.get(i / 8 * 8).answer()), turned.get(i).answer());
            keeping += i % 8 > 0 && again.get(i).equals(turned.get(i)) ? 1 : 0;
        }
        assertTrue(keeping > 0 && keeping < 4 * n, "turned labels are others: " + keeping);
        assertEquals("train  labels: the first of several shortest paths, breadth first from G, right-up-down-left; %d "
                .formatted(n) + "of " + n, summary.remarks().get(0));
        assertEquals(
                List.of("images: %d of %d have the label that this rule gives".formatted(7 * (n + 1), 7 * (n + 1)),
                        "images: %d of %d have the label that this rule gives".formatted(keeping, 7 * (n + 1))),
                Stream.of("again", "turned").map(this::checked).map(List::getLast).toList());
        assertEquals("train  images: solved again by that rule; turned labels would keep it for %.0f%% of them"
                .formatted(100.0 * keeping / (7 * (n + 1))), summary.remarks().get(2));
    }

    private List<String> checked(String name) {
        return DatasetCheck.of(dir.resolve(name), dir.resolve(name), DataProgress.NONE)
                .splits().get(Split.TRAIN).labels();
    }

    private static List<String> lines(List<byte[]> answers) {
        var lines = new ArrayList<>(List.of("question,answer"));
        for (int i = 0; i < answers.size(); i++) {
            lines.add(MazeRules.format(MAZES.get(i)) + "," + MazeRules.format(answers.get(i)));
        }
        return lines;
    }

    @Test
    void withoutARuleImagesHaveTurnedLabels() throws IOException {
        var lines = lines(answers(OTHER));
        lines.addAll(lines(answers(PathRule.MAZE_HARD)).subList(1, lines.size()));
        write("turned", lines, null);
        assertEquals(new LabelInfo(LabelInfo.NO_RULE, LabelInfo.TURNED), said("turned"));
        var e = assertThrows(DatasetException.class, () -> write("again", lines, MazeImages.Labels.RULE));
        assertTrue(e.getMessage().contains("found none that gives the labels of all training mazes"), e.getMessage());
        assertTrue(Files.notExists(dir.resolve("again")));
    }

    @Test
    void newMazesMayHaveSeveralShortestPaths() {
        var source = new MazeSource.Generated(
                RULES, 30, 20, 6, 14, MazeSource.Paths.MANY, new MazeImages(7, Optional.empty()), 3);
        var summary = MazeDataset.write(source, dir.resolve("many"), false);
        assertTrue(summary.remarks().get(1).startsWith("train  30 of 30 have several"), summary.remarks().toString());
        assertEquals(new LabelInfo("breadth first from S, down-left-right-up", LabelInfo.SOLVED), said("many"));
        for (var split : Split.values()) {
            var mazes = written("many", split);
            assertEquals(split == Split.TRAIN ? 240 : 20, mazes.size());
            for (var maze : mazes) {
                assertTrue(new ShortestPaths(RULES, maze.question().cells()).count() > 1);
                assertArrayEquals(
                        breadthFirst(maze.question().cells(), PathRule.MAZE_HARD), maze.answer().cells());
            }
        }
    }
}
