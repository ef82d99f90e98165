package trm4j.model;

/**
 * Puzzles as the model takes them, row by row.
 *
 * @param inputs tokens [B, L], each in [0, vocabulary)
 * @param labels tokens [B, L], or {@link #NO_LABEL} where nothing is asked
 * @param puzzleIdentifiers rows of the puzzle table [B]
 */
public record Batch(int[] inputs, int[] labels, int[] puzzleIdentifiers) {

    /** A position without a label: it counts neither in the loss nor in any accuracy. */
    public static final int NO_LABEL = -100;
}
