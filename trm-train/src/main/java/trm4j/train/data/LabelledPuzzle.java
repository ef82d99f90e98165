package trm4j.train.data;

/**
 * A puzzle as tokens.
 *
 * @param rating how hard it is, or {@link #UNRATED}
 */
public record LabelledPuzzle(int[] inputs, int[] labels, int rating) {

    public static final int UNRATED = -1;
}
