package trm4j.model;

/** A puzzle's image under a symmetry, and the way back. */
public interface Disguise {

    /** Returns the puzzle's image, its labels too. */
    Example apply(Example puzzle);

    /** Returns, for each cell of the image, the puzzle's cell that comes there [L]. */
    int[] from();

    /** Returns the tokens [L] whose image an answer is. */
    int[] undo(int[] answer);
}
