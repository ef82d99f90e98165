package trm4j.train.data.arc;

import java.util.Map;
import trm4j.train.data.Split;

/**
 * What an ARC dataset came to hold.
 *
 * @param tasks those that came in
 * @param fewerCopies how many of them do not have as many different copies as asked for
 */
public record ArcSummary(int tasks, int fewerCopies, Map<Split, Count> splits) {

    /**
     * The numbers of a split.
     *
     * @param puzzles tasks and copies
     * @param examples their pairs
     */
    public record Count(int puzzles, int examples) {}
}
