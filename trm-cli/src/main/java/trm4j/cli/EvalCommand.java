package trm4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.kernels.DeviceException;
import trm4j.kernels.device.Device;
import trm4j.model.Checkpoint;
import trm4j.model.Rollouts;
import trm4j.model.Solver;
import trm4j.model.SolvingPlan;
import trm4j.model.config.TrmConfig;
import trm4j.model.ranks.Ranks;
import trm4j.train.EvaluationException;
import trm4j.train.Plural;
import trm4j.train.RunException;
import trm4j.train.TrmCommand;
import trm4j.train.data.Split;
import trm4j.train.eval.Evaluation;
import trm4j.train.eval.EvaluationRecord;
import trm4j.train.eval.EvaluationRun;
import trm4j.train.eval.EvaluationSettings;
import trm4j.train.eval.EvaluationShare;
import trm4j.train.memory.MemoryNeed;
import trm4j.train.run.ModelPuzzles;
import trm4j.train.run.RunFolder;
import trm4j.train.run.Training;
import trm4j.train.torch.ModelFile;

/** {@code trm eval}. */
@Command(
        name = "eval",
        description =
                "Solves a set of puzzles and tells how many come out right. Writes what became of each puzzle to "
                + "OUT/predictions.jsonl as it goes, and all figures to OUT/evaluation.json. Processes that mpirun "
                + "starts share the puzzles.",
        sortOptions = false)
final class EvalCommand implements Callable<Integer>, InRanks {

    private static final Progress.Rate PUZZLES = new Progress.Rate("puzzles", 1);

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            description = ModelsCommand.MODEL)
    private Path checkpoint;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description = "A data set, as trm data makes it, or a CSV or Parquet file as trm data takes it (default: the "
                    + "data set that the run was trained with).")
    private Path data;

    @Option(names = "--split", paramLabel = "SPLIT", description = "Which puzzles: train or test (default: test).")
    private Split split;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Supervision steps of a puzzle at most (default: as many as in training).")
    private Integer steps;

    @Option(
            names = "--halt",
            description = "A puzzle is done as soon as the model says so, and the next takes its place at once.")
    private boolean halt;

    @Option(names = "--batch", paramLabel = "N", description = "Puzzles solved at a time (default: ${DEFAULT-VALUE}).")
    private int batch = 64;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Solves the first N puzzles only; of ARC tasks, as many whole tasks as have N puzzles with "
                    + "their copies, but at least one (default: all).")
    private Integer limit;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = DtypeConverter.class,
            description = "How activations are stored: float32 or bfloat16 (default: as in training).")
    private TrmConfig.Dtype dtype;

    @Option(
            names = "--out",
            paramLabel = "OUT",
            description = "Folder for predictions and figures (default: evals/DATA-DATE-TIME, or evals/RUN-DATE-TIME "
                    + "for the run's own data set).")
    private Path out;

    @Option(
            names = "--resume",
            paramLabel = "OUT",
            description = "Goes on with the evaluation in OUT where it was interrupted. May be given another --batch or "
                    + "--device, and another place of the same MODEL and --data.")
    private Path resume;

    @Mixin
    private TriesOptions tries;

    @Mixin
    private DeviceOption device;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    private Ranks ranks;

    @Override
    public Integer call() {
        if (batch < 1 || limit != null && limit < 0 || steps != null && steps < 1) {
            throw new ParameterException(
                    spec.commandLine(), "Expected --batch and --steps of at least 1 and --limit of at least 0");
        }
        if (checkpoint == null && resume == null) {
            throw new ParameterException(
                    spec.commandLine(), "Expected either MODEL, what to evaluate, or --resume OUT, what to go on with");
        }
        if (resume != null && out != null) {
            throw new ParameterException(spec.commandLine(), "Expected no --out with --resume OUT, which names it");
        }
        tries.tries();
        ranks = device.ranks();
        return !ranks.isFirst() ? help() : resume == null ? begin() : goOn();
    }

    /** Does the part of a rank other than 0, which finds everything, hands out the puzzles, and writes. */
    private int help() {
        try (var share = EvaluationShare.open(ranks, ModelFile::load);
                var stop = new StopSignal(() -> { })) {
            share.run(() -> solver(share.model(), share.rollouts(), batch), stop::isRaised);
            return stop.isRaised() ? stop.status() : 0;
        }
    }

    private int begin() {
        var puzzles = data == null ? ownPuzzles() : givenPuzzles();
        var folder = out == null ? newFolder(puzzles) : out;
        var stopped = "Stopped before a puzzle was solved; the same command"
                + (out == null ? " with --out " + folder : "") + " begins again";
        try (var run = opened(stopped, checkpoint, puzzles, folder, (file, model) -> new EvaluationSettings(
                file, puzzles, split(), steps == null ? model.config().haltMaxSteps() : steps, halt,
                limit == null ? 0 : limit, dtype == null ? model.config().forwardDtype() : dtype,
                tries.tries()))) {
            if (data == null) {
                spec.commandLine().getOut().println("The run's own " + split() + " puzzles, of " + puzzles);
            }
            otherPuzzles(puzzles).ifPresent(spec.commandLine().getOut()::println);
            return evaluate(run, folder);
        }
    }

    /** A sentence where these are other puzzles than those that the model's run was tested on. */
    private Optional<String> otherPuzzles(Path puzzles) {
        return RunFolder.of(checkpoint)
                .filter(run -> split() == Split.TEST && RunFolder.isTestedOnOthers(run, puzzles))
                .map(run -> "These are other puzzles than those that " + run + " was tested on while it trained.");
    }

    private int goOn() {
        var before = EvaluationSettings.of(resume);
        var puzzles = data == null ? before.data() : givenPuzzles();
        var given = checkpoint == null ? before.model() : checkpoint;
        try (var run = opened("Stopped; the same command goes on", given, puzzles, resume, (file, model) ->
                new EvaluationSettings(
                        file, puzzles, split == null ? before.split() : split,
                        steps == null ? before.steps() : steps, halt || before.halting(),
                        limit == null ? before.limit() : limit, dtype == null ? before.dtype() : dtype,
                        tries.areAbsent() ? before.tries() : tries.tries()))) {
            return evaluate(run, resume);
        }
    }

    /** Opens the model and the puzzles; a signal ends that at once. */
    private EvaluationRun opened(
            String stopped, Path given, Path puzzles, Path folder,
            BiFunction<Path, Checkpoint, EvaluationSettings> settings) {
        var print = spec.commandLine().getOut();
        try (var _ = StopSignal.ending(stopped, print)) {
            return Training.checkpoint(given, file -> {
                try (var _ = new Waiting("Reading " + file + " and " + puzzles + " ...", print)) {
                    var model = ModelFile.load(file);
                    var family = ModelPuzzles.of(given, file, model).family();
                    return EvaluationRun.open(folder, settings.apply(file, model), model, family, folder == resume);
                }
            });
        }
    }

    private int evaluate(EvaluationRun run, Path folder) {
        run.share(ranks);
        try (var stop = new StopSignal(() -> { })) {
            var evaluation = solve(run, stop::isRaised);
            evaluation.ifPresent(done -> EvaluationTable.print(done, spec.commandLine().getOut()));
            if (evaluation.isPresent()) {
                json.print(json(folder));
                return 0;
            }
            spec.commandLine().getOut().println(run.solved() == 0
                    ? "Stopped before a puzzle was solved; the same command begins again"
                    : "Stopped after " + run.solved() + " of " + Plural.count(run.puzzles(), "puzzle")
                            + "; go on with " + TrmCommand.line("eval", "--resume", folder));
            spec.commandLine().getOut().flush();
            return stop.status();
        }
    }

    /** What the folder of an evaluation that is done says of it. */
    private static JsonNode json(Path folder) {
        var record = EvaluationRecord.of(folder);
        var node = JsonNodeFactory.instance.objectNode().put("folder", folder.toString());
        node.set("settings", record.settings());
        return node.set("evaluation", record.result().orElseThrow());
    }

    private Path givenPuzzles() {
        if (!Files.exists(data)) {
            throw new RunException("There is no file or folder " + data
                    + ", expected a data set's folder or a CSV file of puzzles; "
                    + TrmCommand.line("data") + " makes data sets.");
        }
        if (Files.isRegularFile(data) && split == Split.TRAIN) {
            throw new ParameterException(
                    spec.commandLine(), "Expected --split test with a CSV file, all of whose puzzles are to test on");
        }
        return data;
    }

    /** The data set that the run was trained with. */
    private Path ownPuzzles() {
        var run = RunFolder.of(checkpoint).orElseThrow(() -> new ParameterException(
                spec.commandLine(), "Expected --data, what to solve: " + checkpoint
                        + " is no run's folder, nor a checkpoint in one, which would tell"));
        var own = RunFolder.data(run, split());
        if (!Files.isDirectory(own.resolve(split().toString()))) {
            throw new RunException("The data set " + own + " of the run " + run + " has no " + split()
                    + " puzzles; tell with --data which to solve.");
        }
        return own;
    }

    private Split split() {
        return split == null ? Split.TEST : split;
    }

    /** Plans to solve some puzzles at a time, or refuses more than there is memory for, before anything is written. */
    private SolvingPlan require(Device device, Checkpoint model, Rollouts rollouts, int most) {
        try {
            var plan = plan(device, model, rollouts, most);
            var shortage = need(device, model.config(), plan).shortage();
            if (shortage.isPresent()) {
                throw refusal(device, model, rollouts, most, shortage.get());
            }
            return plan;
        } catch (DeviceException e) {
            throw refusal(device, model, rollouts, most, MemoryNeed.unheld(e));
        }
    }

    private MemoryNeed need(Device device, TrmConfig model, SolvingPlan plan) {
        return MemoryNeed.of(device, model, plan.bytes()).among(ranks.localSize());
    }

    /** Plans a slot for each rollout of some puzzles. */
    private static SolvingPlan plan(Device device, Checkpoint model, Rollouts rollouts, int batch) {
        long slots = (long) batch * rollouts.count();
        if (slots > Integer.MAX_VALUE) {
            throw new DeviceException("There are " + slots + " rollouts at a time, expected some that memory holds");
        }
        return new SolvingPlan(device, model.config(), model.train().loss(), (int) slots, rollouts.noise() > 0);
    }

    private EvaluationException refusal(
            Device device, Checkpoint model, Rollouts rollouts, int most, String shortage) {
        var config = model.config();
        var fitting = IntStream.iterate(most / 2, n -> n > 0, n -> n / 2)
                .filter(n -> MemoryNeed.shortage(() -> need(device, config, plan(device, model, rollouts, n)))
                        .isEmpty())
                .findFirst();
        return new EvaluationException("--batch: " + Plural.count(most, "puzzle") + " at a time"
                + (rollouts.count() > 1 ? ", " + rollouts.count() + " rollouts of each, " : " ") + shortage + "; "
                + (fitting.isPresent() ? "set it to " + fitting.getAsInt() + " or less."
                : rollouts.count() > 1 ? "ask for fewer rollouts." : "no fewer would fit."));
    }

    /** A folder that is called as the puzzles are, or, as a run's own often have the same name, as the run. */
    private Path newFolder(Path puzzles) {
        var named = data == null ? RunFolder.of(checkpoint).orElse(puzzles) : puzzles;
        var name = named.toAbsolutePath().normalize().getFileName().toString()
                .replaceFirst("\\.(csv|csv\\.gz|parquet)$", "");
        return DatedFolder.now("evals", name);
    }

    private Optional<Evaluation> solve(EvaluationRun run, BooleanSupplier stop) {
        var print = spec.commandLine().getOut();
        run.remarks().forEach(print::println);
        print.println("Predictions go to " + run.predictions()
                + (run.resumed() > 0 ? ", which has " + run.resumed() + " of " + run.puzzles() : ""));
        print.flush();
        try (var progress = new Progress(
                "eval", run.puzzles(), run.resumed(), PUZZLES, Screen.of(print, print))) {
            // No more slots than there are puzzles.
            int most = Math.min(batch, run.puzzles() - run.solved());
            return run.run(() -> solver(run.model(), run.rollouts(), most), (done, exact) -> progress.at(
                    done, () -> exact.isNaN() ? "" : String.format(Locale.ROOT, "exact %.1f%%", 100 * exact)), stop);
        }
    }

    private Solver solver(Checkpoint model, Rollouts rollouts, int most) {
        return require(device.open(), model, rollouts, most).open(model.tensors());
    }
}
