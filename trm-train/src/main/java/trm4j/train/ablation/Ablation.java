package trm4j.train.ablation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import trm4j.kernels.device.Device;
import trm4j.model.Checkpoint;
import trm4j.model.SolvingPlan;
import trm4j.model.config.ConfigException;
import trm4j.model.net.Parameters;
import trm4j.train.data.DatasetInfo;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;
import trm4j.train.eval.Evaluator;
import trm4j.train.metrics.RunMetrics;
import trm4j.train.run.RunConfig;
import trm4j.train.run.RunFolder;
import trm4j.train.run.Training;

/**
 * Trains variants of a configuration on the same puzzles, with some seeds each. In its folder: {@code config.yaml}, a
 * run's folder for each variant and seed, and {@code ablation.jsonl}, a row for each that is done. Begun again in the
 * same folder, it goes on.
 */
public final class Ablation {

    private final RunConfig base;
    private final Path data;
    private final Device device;
    private final AblationFolder folder;
    private final List<Variant> variants;
    private final int seeds;
    private final List<AblationRow> rows;

    /** Hears of each run as it begins, and has a listener for what happens in it. */
    @FunctionalInterface
    public interface Listener {

        /**
         * A run begins.
         *
         * @param number from 1 on, of all runs
         */
        Training.Listener begins(Variant variant, long seed, int number, int runs, Training training);
    }

    /**
     * Checks that every variant can be trained, before any is.
     *
     * @param folder new, or of an ablation of the same configuration
     * @param variants with TRM itself as the first, if one of them evaluates it otherwise
     * @param seeds of each variant: the configuration's and those that follow it
     * @throws trm4j.kernels.UserException if a variant does not fit the puzzles or the device, or the folder holds
     *     something else
     * @throws IllegalArgumentException if TRM itself is missing
     */
    public Ablation(
            RunConfig base, Path data, Device device, AblationFolder folder, List<Variant> variants, int seeds) {
        this.base = base;
        this.data = data;
        this.device = device;
        this.folder = folder;
        this.variants = variants;
        this.seeds = seeds;
        if (!variants.getFirst().key().equals(Variant.TRM) && !variants.stream().allMatch(Variant::trains)) {
            throw new IllegalArgumentException("variants without TRM itself: " + variants);
        }
        ConfigException.require(
                base.run().start().isEmpty(), "run.init",
                "nothing, since the variants' nets are others than any model's", base.run().init());
        // Refuses a data set without test puzzles, or with others than can be tried so.
        try (var tested = PuzzleDataset.open(data, Split.TEST)) {
            variants.forEach(variant -> new Evaluator(tested, base.arch().haltMaxSteps(), false, variant.tries()));
        }
        // What the puzzles must fit is the same for all variants: they are read once.
        new Training(config(variants.getFirst(), 0), data, device).close();
        requireMemory(base, variants, DatasetInfo.of(data), device);
        folder.requireSame(base);
        rows = new ArrayList<>(folder.rows());
    }

    /**
     * Checks that there is enough memory for each variant, before their puzzles are made.
     *
     * @param info what their data set says, or will say
     * @throws trm4j.model.config.ConfigException if there is less than a variant takes
     */
    public static void requireMemory(RunConfig base, List<Variant> variants, DatasetInfo info, Device device) {
        for (var variant : variants) {
            Training.requireMemory(base.with(variant.changes()), info, true, device);
        }
    }

    private RunConfig config(Variant variant, int seed) {
        return base.with(variant.changes()).with(null, base.run().seed() + seed);
    }

    /** Returns the rows so far. */
    public List<AblationRow> rows() {
        return List.copyOf(rows);
    }

    /**
     * Trains and evaluates what is not done yet; a run that was interrupted goes on where it was saved.
     *
     * @param stop asked after each step
     * @return whether all is done
     */
    public boolean run(String version, Listener listener, BooleanSupplier stop) {
        folder.begin(base);
        int number = 0;
        for (int seed = 0; seed < seeds; seed++) {
            for (var variant : variants) {
                number++;
                if (!isDone(variant, base.run().seed() + seed)) {
                    var row = variant.trains()
                            ? row(variant, seed, number, version, listener, stop)
                            : evaluated(variant, seed, number, listener, stop);
                    if (row.isEmpty()) {
                        return false;
                    }
                    rows.add(row.get());
                    folder.write(rows);
                }
            }
        }
        return true;
    }

    private boolean isDone(Variant variant, long seed) {
        return rows.stream().anyMatch(row -> isOf(row, variant.key(), seed));
    }

    private static boolean isOf(AblationRow row, String variant, long seed) {
        return row.variant().equals(variant) && row.seed() == seed;
    }

    /** Returns nothing if it was stopped. */
    private Optional<AblationRow> row(
            Variant variant, int seed, int number, String version, Listener listener, BooleanSupplier stop) {
        var config = config(variant, seed);
        var path = folder.run(variant, config.run().seed());
        try (var run = RunFolder.isRun(path) ? RunFolder.resume(path) : RunFolder.create(path);
                var training = new Training(config, data, device)) {
            var listening = listener.begins(variant, config.run().seed(), number, variants.size() * seeds, training);
            if (!isTrained(path, training) && !training.run(run, version, listening, stop)) {
                return Optional.empty();
            }
            var arch = training.config().arch();
            var metrics = RunMetrics.of(path);
            var test = metrics.evaluations().getLast().get("test");
            var last = metrics.steps().getLast();
            var course = metrics.evaluations().stream()
                    .map(line -> new AblationRow.Point(
                            line.path("step").asLong(), line.path("test").path("exact_accuracy").asDouble(),
                            training.flops(line.path("step").asLong())))
                    .toList();
            return Optional.of(new AblationRow(
                    variant.key(), config.run().seed(), test.path("exact_accuracy").asDouble(),
                    test.path("accuracy").asDouble(), test.path("steps").asDouble(), AblationRow.depth(arch),
                    AblationRow.forwardPasses(arch), new Parameters(arch).trained(), last.path("seconds").asDouble(),
                    last.path("samples_per_s").asDouble(), course));
        }
    }

    /** Returns what TRM itself, trained before, comes to when puzzles are tried otherwise; nothing if stopped. */
    private Optional<AblationRow> evaluated(
            Variant variant, int seed, int number, Listener listener, BooleanSupplier stop) {
        var config = config(variant, seed);
        long runSeed = config.run().seed();
        var trained = rows.stream().filter(row -> isOf(row, Variant.TRM, runSeed)).findFirst().orElseThrow();
        var rollouts = variant.tries().rollouts();
        try (var training = new Training(config, data, device)) {
            var listening = listener.begins(variant, runSeed, number, variants.size() * seeds, training);
            var evaluator = new Evaluator(
                    training.testSet().orElseThrow(), config.arch().haltMaxSteps(), false, variant.tries());
            var model = Training.checkpoint(folder.run(variants.getFirst(), runSeed), Checkpoint::load);
            int puzzles = evaluator.puzzles(config.run().evalPuzzles());
            long tries = (long) puzzles * rollouts.count();
            int slots = (int) Math.min(Math.max(config.run().evalBatch(), rollouts.count()), Math.max(1, tries));
            var plan = new SolvingPlan(
                    device, model.config(), model.train().loss(), slots, rollouts.noise() > 0);
            listening.evaluating(0, puzzles);
            try (var solver = plan.open(model.tensors())) {
                return evaluator.sample(
                                solver, config.run().evalPuzzles(), done -> listening.evaluating(done, puzzles), stop)
                        .map(evaluation -> new AblationRow(
                                variant.key(), runSeed, evaluation.exact(), evaluation.cells(),
                                evaluation.rollouts().orElseThrow().counts().getLast().steps(), trained.depth(),
                                trained.forwardPasses(), trained.parameters(), trained.seconds(),
                                trained.samplesPerSecond(), trained.course()));
            }
        }
    }

    /** Tells whether only the row is missing. */
    private static boolean isTrained(Path path, Training training) {
        if (!RunFolder.isRun(path)) {
            return false;
        }
        var metrics = RunMetrics.of(path);
        return !metrics.steps().isEmpty() && !metrics.evaluations().isEmpty()
                && metrics.evaluations().getLast().path("step").asLong() == training.totalSteps();
    }
}
