package trm4j.train.puzzle;

import java.util.Arrays;
import java.util.stream.IntStream;
import trm4j.model.Disguise;
import trm4j.model.Example;

/**
 * A symmetry that moves cells and renames tokens, of questions and answers alike.
 *
 * @param from for each cell of the image, the cell that comes there [L]
 * @param renamed for each token, what it becomes [V]
 */
public record Symmetry(int[] from, int[] renamed) implements Disguise {

    /** Returns the one that leaves all as it is. */
    public static Symmetry none(int seqLen, int vocabSize) {
        return new Symmetry(IntStream.range(0, seqLen).toArray(), IntStream.range(0, vocabSize).toArray());
    }

    /** Returns one that only moves cells. */
    public static Symmetry moving(int[] from, int vocabSize) {
        return new Symmetry(from, IntStream.range(0, vocabSize).toArray());
    }

    @Override
    public Example apply(Example puzzle) {
        return new Example(image(puzzle.inputs()), image(puzzle.labels()), puzzle.puzzleIdentifier());
    }

    /** What has no label is negative, and has none wherever it goes. */
    private int[] image(int[] tokens) {
        return Arrays.stream(from).map(cell -> tokens[cell] < 0 ? tokens[cell] : renamed[tokens[cell]]).toArray();
    }

    @Override
    public int[] undo(int[] answer) {
        var old = new int[renamed.length];
        for (int token = 0; token < old.length; token++) {
            old[renamed[token]] = token;
        }
        var tokens = new int[answer.length];
        for (int cell = 0; cell < answer.length; cell++) {
            tokens[from[cell]] = old[answer[cell]];
        }
        return tokens;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Symmetry it && Arrays.equals(from, it.from) && Arrays.equals(renamed, it.renamed);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(from) + Arrays.hashCode(renamed);
    }
}
