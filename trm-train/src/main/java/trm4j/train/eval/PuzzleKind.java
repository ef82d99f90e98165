package trm4j.train.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import trm4j.train.DatasetException;
import trm4j.train.EvaluationException;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.arc.ArcAugmentation;
import trm4j.train.data.arc.ArcTokens;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.data.maze.MazeDataset;
import trm4j.train.data.maze.MazeRules;
import trm4j.train.data.maze.MazeSource;
import trm4j.train.data.sudoku.SudokuDataset;
import trm4j.train.data.sudoku.SudokuRules;
import trm4j.train.data.sudoku.SudokuSource;

/**
 * What the puzzles of a data set are: how to write them for people and programs, and what their rules say of an answer.
 * A data set says it in a word; where it does not, its sizes have to tell.
 */
public sealed interface PuzzleKind {

    /** Returns the kind that a data set says its puzzles are, or where it does not, the one that its sizes suggest. */
    static PuzzleKind of(DatasetInfo info) {
        return info.kind() == null
                ? ofSizes(info.seqLen(), info.vocabSize())
                : named(info.kind(), info.seqLen(), info.vocabSize()).orElseGet(Tokens::new);
    }

    /** Returns the kind that puzzles of some sizes most likely are, as for a model, which does not know its data's. */
    static PuzzleKind ofSizes(int seqLen, int vocabSize) {
        return Stream.of(ArcTokens.KIND, SudokuRules.KIND, MazeRules.KIND)
                .flatMap(kind -> named(kind, seqLen, vocabSize).stream())
                .findFirst()
                .orElseGet(Tokens::new);
    }

    private static Optional<PuzzleKind> named(String kind, int seqLen, int vocabSize) {
        return switch (kind) {
            case ArcTokens.KIND -> seqLen == ArcTokens.LENGTH && vocabSize == ArcTokens.VOCABULARY
                    ? Optional.of(new Arc()) : Optional.empty();
            case SudokuRules.KIND -> SudokuRules.ofCells(seqLen).filter(rules -> vocabSize == rules.size() + 2)
                    .map(Sudokus::new);
            case MazeRules.KIND -> MazeRules.of(seqLen, vocabSize).map(Mazes::new);
            default -> Optional.empty();
        };
    }

    /**
     * Returns a sentence for people where it is not a matter of course what a data set's puzzles are taken for: where
     * it does not say, or says what its sizes cannot be.
     */
    static Optional<String> remark(PuzzleDataset dataset) {
        var info = dataset.info();
        var sizes = info.seqLen() + " cells of " + info.vocabSize() + " tokens";
        var kind = of(info);
        if (info.kind() == null) {
            return kind instanceof Tokens ? Optional.empty() : Optional.of(dataset.folder()
                    + " does not say what its puzzles are; from " + sizes + " they are taken for " + kind.plural()
                    + " (if they are others, name their \"kind\" in dataset.json).");
        }
        boolean known = List.of(ArcTokens.KIND, SudokuRules.KIND, MazeRules.KIND).contains(info.kind());
        return kind instanceof Tokens && known
                ? Optional.of(dataset.folder() + " says that its puzzles are of the kind " + info.kind() + ", of which "
                        + "none of " + sizes + " are known here; they are judged by their labels only.")
                : Optional.empty();
    }

    /** Returns what such puzzles are called, several of them. */
    String plural();

    /**
     * Writes a question or an answer.
     *
     * @param question what it is the answer of, or itself
     * @param identifier the name of the puzzle identifier, or null for none
     */
    JsonNode written(int[] tokens, int[] question, String identifier);

    /** Tells by name which rules an answer keeps, whatever the label; empty where there are none to tell by. */
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
    record Sudokus(SudokuRules rules) implements PuzzleKind {

        @Override
        public String plural() {
            return "Sudokus";
        }

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
    record Mazes(MazeRules rules) implements PuzzleKind {

        @Override
        public String plural() {
            return "mazes";
        }

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
            MazeDataset.write(new MazeSource.Csv(CsvFiles.test(file), 0, 0), dir, false);
        }
    }

    /** ARC tasks and their augmented copies, as lists of rows of digits, with the augmentation undone. */
    record Arc() implements PuzzleKind {

        @Override
        public String plural() {
            return "ARC tasks";
        }

        @Override
        public JsonNode written(int[] tokens, int[] question, String identifier) {
            var grid = ArcTokens.crop(tokens, ArcTokens.origin(question));
            return ArcVotes.rows(identifier == null ? grid : ArcAugmentation.of(identifier).undo(grid));
        }
    }

    /** Puzzles that nothing is known of, as lists of tokens. */
    record Tokens() implements PuzzleKind {

        @Override
        public String plural() {
            return "puzzles";
        }

        @Override
        public JsonNode written(int[] tokens, int[] question, String identifier) {
            var list = JsonNodeFactory.instance.arrayNode(tokens.length);
            Arrays.stream(tokens).forEach(list::add);
            return list;
        }
    }
}
