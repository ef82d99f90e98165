package trm4j.train.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import trm4j.model.Example;
import trm4j.train.Plural;
import trm4j.train.puzzle.PuzzleFamily;

/**
 * Finds test puzzles among training puzzles, equal or symmetric ones, while both are written: test puzzles come first.
 *
 * @param <P> the puzzles
 */
public final class LeakFilter<P> {

    private final LeakPolicy policy;
    private final Function<P, Example> example;
    private final PuzzleIndex tests;
    private final List<P> testPuzzles = new ArrayList<>();
    private final List<String> testNames = new ArrayList<>();
    private final List<String> first = new ArrayList<>();
    private int found;
    private int verbatim;

    /**
     * Begins with no test puzzle.
     *
     * @param example makes tokens of a puzzle
     */
    public LeakFilter(PuzzleFamily family, LeakPolicy policy, Function<P, Example> example) {
        this.policy = policy;
        this.example = example;
        tests = new PuzzleIndex(family, number -> example.apply(testPuzzles.get(number)));
    }

    /** Adds a test puzzle. */
    public void test(P puzzle, String name) {
        tests.add(testPuzzles.size(), example.apply(puzzle));
        testPuzzles.add(puzzle);
        testNames.add(name);
    }

    /** Returns whether puzzles are left out. */
    public boolean drops() {
        return policy == LeakPolicy.DROP;
    }

    /** Looks whether a training puzzle is a test puzzle, and if so, whether it is trained on all the same. */
    public boolean admits(P puzzle, Supplier<String> name) {
        var match = tests.find(example.apply(puzzle));
        match.ifPresent(test -> {
            found++;
            verbatim += test.verbatim() ? 1 : 0;
            if (first.size() < Leaks.NAMED) {
                first.add(name.get() + " is " + testNames.get(test.number()));
            }
        });
        return match.isEmpty() || !drops();
    }

    /**
     * Returns what was found, if anything.
     *
     * @throws trm4j.train.DatasetException if something was, and is not to be
     */
    public Optional<Leaks> leaks() {
        return found == 0 ? Optional.empty() : Optional.of(new Leaks(found, "%s %s, %d word for word".formatted(
                Plural.count(found, "puzzle"),
                found == 1 ? "that is a test puzzle or symmetric to one" : "that are test puzzles or symmetric to one",
                verbatim), first, policy));
    }

    /**
     * Returns what was found in a sentence, if anything.
     *
     * @throws trm4j.train.DatasetException if something was, and is not to be
     */
    public List<String> remarks() {
        return leaks().map(Leaks::line).stream().toList();
    }
}
