package trm4j.train.data;

/**
 * A puzzle as tokens.
 *
 * @param rating how hard it is, or {@link #UNRATED}
 */
record LabelledPuzzle(int[] inputs, int[] labels, int rating) {

    static final int UNRATED = -1;
}
