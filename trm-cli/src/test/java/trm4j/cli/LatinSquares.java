package trm4j.cli;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import trm4j.model.Example;
import trm4j.train.data.RandomOrder;
import trm4j.train.puzzle.PuzzleFamily;

/** Squares with each of five digits once in every row and column, as a user would add them: as many tokens as mazes. */
public final class LatinSquares implements PuzzleFamily {

    static final int SIDE = 5;
    static final int CELLS = SIDE * SIDE;
    static final int VOCABULARY = 1 + SIDE;

    @Override
    public String kind() {
        return "latin";
    }

    @Override
    public String plural() {
        return "Latin squares";
    }

    @Override
    public boolean has(int seqLen, int vocabSize) {
        return seqLen == CELLS && vocabSize == VOCABULARY;
    }

    @Override
    public String cell(int token) {
        return token == 0 ? "." : String.valueOf(token);
    }

    @Override
    public boolean isGiven(int token) {
        return token > 0;
    }

    @Override
    public Map<String, Boolean> rules(int[] question, int[] answer) {
        boolean latin = IntStream.range(0, SIDE).allMatch(line -> isWhole(answer, line * SIDE, 1)
                && isWhole(answer, line, SIDE));
        boolean clues = IntStream.range(0, CELLS).allMatch(i -> question[i] == 0 || question[i] == answer[i]);
        return Map.of("latin", latin, "clues", clues);
    }

    private static boolean isWhole(int[] answer, int first, int distance) {
        var seen = new BitSet();
        IntStream.range(0, SIDE).forEach(i -> seen.set(answer[first + i * distance]));
        return seen.cardinality() == SIDE && !seen.get(0);
    }

    @Override
    public Optional<Example> image(Example puzzle, SplittableRandom random) {
        var rows = RandomOrder.of(SIDE, random);
        var columns = RandomOrder.of(SIDE, random);
        var digits = RandomOrder.of(SIDE, random);
        return Optional.of(new Example(image(puzzle.inputs(), rows, columns, digits),
                image(puzzle.labels(), rows, columns, digits), puzzle.puzzleIdentifier()));
    }

    private static int[] image(int[] tokens, int[] rows, int[] columns, int[] digits) {
        var image = new int[CELLS];
        Arrays.setAll(image, i -> {
            int token = tokens[rows[i / SIDE] * SIDE + columns[i % SIDE]];
            return token < 1 ? token : digits[token - 1] + 1;
        });
        return image;
    }
}
