package trm4j.train.data;

import java.util.List;
import trm4j.train.DatasetException;

/**
 * What was found of test puzzles in a training set.
 *
 * @param count how many training puzzles are such
 * @param what they are, such as {@code 12 puzzles that are test puzzles}
 * @param first the names of the first of them, each with what it is
 * @param policy what became of them
 */
public record Leaks(int count, String what, List<String> first, LeakPolicy policy) {

    /** Some names are enough to look them up. */
    public static final int NAMED = 3;

    /**
     * Does with them what the policy says.
     *
     * @throws DatasetException if that is to refuse them
     */
    public Leaks {
        first = List.copyOf(first);
        if (policy == LeakPolicy.REFUSE && count > 0) {
            throw new DatasetException("Expected no training data that is tested on, found " + told(count, what, first)
                    + "; take it out of the files, or have it left out with --leaks drop.");
        }
    }

    private static String told(int count, String what, List<String> first) {
        return what + ": " + String.join(", ", first) + (count > first.size() ? " and others" : "");
    }

    /** Returns it in a line, for people. */
    public String line() {
        return (policy == LeakPolicy.DROP ? "Left out of training: " : "Trained on all the same: ")
                + told(count, what, first);
    }
}
