package trm4j.train.puzzle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.train.DatasetException;
import trm4j.train.EvaluationException;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.npy.NumpyFiles;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.data.sudoku.Sudokus;

class PuzzleFamiliesTest {

    private static int[] maze(String text) {
        return text.chars().map("?# SGo"::indexOf).toArray();
    }

    private static final PuzzleFamily MAZES = PuzzleFamilies.ofSizes(25, 6);

    private static PuzzleFamily of(String kind, int seqLen, int vocabSize) {
        return PuzzleFamilies.of(DatasetInfo.uncounted(kind, 0, vocabSize, seqLen));
    }

    @Test
    void whatADataSetSaysGoesBeforeItsSizes() {
        assertEquals("sudoku", of("sudoku", 16, 6).kind());
        assertEquals("maze", of("maze", 36, 6).kind());
        assertEquals("arc", of("arc", 900, 12).kind());
        assertEquals("tokens", of("squares", 81, 11).kind());
        assertEquals("tokens", of("maze", 81, 11).kind());
        assertEquals("tokens", of("sudoku", 900, 6).kind());
        assertEquals("sudoku", of(null, 81, 11).kind());
    }

    private static Optional<String> remark(Path dir, String kind, int seqLen, int vocabSize) throws IOException {
        var files = new HashMap<>(NumpyFiles.dataset());
        files.put("dataset.json", new String(files.get("dataset.json"), StandardCharsets.UTF_8)
                .replace("{", kind == null ? "{" : "{\"kind\": \"" + kind + "\", ")
                .replace("\"seq_len\": 3", "\"seq_len\": " + seqLen)
                .replace("\"vocab_size\": 8", "\"vocab_size\": " + vocabSize)
                .getBytes(StandardCharsets.UTF_8));
        for (var tokens : List.of("all__inputs.npy", "all__labels.npy")) {
            files.put(tokens, NumpyFiles.npy("|u1", "(7, " + seqLen + ")", 1, new long[7 * seqLen]));
        }
        try (var dataset = PuzzleDataset.open(NumpyFiles.write(dir, Split.TEST, files), Split.TEST)) {
            return PuzzleFamilies.remark(dataset);
        }
    }

    @Test
    void guessesAreTold(@TempDir Path dir) throws IOException {
        for (var guess : Map.of(new int[] {81, 11}, "81 cells of 11 tokens they are taken for Sudokus",
                new int[] {900, 6}, "900 cells of 6 tokens they are taken for mazes",
                new int[] {900, 12}, "900 cells of 12 tokens they are taken for ARC tasks").entrySet()) {
            assertEquals(Optional.of(dir + " does not say what its puzzles are; from " + guess.getValue()
                    + " (if they are others, name their \"kind\" in dataset.json)."),
                    remark(dir, null, guess.getKey()[0], guess.getKey()[1]));
        }
        assertEquals(Optional.of(dir + " says that its puzzles are of the kind sudoku, of which none of 25 cells of 7 "
                + "tokens are known here; they are judged by their labels only."), remark(dir, "sudoku", 25, 7));
        assertEquals(Optional.empty(), remark(dir, null, 80, 11));
        assertEquals(Optional.empty(), remark(dir, "sudoku", 81, 11));
        assertEquals(Optional.of(dir + " says that its puzzles are of the kind squares, of which no puzzle family is on "
                + "the class path; they are judged by their labels only."), remark(dir, "squares", 81, 11));
    }

    @Test
    void sizesTellPuzzles() {
        assertEquals("sudoku", PuzzleFamilies.ofSizes(81, 11).kind());
        assertEquals("sudoku", PuzzleFamilies.ofSizes(16, 6).kind());
        assertEquals("maze", PuzzleFamilies.ofSizes(900, 6).kind());
        assertEquals("arc", PuzzleFamilies.ofSizes(900, 12).kind());
        assertEquals("tokens", PuzzleFamilies.ofSizes(900, 11).kind());
        assertEquals("tokens", PuzzleFamilies.ofSizes(26, 6).kind());
    }

    @Test
    void mazesTellPathsAndShortestOnes() {
        var question = maze("S   G ###                ");
        assertEquals(Map.of("path", true, "shortest", true), MAZES.rules(question, maze("SoooG ###                ")));
        assertEquals(Map.of("path", true, "shortest", false), MAZES.rules(question, maze("S   Go###oooooo          ")));
        assertEquals(Map.of("path", false, "shortest", false), MAZES.rules(question, maze("So ?G#####SG           oo")));
        assertEquals(Map.of(), MAZES.rules(maze("no maze at all".replaceAll(".", " ") + "           "), question));
        assertEquals("\"S   G ###                \"", MAZES.json(question, question, null).toString());
    }

    /** Rotated by 90 degrees with 1 and 2 exchanged, 1 2 above 3 4 has become 1 4 above 2 3. */
    @Test
    void arcGridsAreWrittenWithTheirAugmentationUndone() {
        var question = new int[900];
        question[31] = 3;
        question[32] = 6;
        question[61] = 4;
        question[62] = 5;
        var kind = PuzzleFamilies.ofSizes(900, 12);
        assertEquals("[\"12\",\"34\"]", kind.json(question, question, "task|||t1|||0213456789").toString());
        assertEquals("[\"14\",\"23\"]", kind.json(question, question, null).toString());
    }

    private record Named(String kind) implements PuzzleFamily {
        @Override
        public String cell(int token) {
            return "";
        }
    }

    @Test
    void familiesDifferInTheirKinds() {
        assertEquals(List.of("arc", "maze", "sudoku"), PuzzleFamilies.all().stream().map(PuzzleFamily::kind).toList());
        var twice = assertThrows(DatasetException.class,
                () -> PuzzleFamilies.distinct(List.of(new Named("latin"), new Sudokus(), new Named("sudoku"))));
        assertEquals("Two puzzle families on the class path are of the kind sudoku: " + Sudokus.class.getName() + " and "
                + Named.class.getName() + "; take one off, or give it another kind.", twice.getMessage());
        var word = assertThrows(DatasetException.class, () -> PuzzleFamilies.distinct(List.of(new Named("Two words"))));
        assertEquals("The puzzle family " + Named.class.getName() + " is of the kind 'Two words', expected a word of 1 to "
                + "40 characters from a-z, 0-9, - and _.", word.getMessage());
    }

    /** Images are puzzles of the family with right answers; where nothing is asked, nothing is. */
    @Test
    void imagesKeepTheRules() {
        var random = new SplittableRandom(3);
        var sudoku = SudokuRules.FOUR;
        var answer = SudokuRules.tokens(sudoku.parse("2413132431424231"));
        var question = SudokuRules.tokens(sudoku.parse(".4....2..1.2..3."));
        var mazes = maze("S   G ###                ");
        var path = maze("SoooG ###                ");
        for (int i = 0; i < 20; i++) {
            var square = new Sudokus().image(new Example(question, answer, 7), random).orElseThrow();
            assertEquals(Map.of("valid", true), new Sudokus().rules(square.inputs(), square.labels()));
            assertEquals(11, Arrays.stream(square.inputs()).filter(token -> token == 1).count());
            assertEquals(7, square.puzzleIdentifier());
            var maze = MAZES.image(new Example(mazes, path, 0), random).orElseThrow();
            assertEquals(Map.of("path", true, "shortest", true), MAZES.rules(maze.inputs(), maze.labels()));
        }
        var open = new int[16];
        Arrays.fill(open, Batch.NO_LABEL);
        assertArrayEquals(open, new Sudokus().image(new Example(question, open, 0), random).orElseThrow().labels());
        assertEquals(Optional.empty(), PuzzleFamilies.ofSizes(900, 12).image(new Example(open, open, 0), random));
    }

    /** In an open square: down first, then to the side, and up only at last. */
    @Test
    void imagesOfMazesHaveThePathThatTheRuleChooses() {
        var question = maze("    S               G    ");
        var byRule = maze("    S    o    o    oGoooo");
        var another = maze("ooooSo    o    o    G    ");
        var random = new SplittableRandom(5);
        int turned = 0;
        for (int i = 0; i < 20; i++) {
            var image = MAZES.image(new Example(question, byRule, 0), random).orElseThrow();
            assertArrayEquals(downSidewaysUp(image.inputs()), image.labels());
            var other = MAZES.image(new Example(question, another, 0), random).orElseThrow();
            turned += Arrays.equals(downSidewaysUp(other.inputs()), other.labels()) ? 0 : 1;
        }
        assertTrue(turned > 0, "a label that is not by the rule is turned");
    }

    private static int[] downSidewaysUp(int[] question) {
        var answer = question.clone();
        int start = IntStream.range(0, 25).filter(cell -> question[cell] == token("S")).findFirst().orElseThrow();
        int goal = IntStream.range(0, 25).filter(cell -> question[cell] == token("G")).findFirst().orElseThrow();
        int corner = goal > start ? goal / 5 * 5 + start % 5 : start / 5 * 5 + goal % 5;
        for (int[] leg : new int[][] {{start, corner}, {corner, goal}}) {
            int by = leg[0] / 5 == leg[1] / 5 ? Integer.signum(leg[1] - leg[0]) : 5 * Integer.signum(leg[1] - leg[0]);
            for (int cell = leg[0]; cell != leg[1]; cell += by) {
                answer[cell] = cell == start ? question[cell] : token("o");
            }
        }
        return answer;
    }

    private static int token(String cell) {
        return maze(cell.repeat(25))[0];
    }

    /** What is offered to who has no puzzle is one, with the only answer or a shortest path. */
    @Test
    void newPuzzlesAreRightlySolved() {
        for (var rules : SudokuRules.values()) {
            var made = new Sudokus().newPuzzle(rules.cells(), rules.size() + 2, new SplittableRandom(1)).orElseThrow();
            assertEquals(Map.of("valid", true), new Sudokus().rules(made.inputs(), made.labels()));
            assertArrayEquals(made.inputs(), new Sudokus().newPuzzle(
                    rules.cells(), rules.size() + 2, new SplittableRandom(1)).orElseThrow().inputs());
        }
        for (int cells : new int[] {25, 36, 900}) {
            var made = MAZES.newPuzzle(cells, 6, new SplittableRandom(1)).orElseThrow();
            assertEquals(Map.of("path", true, "shortest", true), MAZES.rules(made.inputs(), made.labels()));
        }
        assertEquals(
                Optional.empty(), PuzzleFamilies.ofSizes(900, 12).newPuzzle(900, 12, new SplittableRandom(1)));
    }

    /** Of every sort: images are right where the puzzle is, and the way back leads to what it came from. */
    @Test
    void symmetriesKeepTheRulesAndLeadBack() {
        var four = example("2413132431424231", ".4....2..1.2..3.");
        var six = example("123456456123231564564231312645645312", "1..4.645.1..2.1.645.42.13.2..56.5.12");
        for (var sort : Symmetries.values()) {
            for (var puzzle : List.of(four, six)) {
                int cells = puzzle.inputs().length;
                int vocab = (int) Math.sqrt(cells) + 2;
                for (var symmetry : sort.draw(new Sudokus(), cells, vocab, 4, 5)) {
                    var image = symmetry.apply(puzzle);
                    assertEquals(Map.of("valid", true), new Sudokus().rules(image.inputs(), image.labels()));
                    assertArrayEquals(puzzle.labels(), symmetry.undo(image.labels()));
                    assertArrayEquals(puzzle.inputs(), symmetry.undo(image.inputs()));
                }
            }
        }
        var maze = new Example(maze("S   G ###                "), maze("SoooG ###                "), 0);
        for (var symmetry : Symmetries.DIHEDRAL.draw(MAZES, 25, 6, 8, 5)) {
            var image = symmetry.apply(maze);
            assertEquals(Map.of("path", true, "shortest", true), MAZES.rules(image.inputs(), image.labels()));
            assertArrayEquals(maze.labels(), symmetry.undo(image.labels()));
        }
    }

    private static Example example(String answer, String question) {
        var rules = SudokuRules.ofCells(answer.length()).orElseThrow();
        return new Example(
                SudokuRules.tokens(rules.parse(question)), SudokuRules.tokens(rules.parse(answer)), 0);
    }

    /** Boards of oblong boxes cannot be turned by a quarter, and digits have as many orders as there are. */
    @Test
    void symmetriesDifferAndEndSomewhere() {
        var refused = List.of(
                refusal(() -> Symmetries.DIHEDRAL.draw(new Sudokus(), 36, 8, 5, 1)),
                refusal(() -> Symmetries.DIHEDRAL.draw(new Sudokus(), 16, 6, 9, 1)),
                refusal(() -> Symmetries.DIGITS.draw(new Sudokus(), 16, 6, 25, 1)),
                refusal(() -> Symmetries.DIGITS.draw(MAZES, 25, 6, 2, 1)),
                refusal(() -> Symmetries.ALL.draw(PuzzleFamilies.ofSizes(900, 12), 900, 12, 2, 1)));
        assertEquals(
                List.of(
                        "--chains: Sudokus of this size have 4 symmetries of the sort dihedral, found 5; ask for 4 or fewer.",
                        "--chains: Sudokus of this size have 8 symmetries of the sort dihedral, found 9; ask for 8 or fewer.",
                        "--chains: Sudokus of this size have 24 symmetries of the sort digits, found 25; ask for 24 or "
                                + "fewer.",
                        "--chains: symmetries of mazes of the sort digits are not known, expected puzzles that have "
                                + "some; leave --chains out.",
                        "--chains: symmetries of ARC tasks are not known, expected puzzles that have some; leave "
                                + "--chains out."),
                refused);
        assertEquals(1, Symmetries.ALL.draw(PuzzleFamilies.ofSizes(900, 12), 900, 12, 1, 1).size());
    }

    private static String refusal(Executable draw) {
        return assertThrows(EvaluationException.class, draw).getMessage();
    }
}
