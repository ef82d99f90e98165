package trm4j.train.eval;

import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import trm4j.model.BatchSolver;
import trm4j.model.Disguise;
import trm4j.model.Example;
import trm4j.model.Rollout;
import trm4j.model.RolloutSolver;
import trm4j.model.Solution;
import trm4j.model.Solver;
import trm4j.model.ranks.Ranks;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.data.arc.ArcDataset;
import trm4j.train.data.arc.ArcTask;
import trm4j.train.data.arc.ArcTokens;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.puzzle.PuzzleFamily;

/** Evaluates models on the puzzles of a data set: has them solved, and compares the answers with the labels. */
public final class Evaluator {

    private final PuzzleDataset dataset;
    private final PuzzleFamily family;
    private final boolean ofTasks;
    private final Optional<List<ArcTask>> arcTasks;
    private final int[] ratings;
    private final int steps;
    private final boolean halting;
    private final Tries tries;
    private final List<Disguise> disguises;

    /**
     * Prepares an evaluation.
     *
     * @param steps supervision steps of a puzzle at most
     * @param halting whether a puzzle is done as soon as the model says so
     * @throws trm4j.train.DatasetException if the data set is of ARC tasks, and the file that has them is damaged
     */
    public Evaluator(PuzzleDataset dataset, int steps, boolean halting) {
        this(dataset, steps, halting, Tries.ONE);
    }

    /**
     * Prepares an evaluation that tries each puzzle as often as is said.
     *
     * @param steps supervision steps of a try at most
     * @param halting whether a try is done as soon as the model says so
     * @throws trm4j.train.EvaluationException if such puzzles cannot be tried so: they have no rules to select by, or
     *     not as many symmetries
     * @throws trm4j.train.DatasetException if the data set is of ARC tasks, and the file that has them is damaged
     */
    public Evaluator(PuzzleDataset dataset, int steps, boolean halting, Tries tries) {
        this.dataset = dataset;
        this.steps = steps;
        this.halting = halting;
        this.tries = tries;
        family = PuzzleFamilies.of(dataset.info());
        disguises = tries.disguises(family, dataset.info().seqLen(), dataset.info().vocabSize());
        if (dataset.examples() > 0) {
            tries.requireRules(family, dataset.example(0).inputs());
        }
        ofTasks = family.kind().equals(ArcTokens.KIND);
        arcTasks = ofTasks && dataset.split() == Split.TEST
                ? ArcDataset.testTasks(dataset.folder())
                : Optional.empty();
        ratings = dataset.ratings().orElse(new int[0]);
    }

    /**
     * Solves puzzles from all over the data set.
     *
     * @param limit how many at most, of ARC tasks whole tasks and at least one; 0 for all
     */
    public Evaluation sample(Solver solver, int limit) {
        return sample(solver, limit, _ -> { }, () -> false).orElseThrow();
    }

    /**
     * Solves puzzles from all over the data set, unless it is told to stop.
     *
     * @param limit how many at most, of ARC tasks whole tasks and at least one; 0 for all
     * @param soFar hears how many are done, after each supervision step that some were done with
     * @param stop whether to leave off, asked before each supervision step
     * @return nothing if it was left off
     */
    public Optional<Evaluation> sample(Solver solver, int limit, IntConsumer soFar, BooleanSupplier stop) {
        return sample(solver, limit, soFar, stop, Ranks.ALONE);
    }

    /**
     * Solves puzzles from all over the data set, together with other ranks, unless one of them is told to stop.
     *
     * @param limit how many at most, of ARC tasks whole tasks and at least one; 0 for all
     * @param soFar hears how many are done, now and then; on rank 0
     * @param stop whether to leave off, asked before each supervision step
     * @return nothing if it was left off, nor on other ranks than 0
     */
    public Optional<Evaluation> sample(
            Solver solver, int limit, IntConsumer soFar, BooleanSupplier stop, Ranks ranks) {
        if (!ranks.isFirst()) {
            help(solver, stop, ranks);
            return Optional.empty();
        }
        int[] examples = Sample.allOver(dataset, limit, ofTasks).examples();
        var sums = sums(IntStream.of(examples), votes());
        long start = System.nanoTime();
        solve(solver, IntStream.of(examples), sums::add, () -> soFar.accept(sums.puzzles()), stop, ranks);
        return sums.puzzles() < examples.length
                ? Optional.empty()
                : Optional.of(sums.evaluation(examples.length / ((System.nanoTime() - start) * 1e-9)));
    }

    /**
     * Returns how many puzzles {@link #sample} takes.
     *
     * @param limit puzzles at most; 0 for all
     */
    public int puzzles(int limit) {
        return Sample.allOver(dataset, limit, ofTasks).examples().length;
    }

    /**
     * Returns a sentence on how many ARC tasks {@link #sample} takes, where a limit leaves some out.
     *
     * @param limit puzzles at most; 0 for all
     */
    public Optional<String> remark(int limit) {
        return Sample.allOver(dataset, limit, ofTasks).remark();
    }

    /** The first puzzles that a limit leaves. */
    Sample first(int limit) {
        return Sample.first(dataset, limit, ofTasks);
    }

    /** No votes yet for ARC tasks' tests, where they are what is solved. */
    Optional<ArcVotes> votes() {
        return arcTasks.map(ArcVotes::new);
    }

    /** Sums of nothing yet, for some puzzles. */
    EvaluationSums sums(IntStream examples, Optional<ArcVotes> votes) {
        int[] all = examples.toArray();
        var rated = IntStream.of(all).filter(example -> example < ratings.length).map(example -> ratings[example]);
        return new EvaluationSums(
                steps, halting, RatingRanges.of(rated.toArray()), votes, severalAnswers(all),
                tries.isPlain() ? Optional.empty() : Optional.of(new RolloutSums(tries.rollouts())));
    }

    /** The share of puzzles that have several right answers; NaN if the family does not know it of the first. */
    private double severalAnswers(int[] examples) {
        if (examples.length == 0 || hasSeveralAnswers(examples[0]).isEmpty()) {
            return Double.NaN;
        }
        return IntStream.of(examples).filter(example -> hasSeveralAnswers(example).orElse(false)).count()
                / (double) examples.length;
    }

    private Optional<Boolean> hasSeveralAnswers(int example) {
        return family.hasSeveralAnswers(dataset.example(example).inputs());
    }

    /**
     * Solves puzzles until a rank is told to stop; tells whether all were solved. This is rank 0; all others {@link
     * #help}.
     *
     * @param soFar runs after each supervision step that some were done with
     */
    boolean solve(
            Solver solver, IntStream examples, Consumer<Prediction> sink, Runnable soFar, BooleanSupplier stop,
            Ranks ranks) {
        var news = new AtomicBoolean();
        Consumer<Prediction> solved = prediction -> {
            sink.accept(prediction);
            news.set(true);
        };
        Runnable tell = () -> {
            if (news.getAndSet(false)) {
                soFar.run();
            }
        };
        boolean all;
        if (ranks.areSeveral()) {
            all = new PuzzleHandout(ranks, examples, solved).run(
                    (puzzles, heard, left) -> solve(solver, puzzles, heard, left), tell, stop);
        } else {
            all = solve(solver, examples.iterator(), solved, () -> {
                tell.run();
                return stop.getAsBoolean();
            });
        }
        tell.run();
        return all;
    }

    /** Solves the puzzles that rank 0 hands out. */
    void help(Solver solver, BooleanSupplier stop, Ranks ranks) {
        int most = Math.max(1, solver.batch() / tries.rollouts().count());
        new PuzzleTaker(ranks, most).run((puzzles, heard, left) -> solve(solver, puzzles, heard, left), stop);
    }

    private boolean solve(
            Solver solver, PrimitiveIterator.OfInt examples, Consumer<Prediction> sink, BooleanSupplier stop) {
        return tries.isPlain()
                ? new BatchSolver(solver, steps, halting).solve(
                        examples, dataset::example, (number, puzzle, solution) ->
                                sink.accept(prediction(number, puzzle, solution, 0, List.of())), stop)
                : new RolloutSolver(solver, steps, halting, tries.rollouts(), disguises, tries.judge(family)).solve(
                        examples, dataset::example, (number, puzzle, outcome) -> sink.accept(prediction(
                                number, puzzle, outcome.solution(), outcome.chosen(), outcome.rollouts())), stop);
    }

    private Prediction prediction(
            int number, Example puzzle, Solution solution, int chosen, List<Rollout> rollouts) {
        var identifier = dataset.name(puzzle.puzzleIdentifier()).orElse(null);
        return new Prediction(
                number,
                identifier,
                family.json(puzzle.inputs(), puzzle.inputs(), identifier),
                family.json(puzzle.inputs(), solution.tokens(), identifier),
                solution.haltLogits(),
                solution.changes(),
                solution.haltedAt(),
                solution.right(),
                solution.labelled(),
                solution.loss(),
                number < ratings.length && ratings[number] >= 0 ? ratings[number] : null,
                family.rules(puzzle.inputs(), solution.tokens()),
                chosen,
                rollouts);
    }
}
