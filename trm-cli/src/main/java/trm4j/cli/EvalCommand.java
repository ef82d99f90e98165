package trm4j.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
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
import trm4j.model.Solver;
import trm4j.model.SolvingPlan;
import trm4j.train.EvaluationException;
import trm4j.train.RunException;
import trm4j.train.data.Split;
import trm4j.train.eval.Evaluation;
import trm4j.train.eval.EvaluationRun;
import trm4j.train.eval.EvaluationSettings;
import trm4j.train.memory.MemoryNeed;
import trm4j.train.run.Training;

/** {@code trm eval}. */
@Command(
        name = "eval",
        description =
                "Solves a set of puzzles and tells how many come out right. Writes what became of each puzzle to "
                + "OUT/predictions.jsonl as it goes, and all figures to OUT/evaluation.json.",
        sortOptions = false)
final class EvalCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "A run's folder, or a checkpoint's file.")
    private Path checkpoint;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            required = true,
            description = "A data set, as trm data makes it, or a CSV file as trm data takes it.")
    private Path data;

    @Option(names = "--split", paramLabel = "SPLIT", description = "Which puzzles: train or test (default: test).")
    private Split split = Split.TEST;

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

    @Option(names = "--limit", paramLabel = "N", description = "Solves the first N puzzles only (default: all).")
    private int limit = 0;

    @Option(
            names = "--out",
            paramLabel = "OUT",
            description = "Folder for predictions and figures (default: evals/DATA-DATE-TIME).")
    private Path out;

    @Option(names = "--resume", description = "Goes on with the evaluation in OUT where it was interrupted.")
    private boolean resume;

    @Mixin
    private DeviceOption device;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (batch < 1 || limit < 0 || steps != null && steps < 1) {
            throw new ParameterException(
                    spec.commandLine(), "Expected --batch and --steps of at least 1 and --limit of at least 0");
        }
        if (resume && out == null) {
            throw new ParameterException(spec.commandLine(), "Expected --out with --resume: what to go on with");
        }
        if (!Files.exists(data)) {
            throw new RunException("There is no file or folder " + data
                    + ", expected a data set's folder or a CSV file of puzzles; trm data makes data sets.");
        }
        if (Files.isRegularFile(data) && split != Split.TEST) {
            throw new ParameterException(
                    spec.commandLine(), "Expected --split test with a CSV file, all of whose puzzles are to test on");
        }
        var folder = out == null ? newFolder() : out;
        var opened = Training.checkpoint(checkpoint, file -> open(file, folder));
        try (var run = opened.run; var stop = new StopSignal(() -> { })) {
            var evaluation = solve(run, opened.model, stop::isRaised);
            evaluation.ifPresent(done -> EvaluationTable.print(done, spec.commandLine().getOut()));
            if (evaluation.isPresent()) {
                return 0;
            }
            spec.commandLine().getOut().println(run.solved() == 0
                    ? "Stopped before a puzzle was solved; the same command begins again"
                    : "Stopped after " + run.solved() + " of " + run.puzzles() + " puzzles; the same command with --out "
                            + folder + " --resume goes on");
            spec.commandLine().getOut().flush();
            return stop.status();
        }
    }

    private record Opened(Checkpoint model, EvaluationRun run) {}

    private Opened open(Path file, Path folder) {
        var model = Checkpoint.load(file);
        var config = model.config();
        var settings = new EvaluationSettings(
                file, data, split, steps == null ? config.haltMaxSteps() : steps, halt, limit);
        return new Opened(model, EvaluationRun.open(folder, settings, config, resume));
    }

    /** Plans to solve some puzzles at a time, or refuses more than there is memory for, before anything is written. */
    private SolvingPlan plan(Device device, Checkpoint model) {
        try {
            var plan = new SolvingPlan(device, model.config(), model.train().loss(), batch);
            var shortage = MemoryNeed.of(device, model.config(), plan.bytes()).shortage();
            if (shortage.isPresent()) {
                throw refusal(device, model, shortage.get());
            }
            return plan;
        } catch (DeviceException e) {
            throw refusal(device, model, MemoryNeed.unheld(e));
        }
    }

    private EvaluationException refusal(Device device, Checkpoint model, String shortage) {
        var config = model.config();
        var fitting = IntStream.iterate(batch / 2, n -> n > 0, n -> n / 2)
                .filter(n -> MemoryNeed.shortage(() -> MemoryNeed.of(
                                device, config, new SolvingPlan(device, config, model.train().loss(), n).bytes()))
                        .isEmpty())
                .findFirst();
        return new EvaluationException("--batch: " + batch + " puzzles at a time " + shortage + "; "
                + (fitting.isPresent() ? "set it to " + fitting.getAsInt() + " or less." : "no fewer would fit."));
    }

    private Path newFolder() {
        var name = data.toAbsolutePath().normalize().getFileName().toString().replaceFirst("\\.csv$", "");
        return DatedFolder.now("evals", name);
    }

    private Optional<Evaluation> solve(EvaluationRun run, Checkpoint model, BooleanSupplier stop) {
        var print = spec.commandLine().getOut();
        run.remark().ifPresent(print::println);
        model.remark().ifPresent(print::println);
        print.println("Predictions go to " + run.predictions()
                + (run.resumed() > 0 ? ", which has " + run.resumed() + " of " + run.puzzles() : ""));
        print.flush();
        try (var progress = new Progress("eval", run.puzzles(), run.resumed(), print)) {
            return run.run(() -> solver(model), (done, exact) -> {
                // The first of a batch says nothing yet of how fast puzzles are done.
                if (done - run.resumed() >= batch || done == run.puzzles()) {
                    progress.at(
                            done, () -> exact.isNaN() ? "" : String.format(Locale.ROOT, "exact %.1f%%", 100 * exact));
                }
            }, stop);
        }
    }

    private Solver solver(Checkpoint model) {
        return plan(device.open(), model).open(model.tensors());
    }
}
