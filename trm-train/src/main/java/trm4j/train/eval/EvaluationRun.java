package trm4j.train.eval;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import trm4j.model.Checkpoint;
import trm4j.model.Rollouts;
import trm4j.model.Solver;
import trm4j.model.ranks.Ranks;
import trm4j.train.EvaluationException;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.puzzle.PuzzleFamilies;
import trm4j.train.puzzle.PuzzleFamily;
import trm4j.train.table.FittedModel;

/**
 * Evaluates a model in a folder, which has all that comes of it: {@code settings.json} (of what), {@code
 * predictions.jsonl} (a line for each puzzle as it is done) and at last {@code evaluation.json}, of ARC tasks {@code
 * submission.json} too; of a CSV file, {@code data} has its puzzles. Interrupted at any point, it can go on where it
 * was. Other ranks may have an {@link EvaluationShare} in it.
 */
public final class EvaluationRun implements AutoCloseable {

    /** So many supervision steps a puzzle had at most in training. */
    private static final String TRAINED_STEPS = "trained_steps";

    private final EvaluationFolder files;
    private final PuzzleDataset owned;
    private final Evaluator evaluator;
    private final Optional<FittedModel> fitted;
    private final Rollouts rollouts;
    private final BitSet done = new BitSet();
    private final Optional<ArcVotes> votes;
    private final EvaluationSums sums;
    private final PredictionsFile predictions;
    private final int puzzles;
    private final List<String> remarks;
    private final EvaluationSettings settings;
    private final PuzzleDataset dataset;
    private Ranks ranks = Ranks.ALONE;
    private boolean ran;

    /**
     * Begins an evaluation of a data set, or goes on with one.
     *
     * @param folder for its files; made if it is not there
     * @param resume whether to go on with what is there
     * @throws EvaluationException if there is an evaluation already and it is not to be resumed, or it was of
     *     something else, or the folder cannot be written
     */
    public EvaluationRun(Path folder, EvaluationSettings settings, PuzzleDataset dataset, boolean resume) {
        this(EvaluationFolder.begin(folder, settings.json(dataset), resume), settings, dataset, Optional.empty());
    }

    private EvaluationRun(
            EvaluationFolder files, EvaluationSettings settings, PuzzleDataset dataset, Optional<FittedModel> fitted) {
        this.files = files;
        this.settings = settings;
        this.dataset = dataset;
        this.fitted = fitted;
        owned = fitted.isPresent() ? dataset : null;
        rollouts = settings.tries().rollouts();
        evaluator = new Evaluator(dataset, settings.steps(), settings.halting(), settings.tries());
        var taken = evaluator.first(settings.limit());
        puzzles = taken.examples().length;
        remarks = Stream.of(
                        PuzzleFamilies.remark(dataset), fitted.flatMap(FittedModel::remark),
                        fitted.flatMap(each -> each.model().remark()), taken.remark())
                .flatMap(Optional::stream).toList();
        votes = evaluator.votes();
        sums = evaluator.sums(IntStream.range(0, puzzles), votes);
        predictions = PredictionsFile.open(files.predictions(), this::replay);
    }

    /**
     * Begins an evaluation of a data set or a CSV file, or goes on with one. What solves the puzzles is to have the
     * weights of {@link #model}.
     *
     * @param model what the settings name, which the puzzles must be for
     * @param family of the puzzles that it solves, which reads a CSV file
     * @throws EvaluationException as the constructor does, and if the model is not for the puzzles; what was made is
     *     then taken away again
     * @throws trm4j.train.DatasetException if the puzzles cannot be read
     */
    public static EvaluationRun open(
            Path folder, EvaluationSettings settings, Checkpoint model, PuzzleFamily family, boolean resume) {
        EvaluationFolder files = null;
        PuzzleDataset dataset = null;
        try {
            if (settings.ofCsv()) {
                files = EvaluationFolder.begin(folder, settings.json(), resume);
                dataset = PuzzleDataset.open(files.data(settings.data(), family), settings.split());
            } else {
                dataset = PuzzleDataset.open(settings.data(), settings.split());
            }
            var fitted = FittedModel.of(model.computedIn(settings.dtype()), settings.model(), dataset, settings.data());
            if (files == null) {
                files = EvaluationFolder.begin(folder, settings.json(dataset), resume);
            }
            return new EvaluationRun(files, settings, dataset, Optional.of(fitted));
        } catch (RuntimeException e) {
            if (dataset != null) {
                dataset.close();
            }
            if (files != null) {
                files.undo();
            }
            throw e;
        }
    }

    /**
     * Together with {@link EvaluationShare#open} on all other ranks: has them take part. This is rank 0.
     *
     * @throws trm4j.model.ranks.RanksException if one has another model or other puzzles
     */
    public void share(Ranks ranks) {
        this.ranks = ranks;
        if (ranks.areSeveral()) {
            // Nothing stays of what does not begin.
            ran = true;
            EvaluationShare.tell(ranks, files.folder(), settings, dataset);
        }
    }

    private void replay(Prediction earlier) {
        if (earlier.example() < 0 || earlier.example() >= puzzles || done.get(earlier.example())) {
            throw new IllegalArgumentException("example " + earlier.example());
        }
        done.set(earlier.example());
        sums.add(earlier);
    }

    /** Returns the number of puzzles to solve in all. */
    public int puzzles() {
        return puzzles;
    }

    /** Returns the number of puzzles that are solved, those that were solved before included. */
    public int solved() {
        return sums.puzzles();
    }

    /** Returns the number of puzzles that were solved before. */
    public int resumed() {
        return done.cardinality();
    }

    /**
     * Returns sentences on what is not a matter of course: what the puzzles are taken for, which rows they get, what of
     * the model was guessed, and how many tasks a limit leaves.
     */
    public List<String> remarks() {
        return remarks;
    }

    /** Returns the model in the settings' type, with a row for each puzzle identifier, of a run opened with one. */
    public Checkpoint model() {
        return fitted.orElseThrow().model();
    }

    /** Returns how often each puzzle is tried; the solver needs a slot for each try of a puzzle at least. */
    public Rollouts rollouts() {
        return rollouts;
    }

    /** Returns the file that predictions are written to. */
    public Path predictions() {
        return files.predictions();
    }

    /**
     * Solves what is left.
     *
     * @param solvers gives what solves it, which is closed at the end; not asked if nothing is left
     * @param soFar hears after each supervision step that some were done with how many are, and the share of
     *     exact ones
     * @param stop whether to leave off, asked before each supervision step
     * @return nothing if it was left off; what was solved by then can be gone on with
     */
    public Optional<Evaluation> run(
            Supplier<Solver> solvers, BiConsumer<Integer, Double> soFar, BooleanSupplier stop) {
        ran = true;
        double speed = files.earlierSpeed();
        int left = puzzles - resumed();
        if (EvaluationShare.isAnythingLeft(ranks, left > 0)) {
            try (var solver = solvers.get()) {
                long start = System.nanoTime();
                if (!solve(solver, soFar, stop)) {
                    return Optional.empty();
                }
                speed = left / ((System.nanoTime() - start) * 1e-9);
            }
        }
        predictions.sort();
        var evaluation = sums.evaluation(speed);
        votes.ifPresent(each -> files.write(EvaluationFolder.SUBMISSION, each.submission()));
        var result = evaluation.json();
        fitted.ifPresent(each -> result.put(TRAINED_STEPS, each.model().config().haltMaxSteps()));
        files.write(EvaluationFolder.RESULT, result);
        return Optional.of(evaluation);
    }

    private boolean solve(Solver solver, BiConsumer<Integer, Double> soFar, BooleanSupplier stop) {
        var left = IntStream.range(0, puzzles).filter(example -> !done.get(example));
        return evaluator.solve(solver, left, prediction -> {
            predictions.add(prediction);
            sums.add(prediction);
        }, () -> soFar.accept(sums.puzzles(), sums.exact()), stop, ranks);
    }

    /** Closes its files; if it was run and nothing was solved, what it made is taken away again. */
    @Override
    public void close() {
        predictions.close();
        if (owned != null) {
            owned.close();
        }
        if (ran && sums.puzzles() == 0) {
            files.undo();
        }
    }
}
