package trm4j.train.data.sudoku;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import trm4j.model.Disguise;
import trm4j.model.Example;
import trm4j.train.DatasetException;
import trm4j.train.data.Dihedral;
import trm4j.train.data.SplitWriter;
import trm4j.train.data.csv.CsvFiles;
import trm4j.train.puzzle.Board;
import trm4j.train.puzzle.PuzzleFamily;
import trm4j.train.puzzle.Symmetries;
import trm4j.train.puzzle.Symmetry;

/** Sudokus of all sizes, as strings of one character per cell. */
public final class Sudokus implements PuzzleFamily {

    /** Of a new puzzle's cells, the share that has clues, at least and at most. */
    private static final double FEWEST_CLUES = 0.33;
    private static final double MOST_CLUES = 0.45;

    private static final Map<SudokuRules, SudokuCanon> CANONS = Arrays.stream(SudokuRules.values())
            .collect(Collectors.toMap(rules -> rules, SudokuCanon::new));

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
        return Optional.of(SudokuSymmetry.random(rules(puzzle.inputs().length), random).tokens().apply(puzzle));
    }

    @Override
    public Optional<Example> newPuzzle(int seqLen, int vocabSize, SplittableRandom random) {
        var generator = new SudokuGenerator(
                rules(seqLen), (int) (FEWEST_CLUES * seqLen), (int) (MOST_CLUES * seqLen));
        return Stream.generate(() -> generator.attempt(random))
                .flatMap(Optional::stream)
                .map(SudokuPuzzle::example)
                .findFirst();
    }

    /** Turned or mirrored, bands stay bands only where boxes are square; else half of the images are none of a Sudoku. */
    @Override
    public Optional<Disguise> symmetry(int seqLen, int vocabSize, Symmetries sort, SplittableRandom random) {
        var rules = rules(seqLen);
        var drawn = SudokuSymmetry.random(rules, random).tokens();
        return Optional.of(switch (sort) {
            case ALL -> drawn;
            case DIGITS -> new Symmetry(Symmetry.none(seqLen, vocabSize).from(), drawn.renamed());
            case DIHEDRAL -> {
                var images = Arrays.stream(Dihedral.values())
                        .filter(image -> rules.transposable() || !image.swapsSides())
                        .toList();
                int[] from = images.get(random.nextInt(images.size())).from(rules.size(), rules.size());
                yield Symmetry.moving(from, vocabSize);
            }
        });
    }

    /** The canonical form of a puzzle with one solution; of others, the question itself. */
    @Override
    public String form(Example puzzle) {
        var rules = rules(puzzle.inputs().length);
        var clues = SudokuRules.grid(puzzle.inputs());
        return solution(rules, clues, SudokuRules.grid(puzzle.labels()))
                .map(solution -> CANONS.get(rules).of(new SudokuPuzzle(clues, solution, SplitWriter.UNRATED)))
                .orElseGet(() -> PuzzleFamily.super.form(puzzle));
    }

    private static Optional<byte[]> solution(SudokuRules rules, byte[] clues, byte[] answer) {
        if (!isGrid(rules, clues)) {
            return Optional.empty();
        }
        if (rules.isValidSolution(answer) && SudokuRules.respectsClues(clues, answer)) {
            return Optional.of(answer);
        }
        var outcome = SudokuSolver.solve(rules, clues);
        return outcome.solutions() == 1 ? Optional.of(outcome.solution()) : Optional.empty();
    }

    /** Whether there is nothing but digits and blanks. */
    private static boolean isGrid(SudokuRules rules, byte[] clues) {
        for (byte clue : clues) {
            if (clue < 0 || clue > rules.size()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long invariant(int[] question) {
        var rules = rules(question.length);
        var clues = SudokuRules.grid(question);
        return isGrid(rules, clues) ? SudokuInvariant.of(rules, clues) : 0;
    }

    @Override
    public void importCsv(Path file, Path dir) {
        SudokuDataset.write(new SudokuSource.Csv(CsvFiles.test(file), 0, 0), dir, false);
    }
}
