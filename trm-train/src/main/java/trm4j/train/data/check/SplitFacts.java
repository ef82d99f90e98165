package trm4j.train.data.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import trm4j.train.data.Split;

/**
 * What is in one split. Of ARC tasks, only the task of each group is looked at, not its copies, and {@code repeated},
 * {@code contradicted}, {@code symmetric} and {@code rules} tell nothing: {@link ArcFacts} does.
 *
 * @param groups of puzzles and their copies
 * @param puzzles copies included
 * @param examples of all puzzles
 * @param puzzlesOfGroup how many puzzles a group has; with one in each, nothing is augmented
 * @param examplesOfPuzzle how many examples a puzzle has
 * @param unlabelled examples without any label
 * @param unchanged examples whose answer is the question
 * @param repeated examples whose question and answer an earlier one has too
 * @param contradicted examples whose question an earlier one has too, with another answer
 * @param symmetric puzzles that are equal or symmetric to an earlier one, a group's images of its first aside
 * @param rules how many of the labelled examples keep each of the family's rules; empty where there are none
 * @param ratings those that are known; empty if none is
 * @param labels sentences on what the labels of mazes are; none for other puzzles
 */
public record SplitFacts(
        Split split, int groups, int puzzles, int examples, Span puzzlesOfGroup, Span examplesOfPuzzle, int unlabelled,
        Found unchanged, Found repeated, Found contradicted, Found symmetric, Map<String, Integer> rules,
        Optional<Span> ratings, List<String> labels) {}
