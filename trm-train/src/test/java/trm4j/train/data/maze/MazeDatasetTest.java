package trm4j.train.data.maze;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trm4j.train.DatasetException;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.Dihedral;
import trm4j.train.data.Grid;
import trm4j.train.data.LeakPolicy;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.PuzzleSummary;
import trm4j.train.data.Split;
import trm4j.train.data.Warnings;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.data.npy.NumpyFiles;

class MazeDatasetTest {

    private static final MazeRules SIX = new MazeRules(6);

    /** Begins and ends with free cells, which are spaces. */
    private static final String MAZE = "    # " + " ## # " + " #S   " + " # ##G" + " # #  " + "      ";
    private static final String SOLVED = "    # " + " ## # " + " #Sooo" + " # ##G" + " # #  " + "      ";
    private static final String DETOUR = "    # " + " ## # " + " #S   " + " #o##G" + " #o#oo" + "  ooo ";
    private static final String WRONG = "    # " + " ## # " + " #So o" + " # ##G" + " # #  " + "      ";

    @RegisterExtension
    private final Warnings log = new Warnings();

    @TempDir
    private Path dir;

    private Path write(MazeSource source, String name) {
        MazeDataset.write(source, dir.resolve(name), false);
        return dir.resolve(name);
    }

    private static MazeSource.Generated wanted(int size, int minPath, int maxPath, int augment, long seed) {
        return wanted(size, minPath, maxPath, MazeSource.Paths.UNIQUE, images(augment), seed);
    }

    private static MazeSource.Generated wanted(
            int size, int minPath, int maxPath, MazeSource.Paths paths, MazeImages images, long seed) {
        return new MazeSource.Generated(new MazeRules(size), 60, 40, minPath, maxPath, paths, images, seed);
    }

    private static MazeImages images(int count) {
        return new MazeImages(count, Optional.empty());
    }

    private static List<MazePuzzle> mazes(Path set, Split split) {
        try (var dataset = PuzzleDataset.open(set, split)) {
            int size = MazeRules.ofCells(dataset.info().seqLen()).orElseThrow().size();
            var mazes = new ArrayList<MazePuzzle>();
            for (int i = 0; i < dataset.examples(); i++) {
                var example = dataset.example(i);
                mazes.add(MazePuzzle.of(
                        size, MazeRules.maze(example.inputs()), MazeRules.maze(example.labels()),
                        dataset.ratings().orElseThrow()[i]));
            }
            return mazes;
        }
    }

    private static long waysOf(MazePuzzle maze) {
        int n = maze.question().rows();
        var rules = new MazeRules(n);
        var cells = maze.question().cells();
        int start = MazeRules.only(MazeRules.START, cells);
        var ways = new long[cells.length];
        ways[start] = 1;
        var steps = rules.distances(cells, start);
        for (int step = 1; step <= cells.length; step++) {
            for (int cell = 0; cell < cells.length; cell++) {
                for (int from = 0; steps[cell] == step && from < cells.length; from++) {
                    boolean beside = Math.abs(from / n - cell / n) + Math.abs(from % n - cell % n) == 1;
                    ways[cell] += beside && steps[from] == step - 1 ? ways[from] : 0;
                }
            }
        }
        return ways[MazeRules.only(MazeRules.GOAL, cells)];
    }

    @ParameterizedTest
    @CsvSource({"5, 2, 6", "6, 6, 20", "10, 20, 40"})
    void newMazesHaveOneShortestPathOfTheLengthAskedFor(int size, int minPath, int maxPath) {
        var set = write(wanted(size, minPath, maxPath, 0, 1), "set");
        var forms = new HashSet<Set<Grid>>();
        var lengths = new HashSet<Integer>();
        for (var split : Split.values()) {
            var mazes = mazes(set, split);
            assertEquals(split == Split.TRAIN ? 60 : 40, mazes.size());
            for (var maze : mazes) {
                assertEquals(1, waysOf(maze));
                assertTrue(MazeRulesTest.isShortest(new MazeRules(size), maze.question().cells(), maze.answer().cells()));
                assertEquals(MazeRules.steps(maze.answer().cells()), maze.rating());
                assertTrue(maze.rating() >= minPath && maze.rating() <= maxPath, "steps: " + maze.rating());
                lengths.add(maze.rating());
                assertTrue(forms.add(maze.images().map(MazePuzzle::question).collect(Collectors.toSet())),
                        "none is symmetric to another");
            }
        }
        assertTrue(lengths.size() > (maxPath - minPath) / 4, "lengths differ: " + lengths);
    }

    @Test
    void theSeedSettlesEverything() {
        var first = mazes(write(wanted(8, 8, 20, 0, 3), "a"), Split.TEST);
        assertEquals(first, mazes(write(wanted(8, 8, 20, 0, 3), "b"), Split.TEST));
        assertTrue(!first.equals(mazes(write(wanted(8, 8, 20, 0, 4), "c"), Split.TEST)));
    }

    @Test
    void augmentedMazesComeWithTheirSevenImages() {
        var set = write(wanted(6, 6, 12, 7, 5), "set");
        try (var train = PuzzleDataset.open(set, Split.TRAIN); var test = PuzzleDataset.open(set, Split.TEST)) {
            assertEquals(60, train.groups());
            assertEquals(480, train.puzzles());
            assertEquals(40, test.puzzles());
        }
        var mazes = mazes(set, Split.TRAIN);
        for (int group = 0; group < 60; group++) {
            for (var symmetry : Dihedral.values()) {
                var image = mazes.get(8 * group + symmetry.ordinal());
                assertEquals(symmetry.apply(mazes.get(8 * group).question()), image.question());
                assertEquals(symmetry.apply(mazes.get(8 * group).answer()), image.answer());
            }
        }
    }

    @Test
    void fewerImagesAreTheFirstOfThem() {
        var set = write(wanted(6, 6, 12, 2, 5), "set");
        var mazes = mazes(set, Split.TRAIN);
        assertEquals(180, mazes.size());
        for (int image = 0; image < 3; image++) {
            assertEquals(Dihedral.values()[image].apply(mazes.getFirst().question()), mazes.get(image).question());
        }
        assertThrows(DatasetException.class, () -> wanted(6, 6, 12, 8, 5));
        assertThrows(DatasetException.class, () -> images(-1));
    }

    @Test
    void tellsHowManyAreMade() {
        var told = new ArrayList<String>();
        MazeDataset.write(wanted(6, 6, 12, 0, 5), dir.resolve("set"), false, (what, done, total) ->
                told.add(what + " " + done + "/" + total));
        assertTrue(told.contains("training puzzles 60/60"), told.toString());
        assertEquals("test puzzles 40/40", told.getLast());
    }

    @Test
    void whatCannotBeMadeIsRefused() {
        assertRefused("could be made", wanted(5, 16, 16, 0, 1));
        var e = assertThrows(DatasetException.class, () -> wanted(6, 0, 4, 0, 1));
        assertTrue(e.getMessage().contains("from 1 to 24 for 6x6 mazes, found 0-4"), e.getMessage());
        assertThrows(DatasetException.class, () -> wanted(6, 25, 25, 0, 1));
        assertThrows(DatasetException.class, () -> wanted(6, 5, 4, 0, 1));
        assertThrows(DatasetException.class, () -> new MazeSource.Generated(
                SIX, 0, 0, 2, 4, MazeSource.Paths.UNIQUE, MazeImages.NONE, 1));
    }

    private Path csv(String name, String... lines) throws IOException {
        return Files.write(dir.resolve(name), List.of(lines));
    }

    private static MazeSource.Csv test(Path file) {
        return new MazeSource.Csv(CsvFiles.test(file), MazeImages.NONE, 0);
    }

    @Test
    void spaceMattersInCsvFiles() throws IOException {
        var file = csv("a.csv", "source,question,answer,rating", "x," + MAZE + "," + SOLVED + ", 7 ", "x," + MAZE + ",,");
        var mazes = mazes(write(test(file), "set"), Split.TEST);
        var maze = MazePuzzle.of(6, SIX.parse(MAZE), SIX.parse(SOLVED), 7);
        assertEquals(maze, mazes.get(0));
        assertEquals(new MazePuzzle(maze.question(), maze.answer(), 4), mazes.get(1),
                "an answer that is missing is worked out, as is a rating");
    }

    @Test
    void rowsThatAreNoMazesAreLeftOut() throws IOException {
        var file = csv("a.csv", "question,answer", MAZE + "," + SOLVED, MAZE.strip() + "," + SOLVED, MAZE + "," + WRONG,
                MAZE + "," + DETOUR, MAZE.replace('G', ' ') + ",", MAZE + "," + SOLVED.replace('S', 's'));
        var summary = MazeDataset.write(test(file), dir.resolve("set"), false);
        assertEquals(Map.of(Split.TEST, new PuzzleSummary.Count(1, 1, 5, 0)), summary.splits());
        assertEquals(List.of(
                "3: left out: A 6x6 maze has 36 characters, one per cell, but this one has 24.",
                "4: left out: The answer is not a path from S to G.",
                "5: left out: The answer is a path of 8 steps, and the shortest has 4.",
                "6: left out: The maze has no 'G', expected one.",
                "7: left out: A maze has the characters '# SGo', but this one has 's' at character 15."),
                log.messages().stream().map(message -> message.replace(file + ":", "")).toList());
        assertRefused(
                "expected mazes, questions of as many characters as a square has cells",
                test(csv("b.csv", "question", "S")));
    }

    @Test
    void aFolderHasBothSplits() throws IOException {
        csv("train.csv", "question,rating", MAZE + ",5", MAZE.replace("      ", "   #  ") + ",1", MAZE + ",5");
        csv("test.csv", "question,rating", MAZE + ",5");
        var files = new CsvFiles(dir, Split.TEST, OptionalInt.of(1), 2, LeakPolicy.KEEP);
        var summary = MazeDataset.write(new MazeSource.Csv(files, images(7), 0), dir.resolve("set"), false);
        assertEquals(Map.of(Split.TRAIN, new PuzzleSummary.Count(1, 8, 0, 1),
                Split.TEST, new PuzzleSummary.Count(1, 1, 0, 0)), summary.splits());
    }

    @Test
    void testMazesAreFoundAmongTheOthers() throws IOException {
        var free = MAZE.replace("      ", "   #  ");
        var mirrored = MAZE.replaceAll("(.)(.)(.)(.)(.)(.)", "$6$5$4$3$2$1");
        csv("train.csv", "question", free, mirrored, MAZE);
        csv("test.csv", "question", MAZE);
        var from = dir.resolve("from");
        var kept = new CsvFiles(dir, Split.TEST, OptionalInt.empty(), 0, LeakPolicy.KEEP);
        var leaks = MazeDataset.write(new MazeSource.Csv(kept, MazeImages.NONE, 0), from, false).remarks();
        assertEquals("Trained on all the same: 2 puzzles that are test puzzles or symmetric to one, 1 word for word: "
                + "train.csv:3 is test.csv:2, train.csv:4 is test.csv:2", leaks.getFirst());
        var summary = MazeDataset.write(new MazeSource.Npy(from, MazeImages.NONE, LeakPolicy.DROP), dir.resolve("set"), false);
        assertEquals(1, summary.splits().get(Split.TRAIN).puzzles());
        assertTrue(summary.remarks().getFirst().endsWith(": train 1 is test 0, train 2 is test 0"), "" + summary);
        assertEquals(free, MazeRules.format(mazes(dir.resolve("set"), Split.TRAIN).getFirst().question().cells()));
    }

    /** A dataset as the authors' script makes it: no ratings, the label of padding ignored. */
    @Test
    void aDatasetIsCheckedAndRated() throws IOException {
        var tokens = new long[3 * 36];
        var labels = new long[3 * 36];
        for (int i = 0; i < 36; i++) {
            tokens[i] = tokens[36 + i] = tokens[72 + i] = "?# SGo".indexOf(MAZE.charAt(i));
            labels[i] = "?# SGo".indexOf(SOLVED.charAt(i));
            labels[36 + i] = "?# SGo".indexOf(WRONG.charAt(i));
        }
        NumpyFiles.write(dir.resolve("from"), Split.TEST, Map.of(
                "dataset.json", """
                        {"pad_id": 0, "ignore_label_id": 0, "blank_identifier_id": 0, "vocab_size": 6, "seq_len": 36,
                         "num_puzzle_identifiers": 1, "total_groups": 3, "mean_puzzle_examples": 1.0, "sets": ["all"]}"""
                        .getBytes(StandardCharsets.UTF_8),
                "all__inputs.npy", NumpyFiles.npy("|u1", "(3, 36)", 1, tokens),
                "all__labels.npy", NumpyFiles.npy("|u1", "(3, 36)", 1, labels),
                "all__puzzle_identifiers.npy", NumpyFiles.ints(0, 0, 0),
                "all__puzzle_indices.npy", NumpyFiles.ints(0, 1, 2, 3),
                "all__group_indices.npy", NumpyFiles.ints(0, 1, 2, 3)));
        var source = new MazeSource.Npy(dir.resolve("from"), MazeImages.NONE, LeakPolicy.DROP);
        var summary = MazeDataset.write(source, dir.resolve("set"), false);
        assertEquals(Map.of(Split.TEST, new PuzzleSummary.Count(2, 2, 1, 0)), summary.splits());
        assertEquals(List.of(dir.resolve("from") + ", test maze 1: left out: The answer is not a path from S to G."),
                log.messages());
        for (var maze : mazes(dir.resolve("set"), Split.TEST)) {
            assertArrayEquals(SIX.parse(SOLVED), maze.answer().cells());
            assertEquals(4, maze.rating());
        }
        assertEquals("maze", DatasetInfo.of(dir.resolve("set")).kind());
        var json = dir.resolve("from/test/dataset.json");
        Files.writeString(json, Files.readString(json).replaceFirst("\\{", "{\"kind\": \"squares\", "));
        assertRefused("says that its puzzles are of the kind squares, expected maze; name a dataset of mazes",
                new MazeSource.Npy(dir.resolve("from"), MazeImages.NONE, LeakPolicy.DROP));
        assertRefused("neither a folder train nor test", new MazeSource.Npy(dir, MazeImages.NONE, LeakPolicy.DROP));
        NumpyFiles.write(dir.resolve("other"), Split.TEST, NumpyFiles.dataset());
        Files.writeString(dir.resolve("other/identifiers.json"), "[\"a\", \"b\", \"c\", \"d\"]");
        assertRefused("expected square mazes of 6 tokens",
                new MazeSource.Npy(dir.resolve("other"), MazeImages.NONE, LeakPolicy.DROP));
    }

    private void assertRefused(String message, MazeSource source) {
        var e = assertThrows(DatasetException.class, () -> MazeDataset.write(source, dir.resolve("refused"), false));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
