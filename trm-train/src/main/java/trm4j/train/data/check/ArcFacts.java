package trm4j.train.data.check;

/**
 * What is true of ARC tasks, copies aside.
 *
 * @param trained tasks with demonstrations in the training split
 * @param tested tasks with tests in the test split
 * @param tests of these
 * @param leaked tested tasks whose content, in any order of pairs, is that of another task that is trained on as a whole
 * @param repeated tasks whose content an earlier task has that is used alike
 * @param seen tests whose pair is a training pair of another task, or an image of one
 * @param ownImages tests whose pair is a demonstration of their own task, or an image of one
 * @param shared tested tasks all of whose demonstrations another task has too, but which are not the same
 * @param newColours tested tasks with an answer that has a colour which none of their demonstrations has
 * @param newOfInput how many of these have all such colours in the input of that test
 */
public record ArcFacts(
        int trained, int tested, int tests, Found leaked, Found repeated, Found seen, Found ownImages, Found shared,
        Found newColours, int newOfInput) {}
