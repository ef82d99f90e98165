package trm4j.train.data.maze;

import java.util.Locale;
import java.util.Optional;
import trm4j.train.Plural;
import trm4j.train.data.LabelInfo;

/**
 * What the labels of a set of mazes are.
 *
 * @param labelled how many mazes came with labels
 * @param best the rule that gives the most of them; the first such one
 * @param agreeing how many labels it gives
 * @param asGood how many rules give as many, itself included
 * @param mazes how many mazes there are
 * @param several how many of them have several shortest paths
 * @param fewest the fewest shortest paths of a maze; 0 if there is no maze, as the next two
 * @param median the lower median
 * @param most the most
 */
record MazeLabels(
        int labelled, PathRule best, int agreeing, int asGood, int mazes, int several, double fewest, double median,
        double most) {

    /**
     * How labels are chosen among shortest paths.
     *
     * @param unique whether there is nothing to choose
     * @param rule what chooses; empty if that is not known
     */
    record Choice(boolean unique, Optional<PathRule> rule) {

        /** What {@code dataset.json} says. */
        String word() {
            return unique ? LabelInfo.UNIQUE : rule.map(PathRule::toString).orElse(LabelInfo.NO_RULE);
        }
    }

    /** The rule that gives all labels, if there is one; where no label is there to tell by, that of Maze-Hard. */
    Choice choice() {
        return new Choice(several == 0, agreeing == labelled ? Optional.of(best) : Optional.empty());
    }

    /** What they are, for people. */
    String line() {
        if (several == 0) {
            return "labels: unique, as each maze has one shortest path";
        }
        if (labelled == 0) {
            return "labels: the first of several shortest paths, " + best + ", as none came with the mazes";
        }
        var share = String.format(Locale.ROOT, "%,d of %,d", agreeing, labelled);
        return "labels: " + (agreeing == labelled
                ? "the first of several shortest paths, " + best + "; " + share
                : "no rule found; the nearest, " + best + ", gives " + share)
                + (asGood > 1 ? ", as " + Plural.count(asGood - 1, "other rule") + " would" : "");
    }

    /** How many shortest paths there are, for people. */
    String paths() {
        return String.format(Locale.ROOT, "%,d of %,d have several shortest paths: fewest %s, median %s, most %s",
                several, mazes, count(fewest), count(median), count(most));
    }

    private static String count(double paths) {
        return String.format(Locale.ROOT, paths < 1e7 ? "%,.0f" : "%.1e", paths);
    }
}
