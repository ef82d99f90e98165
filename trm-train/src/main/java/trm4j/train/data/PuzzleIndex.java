package trm4j.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import trm4j.model.Example;
import trm4j.train.puzzle.PuzzleFamily;

/**
 * Finds puzzles among many others, equal or up to their family's symmetries. Forms are worked out for those only whose
 * {@linkplain PuzzleFamily#invariant invariant} another one has too.
 */
public final class PuzzleIndex {

    /**
     * A puzzle that was found.
     *
     * @param number of the one that was added, the first if there are several
     * @param verbatim whether its question is the same, not just symmetric
     */
    public record Match(int number, boolean verbatim) {}

    private final PuzzleFamily family;
    private final IntFunction<Example> puzzles;
    private final Map<Long, Integer> byQuestion = new HashMap<>();
    private final Map<Long, List<Integer>> byInvariant = new HashMap<>();
    private final Map<String, Integer> byForm = new HashMap<>();

    /**
     * Begins with none.
     *
     * @param puzzles gives one that was added, by its number
     */
    public PuzzleIndex(PuzzleFamily family, IntFunction<Example> puzzles) {
        this.family = family;
        this.puzzles = puzzles;
    }

    /** Adds a puzzle. */
    public void add(int number, Example puzzle) {
        addCopy(number, puzzle);
        // Most have an invariant of their own.
        byInvariant.merge(family.invariant(puzzle.inputs()), List.of(number), PuzzleIndex::joined);
    }

    /** Adds an image of a puzzle that was added: it is found when it is equal. */
    public void addCopy(int number, Example image) {
        byQuestion.putIfAbsent(hash(image.inputs()), number);
    }

    private static List<Integer> joined(List<Integer> some, List<Integer> more) {
        var all = some instanceof ArrayList<Integer> ? some : new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /** Finds the first one that has the same question. */
    public Optional<Integer> equal(Example puzzle) {
        return Optional.ofNullable(byQuestion.get(hash(puzzle.inputs())))
                .filter(number -> Arrays.equals(puzzles.apply(number).inputs(), puzzle.inputs()));
    }

    /** Finds one that is equal to a puzzle, or else symmetric. */
    public Optional<Match> find(Example puzzle) {
        var equal = equal(puzzle);
        if (equal.isPresent()) {
            return Optional.of(new Match(equal.get(), true));
        }
        var like = byInvariant.get(family.invariant(puzzle.inputs()));
        if (like == null) {
            return Optional.empty();
        }
        for (int number : like) {
            byForm.putIfAbsent(family.form(puzzles.apply(number)), number);
        }
        byInvariant.put(family.invariant(puzzle.inputs()), List.of());
        return Optional.ofNullable(byForm.get(family.form(puzzle))).map(number -> new Match(number, false));
    }

    /** Tells most lists of tokens from others. */
    private static long hash(int[] tokens) {
        long hash = tokens.length;
        for (int token : tokens) {
            hash = (hash ^ token) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return hash;
    }
}
