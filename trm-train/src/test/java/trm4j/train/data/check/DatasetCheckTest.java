package trm4j.train.data.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.train.DatasetException;
import trm4j.train.data.DataProgress;
import trm4j.train.data.LeakPolicy;
import trm4j.train.data.Split;
import trm4j.train.data.TokenDataset;
import trm4j.train.data.arc.ArcDataset;
import trm4j.train.data.arc.ArcSource;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuSource;

class DatasetCheckTest {

    @TempDir
    private Path dir;

    private static DatasetCheck check(Path set) {
        return DatasetCheck.of(set, set, DataProgress.NONE);
    }

    private static Example example(int... tokens) {
        return new Example(Arrays.copyOf(tokens, 2), Arrays.copyOfRange(tokens, 2, 4), 0);
    }

    private static Found found(String... names) {
        return new Found(names.length, List.of(names));
    }

    @Test
    void anyPuzzlesAreComparedSignBySign() {
        int none = Batch.NO_LABEL;
        TokenDataset.write(dir.resolve("set"), "mine", 9, List.of(
                        example(1, 2, 3, 4), example(1, 2, 3, 4), example(1, 2, 3, 5), example(6, 6, 6, 6),
                        example(7, 8, none, none)),
                List.of(example(2, 1, 3, 4), example(6, 6, 1, 1), example(1, 2, 3, 4)), false);
        var check = check(dir.resolve("set"));
        assertEquals(new SplitFacts(
                Split.TRAIN, 5, 5, 5, new Span(1, 1, 1), new Span(1, 1, 1), 1, found("3"), found("1 (0)"),
                found("2 (0)"), found("1 (0)", "2 (0)"), Map.of(), Optional.empty(), List.of()),
                check.splits().get(Split.TRAIN));
        assertEquals(new LeakFacts(3, found("test 1 (train 3)", "test 2 (train 0)"), 2, found()),
                check.leaks().orElseThrow());
    }

    private Path sudokus(String name, int augment) throws IOException {
        var csv = new CsvFiles(dir, Split.TEST, OptionalInt.empty(), 0, LeakPolicy.KEEP);
        SudokuDataset.write(new SudokuSource.Csv(csv, augment, 1), dir.resolve(name), false);
        return dir.resolve(name);
    }

    /** Turned over the diagonal, in other digits; a puzzle of the same answer; and one of its own. */
    @Test
    void sudokusAreComparedUpToSymmetryAndByTheirAnswers() throws IOException {
        Files.write(dir.resolve("train.csv"), List.of(
                "question,rating", ".4....2..1.2..3.,7", "...131......12..,2", "312....1....42..,3"));
        Files.write(dir.resolve("test.csv"), List.of("question", "....4.2..1.3..1.", "3124...1....42.."));
        for (int augment : new int[] {0, 30}) {
            var check = check(sudokus("set" + augment, augment));
            var train = check.splits().get(Split.TRAIN);
            assertEquals(3, train.groups());
            assertEquals(new Span(1 + augment, 1 + augment, 1 + augment), train.puzzlesOfGroup());
            assertEquals(found(), train.repeated());
            assertEquals(found(), train.symmetric());
            assertEquals(Map.of("valid", 3 + 3 * augment), train.rules());
            assertEquals(new Span(2, 4, 7), train.ratings().orElseThrow());
            var leaks = check.leaks().orElseThrow();
            assertEquals(List.of("test 0 (train 0)"), leaks.leaked().first());
            assertEquals(1, leaks.sameAnswer().count());
            assertTrue(leaks.sameAnswer().first().getFirst().startsWith("test 1 (train "), leaks.toString());
        }
    }

    /** The training split of one, the test split of another. */
    @Test
    void testPuzzlesMayBeOfAnotherDataSet() {
        var other = dir.resolve("other");
        TokenDataset.write(dir.resolve("set"), 9, List.of(example(1, 2, 3, 4)), List.of(), false);
        TokenDataset.write(other, 9, List.of(), List.of(example(1, 2, 3, 4), example(2, 2, 3, 4)), false);
        assertEquals(Optional.empty(), check(other).leaks());
        assertEquals(Optional.empty(), check(dir.resolve("set")).leaks());
        assertEquals(1, DatasetCheck.of(dir.resolve("set"), other, DataProgress.NONE).leaks().orElseThrow()
                .leaked().count());
        TokenDataset.write(other, 8, List.of(), List.of(example(1, 2, 3, 4)), true);
        var e = assertThrows(DatasetException.class, () ->
                DatasetCheck.of(dir.resolve("set"), other, DataProgress.NONE));
        assertTrue(e.getMessage().contains("has puzzles of 2 cells of 8 tokens, expected 2 of 9"), e.getMessage());
    }

    @Test
    void tasksAreComparedByTheirPairs() throws IOException {
        var train = Files.writeString(dir.resolve("train.json"), """
                {"whole": {"train": [{"input": [[1, 0, 2]], "output": [[2, 0, 1]]}, {"input": [[3]], "output": [[3]]}],
                           "test": [{"input": [[4, 5]], "output": [[4, 4]]}]},
                 "twice": {"train": [{"input": [[4, 5]], "output": [[4, 4]]}, {"input": [[3]], "output": [[3]]}],
                           "test": [{"input": [[1, 0, 2]], "output": [[2, 0, 1]]}]},
                 "parts": {"train": [{"input": [[6], [6]], "output": [[6]]}], "test": [{"input": [[7]], "output": [[0]]}]}
                }""");
        var tested = Files.writeString(dir.resolve("tested.json"), """
                {"same": {"train": [{"input": [[4, 5]], "output": [[4, 4]]}],
                          "test": [{"input": [[3]], "output": [[3]]}, {"input": [[1, 0, 2]], "output": [[2, 0, 1]]}]},
                 "image": {"train": [{"input": [[8, 9, 8]], "output": [[8]]}],
                           "test": [{"input": [[5], [0], [7]], "output": [[7], [0], [5]]}]},
                 "own": {"train": [{"input": [[0, 0, 4]], "output": [[4, 0, 0]]}],
                         "test": [{"input": [[0], [0], [3]], "output": [[3], [0], [0]]}]},
                 "zero": {"train": [{"input": [[6], [6]], "output": [[6]]}], "test": [{"input": [[1]], "output": [[2]]}]}
                }""");
        var source = new ArcSource(List.of(train), List.of(tested), 3, LeakPolicy.KEEP, 0);
        ArcDataset.write(source, dir.resolve("set"), false);
        var arc = check(dir.resolve("set")).arc().orElseThrow();
        assertEquals(new ArcFacts(
                7, 4, 5, found("same (whole)"), found("twice (whole)"),
                found("same test 1 (whole)", "same test 2 (whole)", "image test 1 (whole)"), found("own test 1"),
                found("zero (parts)"), new Found(4, List.of("same", "image", "own")), 3), arc);
    }
}
