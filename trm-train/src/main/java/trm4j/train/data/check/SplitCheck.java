package trm4j.train.data.check;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import trm4j.model.Batch;
import trm4j.model.Example;
import trm4j.train.data.DataProgress;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.PuzzleIndex;
import trm4j.train.data.maze.MazeLabelCheck;
import trm4j.train.data.maze.MazeRules;
import trm4j.train.puzzle.PuzzleFamily;

/** Looks at all examples of a split, one after the other, and knows its puzzles afterwards. */
final class SplitCheck {

    private final PuzzleDataset dataset;
    private final PuzzleFamily family;
    private final PuzzleIndex puzzles;
    private final PuzzleIndex answers;
    private final Found.Counter unchanged = new Found.Counter();
    private final Found.Counter repeated = new Found.Counter();
    private final Found.Counter contradicted = new Found.Counter();
    private final Found.Counter symmetric = new Found.Counter();
    private final Map<String, Integer> rules = new TreeMap<>();
    private int unlabelled;

    SplitCheck(PuzzleDataset dataset, PuzzleFamily family) {
        this.dataset = dataset;
        this.family = family;
        puzzles = new PuzzleIndex(family, dataset::example);
        answers = new PuzzleIndex(family, number -> answer(dataset.example(number)));
    }

    /** An answer as a puzzle, to be compared with other answers. */
    static Example answer(Example puzzle) {
        return new Example(puzzle.labels(), puzzle.labels(), puzzle.puzzleIdentifier());
    }

    /** Whether a puzzle's answer contains its question, so that answers may be compared too. */
    static boolean hasGivens(PuzzleFamily family, Example puzzle) {
        return !hasNoLabel(puzzle) && Arrays.stream(puzzle.inputs()).anyMatch(family::isGiven);
    }

    private static boolean hasNoLabel(Example puzzle) {
        return Arrays.stream(puzzle.labels()).anyMatch(label -> label == Batch.NO_LABEL);
    }

    SplitFacts look(DataProgress progress) {
        for (int group = 0; group < dataset.groups(); group++) {
            int from = dataset.firstExample(dataset.firstPuzzle(group));
            int to = dataset.firstExample(dataset.firstPuzzle(group + 1));
            long own = 0;
            for (int number = from; number < to; number++) {
                var puzzle = dataset.example(number);
                look(number, puzzle);
                // Images in one group are known by the first.
                long invariant = family.invariant(puzzle.inputs());
                if (number == from || invariant != own) {
                    lookForImage(number, puzzle);
                    puzzles.add(number, puzzle);
                    own = number == from ? invariant : own;
                } else {
                    puzzles.addCopy(number, puzzle);
                }
            }
            progress.at(dataset.split().puzzles(), group + 1, dataset.groups());
        }
        return facts();
    }

    private void look(int number, Example puzzle) {
        var labels = puzzle.labels();
        if (Arrays.equals(puzzle.inputs(), labels)) {
            unchanged.add(() -> Integer.toString(number));
        }
        puzzles.equal(puzzle).ifPresent(earlier -> {
            boolean same = Arrays.equals(labels, dataset.example(earlier).labels());
            (same ? repeated : contradicted).add(() -> number + " (" + earlier + ")");
        });
        if (Arrays.stream(labels).allMatch(label -> label == Batch.NO_LABEL)) {
            unlabelled++;
        } else if (!hasNoLabel(puzzle)) {
            family.rules(puzzle.inputs(), labels)
                    .forEach((rule, kept) -> rules.merge(rule, kept ? 1 : 0, Integer::sum));
        }
    }

    private void lookForImage(int number, Example puzzle) {
        puzzles.find(puzzle).ifPresent(earlier -> symmetric.add(() -> number + " (" + earlier.number() + ")"));
        if (hasGivens(family, puzzle)) {
            answers.add(number, answer(puzzle));
        }
    }

    private SplitFacts facts() {
        return new SplitFacts(
                dataset.split(), dataset.groups(), dataset.puzzles(), dataset.examples(), puzzlesOfGroup(dataset),
                examplesOfPuzzle(dataset), unlabelled, unchanged.found(), repeated.found(), contradicted.found(),
                symmetric.found(), rules, ratings(dataset),
                family.kind().equals(MazeRules.KIND) ? MazeLabelCheck.of(dataset) : List.of());
    }

    static Span puzzlesOfGroup(PuzzleDataset dataset) {
        var sum = new Span.Sum();
        for (int group = 0; group < dataset.groups(); group++) {
            sum.add(dataset.firstPuzzle(group + 1) - dataset.firstPuzzle(group));
        }
        return sum.span();
    }

    static Span examplesOfPuzzle(PuzzleDataset dataset) {
        var sum = new Span.Sum();
        for (int puzzle = 0; puzzle < dataset.puzzles(); puzzle++) {
            sum.add(dataset.firstExample(puzzle + 1) - dataset.firstExample(puzzle));
        }
        return sum.span();
    }

    static Optional<Span> ratings(PuzzleDataset dataset) {
        var known = dataset.ratings().map(all -> Arrays.stream(all).filter(rating -> rating >= 0).toArray());
        return known.filter(all -> all.length > 0).map(all -> {
            var sum = new Span.Sum();
            Arrays.stream(all).forEach(sum::add);
            return sum.span();
        });
    }

    /** Looks for another split's puzzles among these, and else for their answers. */
    LeakFacts leaks(PuzzleDataset tests, DataProgress progress) {
        var leaked = new Found.Counter();
        var sameAnswer = new Found.Counter();
        int verbatim = 0;
        for (int number = 0; number < tests.examples(); number++) {
            var name = "test " + number;
            var puzzle = tests.example(number);
            var match = puzzles.find(puzzle);
            if (match.isPresent()) {
                verbatim += match.get().verbatim() ? 1 : 0;
                leaked.add(() -> name + " (train " + match.get().number() + ")");
            } else if (hasGivens(family, puzzle)) {
                answers.find(answer(puzzle)).ifPresent(
                        like -> sameAnswer.add(() -> name + " (train " + like.number() + ")"));
            }
            progress.at("test puzzles among them", number + 1, tests.examples());
        }
        return new LeakFacts(tests.examples(), leaked.found(), verbatim, sameAnswer.found());
    }
}
