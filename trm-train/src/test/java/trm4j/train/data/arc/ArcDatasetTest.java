package trm4j.train.data.arc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.train.DatasetException;
import trm4j.train.data.Dihedral;
import trm4j.train.data.Grid;
import trm4j.train.data.JsonFile;
import trm4j.train.data.LeakPolicy;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;

class ArcDatasetTest {

    /** Two demonstrations and a test; the second task has two tests, one of them without a solution. */
    private static final String LEARN = """
            {"learn": {"test": [{"input": [[3, 0]]}],
              "train": [{"input": [[1, 2], [0, 3]], "output": [[2, 1], [3, 0]]}, {"input": [[4]], "output": [[5, 5]]}]}}""";
    private static final String LEARN_SOLUTIONS = "{\"learn\": [[[0, 3]]]}";
    private static final String SOLVE = """
            {"train": [{"input": [[1, 2, 3]], "output": [[1], [2], [3]]}],
             "test": [{"input": [[4, 5]], "output": [[4], [5]]}, {"input": [[6]]}]}""";

    @TempDir
    private Path dir;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(Files.createDirectories(dir.resolve(name).getParent()).resolve(dir.resolve(name)), text);
    }

    private ArcSource source(int augment, long seed) throws IOException {
        file("a_solutions.json", LEARN_SOLUTIONS);
        file("solve/solve.json", SOLVE);
        return new ArcSource(List.of(file("a_challenges.json", LEARN)), List.of(dir.resolve("solve")), augment, seed);
    }

    private Path write(int augment, long seed, String name) throws IOException {
        ArcDataset.write(source(augment, seed), dir.resolve(name), false);
        return dir.resolve(name);
    }

    @Test
    void tellsHowManyTasksAreDone() throws IOException {
        var told = new ArrayList<String>();
        ArcDataset.write(source(0, 0), dir.resolve("set"), false, (what, done, total) ->
                told.add(what + " " + done + "/" + total));
        assertEquals(List.of("tasks 1/2", "tasks 2/2"), told);
    }

    @Test
    void tasksAreSplitAndNumbered() throws IOException {
        var summary = ArcDataset.write(source(0, 0), dir.resolve("set"), false);
        assertEquals(new ArcDataset.Summary(2, 0, Map.of(
                Split.TRAIN, new ArcDataset.Count(2, 4), Split.TEST, new ArcDataset.Count(1, 2)), Optional.empty(), 0),
                summary);
        try (var train = PuzzleDataset.open(dir.resolve("set"), Split.TRAIN);
                var test = PuzzleDataset.open(dir.resolve("set"), Split.TEST)) {
            assertEquals(List.of("<blank>", "learn", "solve"), train.identifiers());
            assertEquals(3, test.info().numPuzzleIdentifiers());
            assertEquals(List.of(1, 1, 1, 2), IntStream.range(0, 4)
                    .mapToObj(i -> train.example(i).puzzleIdentifier()).toList());
            assertEquals(List.of(2, 2), IntStream.range(0, 2).mapToObj(i -> test.example(i).puzzleIdentifier()).toList());

            var first = test.example(0);
            assertArrayEquals(tokens("671", "11"), first.inputs());
            assertArrayEquals(labels("61", "71", "1"), first.labels());
            assertArrayEquals(tokens("81", "1"), test.example(1).inputs());
            assertArrayEquals(labels(), test.example(1).labels(), "an unknown output is not asked for");
        }
        assertEquals(ArcFiles.tasks(dir.resolve("solve/solve.json")),
                ArcDataset.testTasks(dir.resolve("set")).orElseThrow());
    }

    private static int[] tokens(String... rows) {
        var field = new int[900];
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < rows[row].length(); column++) {
                field[row * 30 + column] = rows[row].charAt(column) - '0';
            }
        }
        return field;
    }

    private static int[] labels(String... rows) {
        return IntStream.of(tokens(rows)).map(token -> token == 0 ? -100 : token).toArray();
    }

    /** Undone, every copy is the task; no two have the same pairs, and a set of pairs too small to differ has few. */
    @Test
    void copiesAreTheTaskInOtherColoursAndPositions() throws IOException {
        var set = write(200, 1, "set");
        try (var train = PuzzleDataset.open(set, Split.TRAIN); var test = PuzzleDataset.open(set, Split.TEST)) {
            assertEquals(2, train.groups());
            assertEquals(2 * 201, train.puzzles());
            assertEquals(201, test.puzzles());
            var names = train.identifiers();
            assertEquals(1 + 2 * 201, new HashSet<>(names).size());
            var seen = new HashSet<Set<List<Grid>>>();
            var transforms = new TreeSet<Dihedral>();
            int moved = 0;
            for (int puzzle = 0; puzzle < train.puzzles(); puzzle++) {
                var name = names.get(train.example(train.firstExample(puzzle)).puzzleIdentifier());
                var augmentation = ArcAugmentation.of(name);
                transforms.add(augmentation.transform());
                var pairs = new HashSet<List<Grid>>();
                var undone = new HashSet<List<Grid>>();
                int atOrigin = 0;
                for (int i = train.firstExample(puzzle); i < train.firstExample(puzzle + 1); i++) {
                    var example = train.example(i);
                    int origin = ArcTokens.origin(example.inputs());
                    var label = IntStream.of(example.labels()).map(token -> Math.max(0, token)).toArray();
                    assertEquals(origin, ArcTokens.origin(label), "both grids of a pair lie in the same place");
                    atOrigin += origin == 0 ? 1 : 0;
                    moved += origin == 0 ? 0 : 1;
                    var input = ArcTokens.crop(example.inputs(), origin);
                    var output = ArcTokens.crop(label, origin);
                    assertArrayEquals(ArcTokens.encode(output, origin / 30, origin % 30), label);
                    pairs.add(List.of(input, output));
                    undone.add(List.of(augmentation.undo(input), augmentation.undo(output)));
                }
                assertTrue(atOrigin >= 1, name);
                if (puzzle >= 201) {
                    for (int i = test.firstExample(puzzle - 201); i < test.firstExample(puzzle - 200); i++) {
                        assertEquals(names.indexOf(name), test.example(i).puzzleIdentifier());
                        pairs.add(List.of(ArcTokens.crop(test.example(i).inputs(), 0)));
                    }
                }
                assertTrue(seen.add(pairs), name);
                assertEquals(names.get(puzzle < 201 ? 1 : 202), ArcAugmentation.task(name));
                assertEquals(trainPairs(ArcAugmentation.task(name)), undone);
            }
            assertEquals(8, transforms.size());
            assertTrue(moved > 300, "offsets are random: " + moved);
            for (int i = 0; i < test.examples(); i++) {
                assertEquals(0, ArcTokens.origin(test.example(i).inputs()), "none is moved for evaluation");
            }
        }
    }

    private Set<List<Grid>> trainPairs(String task) throws IOException {
        return task.equals("solve")
                ? Set.of(List.of(grid("123"), grid("1", "2", "3")))
                : Set.of(List.of(grid("12", "03"), grid("21", "30")), List.of(grid("4"), grid("55")),
                        List.of(grid("30"), grid("03")));
    }

    private static Grid grid(String... rows) {
        var cells = String.join("", rows);
        var bytes = new byte[cells.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (cells.charAt(i) - '0');
        }
        return new Grid(rows.length, rows[0].length(), bytes);
    }

    /** One coloured cell has nine images, itself among them. */
    @Test
    void thereAreNoMoreCopiesThanDifferentOnes() throws IOException {
        var one = "{\"train\": [{\"input\": [[1]], \"output\": [[1]]}], \"test\": [{\"input\": [[1]], \"output\": [[1]]}]}";
        var summary = ArcDataset.write(
                new ArcSource(List.of(), List.of(file("one.json", one)), 100, 0), dir.resolve("set"), false);
        assertEquals(new ArcDataset.Summary(1, 1, Map.of(
                Split.TRAIN, new ArcDataset.Count(9, 9), Split.TEST, new ArcDataset.Count(9, 9)), Optional.empty(), 0),
                summary);
    }

    @Test
    void theSeedSettlesEverything() throws IOException {
        var sets = new HashMap<String, List<Integer>>();
        for (var set : List.of(write(20, 5, "a"), write(20, 5, "b"), write(20, 6, "c"))) {
            try (var train = PuzzleDataset.open(set, Split.TRAIN)) {
                var tokens = IntStream.range(0, train.examples())
                        .flatMap(i -> IntStream.of(train.example(i).inputs())).boxed().toList();
                sets.put(set.getFileName().toString(), tokens);
            }
        }
        assertEquals(sets.get("a"), sets.get("b"));
        assertTrue(!sets.get("a").equals(sets.get("c")));
    }

    /** So that a model knows the copies of its tasks in a dataset that has others too, or fewer of them. */
    @Test
    void aTaskHasTheSameCopiesInEveryDatasetOfASeed() throws IOException {
        var both = identifiers(write(20, 5, "both"));
        var one = dir.resolve("one");
        ArcDataset.write(new ArcSource(List.of(), List.of(dir.resolve("solve")), 10, 5), one, false);
        var names = identifiers(one);
        assertEquals(12, names.size());
        assertTrue(both.containsAll(names), names + " in " + both);
    }

    private static List<String> identifiers(Path set) {
        return JsonFile.read(set.resolve(PuzzleDataset.IDENTIFIERS)).strings();
    }

    @Test
    void anArcDatasetCanBeReplaced() throws IOException {
        var set = write(1, 0, "set");
        ArcDataset.write(source(2, 0), set, true);
        try (var train = PuzzleDataset.open(set, Split.TRAIN)) {
            assertEquals(6, train.puzzles());
        }
    }

    @Test
    void aTaskMayComeOnce() throws IOException {
        var solve = file("solve.json", SOLVE);
        refused("Task solve comes twice", new ArcSource(List.of(solve), List.of(solve), 0, LeakPolicy.KEEP, 0));
        refused("Task solve comes twice", new ArcSource(List.of(), List.of(solve, solve), 0, 0));
    }

    /** By content in any order of pairs, demonstrations or tests, even if the evaluated outputs are not known. */
    @Test
    void evaluatedTasksAreNotTrainedOn() throws IOException {
        var train = file("t.json", """
                {"other": {"train": [{"input": [[4, 5]], "output": [[4], [5]]}, {"input": [[6]], "output": [[6]]}],
                           "test": [{"input": [[1, 2, 3]], "output": [[1], [2], [3]]}]},
                 "solve": {"train": [{"input": [[7]], "output": [[7]]}], "test": [{"input": [[8]], "output": [[8]]}]},
                 "more": {"train": [{"input": [[4, 5]], "output": [[4], [5]]}, {"input": [[6]], "output": [[6]]}],
                          "test": [{"input": [[1, 2, 3]], "output": [[1, 2, 3]]}]},
                 "less": {"train": [{"input": [[4, 5]], "output": [[4], [5]]}], "test": [{"input": [[6]]}]}}""");
        var again = file("more.json", "{\"less\": " + SOLVE.replace("1", "9") + "}");
        var solve = file("solve.json", SOLVE);
        var summary = ArcDataset.write(
                new ArcSource(List.of(train, again), List.of(solve), 0, 0), dir.resolve("set"), false);
        assertEquals("Left out of training: 2 tasks that are evaluated, 1 of them under another name, 1 in another "
                + "version: other is solve, solve", summary.leaks().orElseThrow().line());
        assertEquals(1, summary.repeated());
        try (var dataset = PuzzleDataset.open(dir.resolve("set"), Split.TRAIN)) {
            assertEquals(List.of("<blank>", "more", "less", "solve"), dataset.identifiers());
        }
        refused("found 2 tasks that are evaluated",
                new ArcSource(List.of(train), List.of(solve), 0, LeakPolicy.REFUSE, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "[]; expected ARC tasks",
        "{}; expected ARC tasks",
        "nonsense; is not valid JSON",
        "nonsense; mend the file",
        "{\"t\": 3}; task t, key train: expected a list",
        "{\"t\": {\"train\": []}}; task t, key train: expected a list of at least one pair",
        "{\"t\": {\"train\": [{\"input\": [[1]]}], \"test\": []}}; train pair 1, output: expected a grid",
        "{\"t\": {\"train\": [{\"input\": [[]], \"output\": [[1]]}]}}; train pair 1, input: expected a grid",
        "{\"t\": {\"train\": [{\"input\": [[10]], \"output\": [[1]]}]}}; input, row 1: expected 1 colours from 0 to 9",
        "{\"t\": {\"train\": [{\"input\": [[1],[1,2]], \"output\": [[1]]}]}}; input, row 2: expected 1 colours",
        "{\"t\": {\"train\": [{\"input\": [[1.5]], \"output\": [[1]]}]}}; input, row 1: expected 1 colours",
        "{\"a|b\": {}}; expected a name, and that without '|'"
    })
    void damagedTasksAreRefused(String json, String message) throws IOException {
        refused(message, new ArcSource(List.of(file("t.json", json)), List.of(), 0, 0));
    }

    @Test
    void aGridHasAtMost30Rows() throws IOException {
        var rows = "[" + "[1],".repeat(30) + "[1]]";
        refused("expected a grid of 1 to 30 rows", new ArcSource(List.of(
                file("t.json", "{\"train\": [{\"input\": " + rows + ", \"output\": [[1]]}]}")), List.of(), 0, 0));
    }

    @Test
    void solutionsThatDoNotFitAreRefused() throws IOException {
        source(0, 0);
        for (var wrong : List.of("{}", "{\"learn\": []}", "{\"learn\": [[[1]], [[1]]]}", "{\"learn\": [3]}")) {
            file("a_solutions.json", wrong);
            refused(wrong.contains("3") ? "test pair 1, output: expected a grid" : "a_solutions.json, task learn: expected "
                    + "1 grids", new ArcSource(List.of(dir.resolve("a_challenges.json")), List.of(), 0, 0));
        }
    }

    @Test
    void whatIsNotThereIsRefused() throws IOException {
        Files.createDirectories(dir.resolve("empty"));
        refused("does not exist", new ArcSource(List.of(dir.resolve("none.json")), List.of(), 0, 0));
        refused("has no .json files", new ArcSource(List.of(dir.resolve("empty")), List.of(), 0, 0));
        assertThrows(DatasetException.class, () -> new ArcSource(List.of(), List.of(), 0, 0));
        assertThrows(DatasetException.class, () -> new ArcSource(List.of(dir), List.of(), -1, 0));
    }

    @Test
    void aFolderMayHaveChallengesWithTheirSolutions() throws IOException {
        file("both/a_challenges.json", LEARN);
        file("both/a_solutions.json", LEARN_SOLUTIONS);
        file("both/solve.json", SOLVE);
        var tasks = new ArrayList<>(ArcFiles.tasks(dir.resolve("both/a_challenges.json")));
        tasks.addAll(ArcFiles.tasks(dir.resolve("both/solve.json")));
        assertEquals(tasks, ArcFiles.read(List.of(dir.resolve("both"))));
    }

    private void refused(String message, ArcSource source) {
        var e = assertThrows(DatasetException.class, () -> ArcDataset.write(source, dir.resolve("refused"), false));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(!Files.exists(dir.resolve("refused")));
    }
}
