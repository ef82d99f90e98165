package trm4j.train.eval;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import trm4j.model.Checkpoint;
import trm4j.model.Rollouts;
import trm4j.model.Solver;
import trm4j.model.ranks.Ranks;
import trm4j.train.Alike;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.table.FittedModel;

/** The part of a rank other than 0 in an {@link EvaluationRun}: it solves puzzles that rank 0 hands out. */
public final class EvaluationShare implements AutoCloseable {

    private static final String WHAT = "evaluation";

    private final Ranks ranks;
    private final PuzzleDataset dataset;
    private final FittedModel fitted;
    private final EvaluationSettings settings;

    private EvaluationShare(Ranks ranks, PuzzleDataset dataset, FittedModel fitted, EvaluationSettings settings) {
        this.ranks = ranks;
        this.dataset = dataset;
        this.fitted = fitted;
        this.settings = settings;
    }

    /**
     * Together with {@link EvaluationRun#share} on rank 0: takes part.
     *
     * @param load reads the model's file
     * @throws trm4j.kernels.UserException if the model or the puzzles cannot be read here, or are others than rank 0's
     */
    public static EvaluationShare open(Ranks ranks, Function<Path, Checkpoint> load) {
        var told = new String(ranks.broadcast(new byte[0]), StandardCharsets.UTF_8).lines().map(Path::of).toList();
        var settings = EvaluationSettings.of(told.get(0)).of(told.get(1), told.get(2));
        var dataset = PuzzleDataset.open(told.get(3), settings.split());
        try {
            Alike.require(ranks, WHAT, lines(settings, dataset));
            var model = load.apply(settings.model()).computedIn(settings.dtype());
            var fitted = FittedModel.of(model, settings.model(), dataset, settings.data());
            return new EvaluationShare(ranks, dataset, fitted, settings);
        } catch (RuntimeException e) {
            dataset.close();
            throw e;
        }
    }

    /** Together: tells the others what {@link #open} takes. */
    static void tell(Ranks ranks, Path folder, EvaluationSettings settings, PuzzleDataset dataset) {
        var paths = new StringBuilder();
        for (var path : new Path[] {folder, settings.model(), settings.data(), dataset.folder()}) {
            paths.append(path.toAbsolutePath()).append("\n");
        }
        ranks.broadcast(paths.toString().getBytes(StandardCharsets.UTF_8));
        Alike.require(ranks, WHAT, lines(settings, dataset));
    }

    /** What tells evaluations from each other, wherever their files are. */
    private static String lines(EvaluationSettings settings, PuzzleDataset dataset) {
        var json = settings.ofCsv() ? settings.json() : settings.json(dataset);
        return json.toPrettyString();
    }

    /** Together: tells all whether anything is left to solve. */
    static boolean isAnythingLeft(Ranks ranks, boolean first) {
        return ranks.broadcast(new byte[] {(byte) (first ? 1 : 0)})[0] != 0;
    }

    /** Returns the model in the settings' type, with a row for each puzzle identifier. */
    public Checkpoint model() {
        return fitted.model();
    }

    /** Returns how often each puzzle is tried; the solver needs a slot for each try of a puzzle at least. */
    public Rollouts rollouts() {
        return settings.tries().rollouts();
    }

    /**
     * Solves what rank 0 hands out, while that has {@link EvaluationRun#run}.
     *
     * @param solvers gives what solves it, which is closed at the end; not asked if nothing is left
     * @param stop whether all should leave off, asked before each supervision step
     */
    public void run(Supplier<Solver> solvers, BooleanSupplier stop) {
        if (isAnythingLeft(ranks, false)) {
            try (var solver = solvers.get()) {
                new Evaluator(dataset, settings.steps(), settings.halting(), settings.tries()).help(solver, stop, ranks);
            }
        }
    }

    @Override
    public void close() {
        dataset.close();
    }
}
