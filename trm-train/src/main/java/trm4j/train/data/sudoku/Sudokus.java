package trm4j.train.data.sudoku;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import trm4j.model.Example;
import trm4j.train.DatasetException;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.puzzle.Board;
import trm4j.train.puzzle.PuzzleFamily;

/** Sudokus of all sizes, as strings of one character per cell. */
public final class Sudokus implements PuzzleFamily {

    @Override
    public String kind() {
        return SudokuRules.KIND;
    }

    @Override
    public boolean has(int seqLen, int vocabSize) {
        return SudokuRules.ofCells(seqLen).filter(rules -> vocabSize == rules.size() + 2).isPresent();
    }

    private static SudokuRules rules(int seqLen) {
        return SudokuRules.ofCells(seqLen).orElseThrow(() -> new DatasetException(
                "Expected Sudokus of 16, 36 or 81 cells, found one of " + seqLen + "."));
    }

    @Override
    public String plural() {
        return "Sudokus";
    }

    /** A digit; a blank and padding are dots. */
    @Override
    public String cell(int token) {
        return token < 2 ? "." : String.valueOf(token - 1);
    }

    @Override
    public Board board(int seqLen) {
        var rules = rules(seqLen);
        return new Board(rules.size(), rules.boxRows(), rules.boxColumns());
    }

    @Override
    public boolean isGiven(int token) {
        return token > 1;
    }

    @Override
    public JsonNode json(int[] question, int[] tokens, String identifier) {
        return JsonNodeFactory.instance.textNode(SudokuRules.format(SudokuRules.grid(tokens)));
    }

    /** Space is left out, so that each row may have a line. */
    @Override
    public int[] parse(String text, int seqLen, int vocabSize) {
        return SudokuRules.tokens(rules(seqLen).parse(text.replaceAll("\\s", "")));
    }

    /** {@code valid}: every unit has every digit, and the clues are kept. */
    @Override
    public Map<String, Boolean> rules(int[] question, int[] answer) {
        var grid = SudokuRules.grid(answer);
        return Map.of("valid", rules(question.length).isValidSolution(grid)
                && SudokuRules.respectsClues(SudokuRules.grid(question), grid));
    }

    @Override
    public Optional<Example> image(Example puzzle, SplittableRandom random) {
        return Optional.of(SudokuSymmetry.random(rules(puzzle.inputs().length), random).apply(puzzle));
    }

    @Override
    public void importCsv(Path file, Path dir) {
        SudokuDataset.write(new SudokuSource.Csv(CsvFiles.test(file), 0, 0), dir, false);
    }
}
