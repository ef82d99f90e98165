import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import trm4j.model.Example;
import trm4j.train.data.RandomOrder;
import trm4j.train.puzzle.PuzzleFamily;

/** Digits to be sorted. */
public final class Sorting implements PuzzleFamily {

    static final int VOCABULARY = 10;

    @Override
    public String kind() {
        return "sorting";
    }

    @Override
    public String cell(int token) {
        return String.valueOf(token);
    }

    @Override
    public boolean has(int seqLen, int vocabSize) {
        return vocabSize == VOCABULARY;
    }

    @Override
    public Map<String, Boolean> rules(int[] question, int[] answer) {
        boolean sorted = IntStream.range(1, answer.length).allMatch(i -> answer[i - 1] <= answer[i]);
        boolean sameDigits = Arrays.equals(Arrays.stream(question).sorted().toArray(),
                Arrays.stream(answer).sorted().toArray());
        return Map.of("sorted", sorted, "same_digits", sameDigits);
    }

    /** In another order, digits have the same answer. */
    @Override
    public Optional<Example> image(Example puzzle, SplittableRandom random) {
        int[] order = RandomOrder.of(puzzle.inputs().length, random);
        int[] inputs = Arrays.stream(order).map(i -> puzzle.inputs()[i]).toArray();
        return Optional.of(new Example(inputs, puzzle.labels(), puzzle.puzzleIdentifier()));
    }
}
