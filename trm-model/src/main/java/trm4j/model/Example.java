package trm4j.model;

/**
 * A puzzle as the model takes it.
 *
 * @param inputs tokens [L], each in [0, vocabulary)
 * @param labels the answer [L], {@link Batch#NO_LABEL} where nothing is asked
 * @param puzzleIdentifier its row of the puzzle table
 */
public record Example(int[] inputs, int[] labels, int puzzleIdentifier) {

    public Example {
        if (inputs.length != labels.length) {
            throw new IllegalArgumentException(inputs.length + " inputs, " + labels.length + " labels");
        }
    }
}
