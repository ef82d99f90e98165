package trm4j.train.eval;

import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import trm4j.model.BatchSolver;
import trm4j.model.Example;
import trm4j.model.Solution;
import trm4j.model.Solver;
import trm4j.model.config.TrmConfig;
import trm4j.train.EvaluationException;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.puzzle.PuzzleFamily;

/** Evaluates models on the puzzles of a data set: has them solved, and compares the answers with the labels. */
public final class Evaluator {

    private final PuzzleDataset dataset;
    private final PuzzleFamily family;
    private final int[] ratings;
    private final int steps;
    private final boolean halting;

    /**
     * Prepares an evaluation.
     *
     * @param steps supervision steps of a puzzle at most
     * @param halting whether a puzzle is done as soon as the model says so
     */
    public Evaluator(PuzzleDataset dataset, int steps, boolean halting) {
        this.dataset = dataset;
        this.steps = steps;
        this.halting = halting;
        family = PuzzleFamilies.of(dataset.info());
        ratings = dataset.ratings().orElse(new int[0]);
    }

    /**
     * Refuses puzzles that a model is not for.
     *
     * @param data where they are, for messages
     * @throws EvaluationException if their sizes are others
     */
    public static void requireFit(TrmConfig config, PuzzleDataset dataset, Object data) {
        var info = dataset.info();
        requireFit(data, "seq_len", config.seqLen(), info.seqLen());
        requireFit(data, "vocab_size", config.vocabSize(), info.vocabSize());
        requireFit(data, "num_puzzle_identifiers", config.numPuzzleIdentifiers(), info.numPuzzleIdentifiers());
    }

    private static void requireFit(Object data, String key, int model, int puzzles) {
        if (model != puzzles) {
            throw new EvaluationException("The data set " + data + " has " + key + " " + puzzles + ", expected " + model
                    + ", which the model was trained for; take the data set that it was trained with, or one like it.");
        }
    }

    /**
     * Solves puzzles from all over the data set.
     *
     * @param limit how many at most; 0 for all
     */
    public Evaluation sample(Solver solver, int limit) {
        return sample(solver, limit, () -> false).orElseThrow();
    }

    /**
     * Solves puzzles from all over the data set, unless it is told to stop.
     *
     * @param limit how many at most; 0 for all
     * @param stop whether to leave off, asked before each supervision step
     * @return nothing if it was left off
     */
    public Optional<Evaluation> sample(Solver solver, int limit, BooleanSupplier stop) {
        int puzzles = puzzles(limit);
        var sample = IntStream.range(0, puzzles).map(i -> (int) ((long) i * dataset.examples() / puzzles)).toArray();
        var sums = sums(IntStream.of(sample), Optional.empty());
        long start = System.nanoTime();
        solve(solver, IntStream.of(sample).iterator(), sums::add, stop);
        return sums.puzzles() < puzzles
                ? Optional.empty()
                : Optional.of(sums.evaluation(puzzles / ((System.nanoTime() - start) * 1e-9)));
    }

    /** How many puzzles a limit leaves. */
    int puzzles(int limit) {
        return limit == 0 ? dataset.examples() : Math.min(limit, dataset.examples());
    }

    /** Sums of nothing yet, for some puzzles. */
    EvaluationSums sums(IntStream examples, Optional<ArcVotes> votes) {
        var rated = examples.filter(example -> example < ratings.length).map(example -> ratings[example]);
        return new EvaluationSums(steps, halting, RatingRanges.of(rated.toArray()), votes);
    }

    /** Solves puzzles until it is told to stop; tells whether all were solved. */
    boolean solve(
            Solver solver, PrimitiveIterator.OfInt examples, Consumer<Prediction> sink, BooleanSupplier stop) {
        return new BatchSolver(solver, steps, halting).solve(
                examples, dataset::example,
                (number, puzzle, solution) -> sink.accept(prediction(number, puzzle, solution)), stop);
    }

    private Prediction prediction(int number, Example puzzle, Solution solution) {
        var identifier = name(puzzle.puzzleIdentifier());
        return new Prediction(
                number,
                identifier,
                family.json(puzzle.inputs(), puzzle.inputs(), identifier),
                family.json(puzzle.inputs(), solution.tokens(), identifier),
                solution.haltLogits(),
                solution.haltedAt(),
                solution.right(),
                solution.labelled(),
                solution.loss(),
                number < ratings.length && ratings[number] >= 0 ? ratings[number] : null,
                family.rules(puzzle.inputs(), solution.tokens()));
    }

    private String name(int identifier) {
        var names = dataset.identifiers();
        return names.isEmpty() || identifier == dataset.info().blankIdentifierId() ? null : names.get(identifier);
    }
}
