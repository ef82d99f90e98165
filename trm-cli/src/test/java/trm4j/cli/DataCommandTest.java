package trm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import trm4j.train.DatasetException;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.Warnings;

class DataCommandTest {

    @RegisterExtension
    private final Warnings warnings = new Warnings();

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        return Commands.run(out, err, ("data " + line.replace("DIR", dir.toString())).strip().split(" "));
    }

    @Test
    void makesNewSudokus() {
        assertEquals(0, run("sudoku --out DIR/set --size 4 --train 5 --test 3 --clues 5-7 --augment 2 --seed 9"));
        try (var train = PuzzleDataset.open(dir.resolve("set"), Split.TRAIN)) {
            assertEquals(15, train.examples());
        }
        var text = out.toString();
        assertTrue(text.contains("4x4 Sudokus") && text.contains("train  5 puzzles, 15 examples")
                && text.contains("test   3 puzzles, 3 examples")
                && text.contains("trm train CONFIG --data " + dir.resolve("set")), text);
    }

    @Test
    void importsOneFileAsTheSplitAskedFor() throws IOException {
        Files.write(dir.resolve("a.csv"), List.of("question", "1.....2..3.....4", "bad"));
        assertEquals(0, run("sudoku --out DIR/set --csv DIR/a.csv --split train"));
        assertTrue(out.toString().contains("train  1 puzzle, 1 example; left out: 1 improper"), out.toString());
        assertEquals(0, run("sudoku --out DIR/set --csv DIR/a.csv --force"));
        PuzzleDataset.open(dir.resolve("set"), Split.TEST).close();
    }

    @Test
    void tellsWhatIsTrueOfADataSet() throws IOException {
        Files.write(dir.resolve("train.csv"), List.of("question", "1.....2..3.....4", "1.....2..3.....4"));
        Files.write(dir.resolve("test.csv"), List.of("question", "4.....2..3.....1", "....2.3.3.2...1."));
        assertEquals(0, run("sudoku --out DIR/set --csv DIR --leaks keep --augment 1"));
        assertTrue(out.toString().contains("\n  Trained on all the same: 2 puzzles that are test puzzles or symmetric to "
                + "one, 0 word for word: train.csv:2 is test.csv:2, train.csv:3 is test.csv:2\n"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("check DIR/set"));
        assertEquals("""
                DIR/set: Sudokus, 16 cells of 6 tokens
                train: 2 groups, 4 puzzles, 4 examples
                  examples a puzzle: 1
                  augmentation: 2 puzzles a group
                  examples without answers: 0
                  answers by the rules: valid 4 of 4
                  answers that are their questions: 0
                  examples that an earlier one equals: 1 (2 (0))
                  questions of an earlier one, with another answer: 0
                  puzzles that are symmetric to one of an earlier group, or equal: 1 (2 (0))
                test: 2 groups, 2 puzzles, 2 examples
                  examples a puzzle: 1
                  examples without answers: 0
                  answers by the rules: valid 2 of 2
                  answers that are their questions: 0
                  examples that an earlier one equals: 0
                  questions of an earlier one, with another answer: 0
                  puzzles that are symmetric to one of an earlier group, or equal: 0
                test puzzles in training:
                  test puzzles that are training puzzles or symmetric to one: 1 of 2, 0 word for word (test 0 (train 0))
                  others with the answer of a training puzzle, up to symmetry: 1 (test 1 (train 0))
                """, out.toString().replace(dir.toString(), "DIR"));
        assertEquals(1, run("sudoku --out DIR/none --csv DIR --leaks refuse"));
        assertTrue(err.toString().contains("or have it left out with --leaks drop"), err.toString());
        assertEquals(1, run("check DIR"));
        assertTrue(err.toString().contains("has no dataset.json in a folder train or test"), err.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "''; Missing required subcommand",
        "sudoku; Missing required option: '--out=DIR'",
        "sudoku --out DIR/set --size 5; Expected --size 4, 6 or 9, found 5",
        "sudoku --out DIR/set --clues many; expected MIN-MAX",
        "sudoku --out DIR/set --clues 16-20; Expected a range of clues from 17 to 81 for 9x9",
        "sudoku --out DIR/set --train -1; Expected at least one puzzle",
        "sudoku --out DIR/set --augment -1; Expected 0 or more augmentations",
        "sudoku --out DIR/set --csv DIR --size 4; --size is only for new Sudokus",
        "sudoku --out DIR/set --csv DIR --test 4; --test is only for new Sudokus",
        "sudoku --out DIR/set --csv DIR --split test; --split is only for a single file",
        "sudoku --out DIR/set --csv DIR --subsample 0; Expected to subsample at least 1",
        "sudoku --out DIR/set --subsample 4; --subsample is only for --csv",
        "sudoku --out DIR/set --leaks keep; --leaks is not for new Sudokus",
        "maze --out DIR/set --leaks keep; --leaks is not for new mazes",
        "sudoku --out DIR/set --min-rating 4; --min-rating is only for --csv",
    })
    void saysWhatIsWrongUsage(String line, String reason) {
        assertEquals(2, run(line));
        assertTrue(err.toString().contains(reason), err.toString());
        assertTrue(Files.notExists(dir.resolve("set")));
    }

    @Test
    void leavesOtherErrorsToTheCaller() {
        var csv = dir.resolve("none.csv").toString();
        var parsed = new CommandLine(new DataCommand()).parseArgs("sudoku", "--out", dir + "/set", "--csv", csv);
        var sudoku = (DataSudokuCommand) parsed.subcommand().commandSpec().userObject();
        assertThrows(DatasetException.class, sudoku::call);
    }

    @Test
    void helpShowsDefaults() {
        assertEquals(0, run("sudoku --help"));
        assertTrue(out.toString().contains("(default: 9)") && out.toString().contains("24-32 for 9"), out.toString());
    }
}
