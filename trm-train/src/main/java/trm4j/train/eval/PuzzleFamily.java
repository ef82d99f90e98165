package trm4j.train.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import trm4j.train.DatasetException;
import trm4j.train.EvaluationException;
import trm4j.train.data.arc.ArcAugmentation;
import trm4j.train.data.arc.ArcTokens;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.data.maze.MazeDataset;
import trm4j.train.data.maze.MazeRules;
import trm4j.train.data.maze.MazeSource;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.data.sudoku.SudokuSource;

/** What puzzles are, as far as their sizes tell: how to write them for people and programs, and their rules. */
public sealed interface PuzzleFamily {

    /** The family of puzzles of some length and vocabulary. */
    static PuzzleFamily of(int seqLen, int vocabSize) {
        if (seqLen == ArcTokens.LENGTH && vocabSize == ArcTokens.VOCABULARY) {
            return new Arc();
        }
        var sudokus = SudokuRules.ofCells(seqLen).filter(rules -> vocabSize == rules.size() + 2)
                .<PuzzleFamily>map(Sudokus::new);
        var mazes = MazeRules.of(seqLen, vocabSize).<PuzzleFamily>map(Mazes::new);
        return sudokus.or(() -> mazes).orElseGet(Tokens::new);
    }

    /**
     * A question or an answer.
     *
     * @param question what it is the answer of, or itself
     * @param identifier the name of the puzzle identifier, or null for none
     */
    JsonNode written(int[] tokens, int[] question, String identifier);

    /** Whether an answer keeps the rules, whatever the label: each rule by its name. */
    default Map<String, Boolean> rules(int[] question, int[] answer) {
        return Map.of();
    }

    /**
     * Makes a data set of test puzzles from a CSV file.
     *
     * @throws trm4j.train.DatasetException if it cannot be read, or there is something in the folder
     * @throws EvaluationException if there are no such files of these puzzles
     */
    default void importCsv(Path file, Path dir) {
        throw new EvaluationException(file + " is a file, expected a folder with a data set: only Sudokus and mazes "
                + "are read from CSV files, and the model is for other puzzles.");
    }

    /** Sudokus, as strings of one character per cell. */
    record Sudokus(SudokuRules rules) implements PuzzleFamily {

        @Override
        public JsonNode written(int[] tokens, int[] question, String identifier) {
            return JsonNodeFactory.instance.textNode(SudokuRules.format(SudokuRules.grid(tokens)));
        }

        /** {@code valid}: every unit has every digit, and the clues are kept. */
        @Override
        public Map<String, Boolean> rules(int[] question, int[] answer) {
            var grid = SudokuRules.grid(answer);
            return Map.of("valid",
                    rules.isValidSolution(grid) && SudokuRules.respectsClues(SudokuRules.grid(question), grid));
        }

        @Override
        public void importCsv(Path file, Path dir) {
            SudokuDataset.write(new SudokuSource.Csv(CsvFiles.test(file), 0, 0), dir, false);
        }
    }

    /** Mazes, as strings of one character per cell. */
    record Mazes(MazeRules rules) implements PuzzleFamily {

        @Override
        public JsonNode written(int[] tokens, int[] question, String identifier) {
            return JsonNodeFactory.instance.textNode(MazeRules.format(MazeRules.maze(tokens)));
        }

        /** {@code path}: one line from start to goal is marked; {@code shortest}: and there is no shorter one. */
        @Override
        public Map<String, Boolean> rules(int[] question, int[] answer) {
            var maze = MazeRules.maze(question);
            var marked = MazeRules.maze(answer);
            try {
                int shortest = rules.shortest(maze);
                boolean path = rules.isPath(maze, marked);
                return Map.of("path", path, "shortest", path && MazeRules.steps(marked) == shortest);
            } catch (DatasetException e) {
                // A question that is no maze: there is nothing to tell.
                return Map.of();
            }
        }

        @Override
        public void importCsv(Path file, Path dir) {
            MazeDataset.write(new MazeSource.Csv(CsvFiles.test(file), false, 0), dir, false);
        }
    }

    /** ARC tasks and their augmented copies, as lists of rows of digits, with the augmentation undone. */
    record Arc() implements PuzzleFamily {

        @Override
        public JsonNode written(int[] tokens, int[] question, String identifier) {
            var grid = ArcTokens.crop(tokens, ArcTokens.origin(question));
            return ArcVotes.rows(identifier == null ? grid : ArcAugmentation.of(identifier).undo(grid));
        }
    }

    /** Puzzles that nothing is known of, as lists of tokens. */
    record Tokens() implements PuzzleFamily {

        @Override
        public JsonNode written(int[] tokens, int[] question, String identifier) {
            var list = JsonNodeFactory.instance.arrayNode(tokens.length);
            Arrays.stream(tokens).forEach(list::add);
            return list;
        }
    }
}
