package trm4j.train.puzzle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.arc.ArcTasks;
import trm4j.train.data.maze.Mazes;
import trm4j.train.data.npy.NumpyFiles;
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
        assertInstanceOf(Sudokus.class, of("sudoku", 16, 6));
        assertInstanceOf(Mazes.class, of("maze", 36, 6));
        assertInstanceOf(ArcTasks.class, of("arc", 900, 12));
        assertInstanceOf(Tokens.class, of("squares", 81, 11));
        assertInstanceOf(Tokens.class, of("maze", 81, 11));
        assertInstanceOf(Tokens.class, of("sudoku", 900, 6));
        assertInstanceOf(Sudokus.class, of(null, 81, 11));
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
        assertInstanceOf(Sudokus.class, PuzzleFamilies.ofSizes(81, 11));
        assertInstanceOf(Sudokus.class, PuzzleFamilies.ofSizes(16, 6));
        assertInstanceOf(Mazes.class, PuzzleFamilies.ofSizes(900, 6));
        assertInstanceOf(ArcTasks.class, PuzzleFamilies.ofSizes(900, 12));
        assertInstanceOf(Tokens.class, PuzzleFamilies.ofSizes(900, 11));
        assertInstanceOf(Tokens.class, PuzzleFamilies.ofSizes(26, 6));
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
}
