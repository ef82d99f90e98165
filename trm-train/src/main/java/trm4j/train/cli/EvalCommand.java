package trm4j.train.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import trm4j.model.Checkpoint;
import trm4j.model.Solver;
import trm4j.train.Evaluation;
import trm4j.train.Training;
import trm4j.train.data.PuzzleDataset;
import trm4j.train.data.Split;

/** {@code trm eval}. */
@Command(
        name = "eval",
        description = "Solves a data set's test puzzles and tells how many come out right.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false)
final class EvalCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN_OR_CHECKPOINT", description = "A run's folder, or a checkpoint's file.")
    private Path checkpoint;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "Data set, as trm data makes it.")
    private Path data;

    @Option(names = "--split", paramLabel = "SPLIT", description = "Which puzzles: train or test.")
    private Split split = Split.TEST;

    @Option(names = "--batch", paramLabel = "N", description = "Puzzles solved at a time.")
    private int batch = 64;

    @Option(names = "--limit", paramLabel = "N", description = "Solves the first N puzzles only; 0 for all.")
    private int limit = 0;

    @Mixin
    private DeviceOption device;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (batch < 1 || limit < 0) {
            throw new ParameterException(spec.commandLine(), "Expected --batch of at least 1 and --limit of at least 0");
        }
        var model = Checkpoint.load(Training.checkpoint(checkpoint));
        try (var dataset = PuzzleDataset.open(data, split)) {
            Training.requireFit(model.config(), dataset, data);
            var config = model.config();
            try (var solver = new Solver(device.open(), config, model.train().loss(), batch, model.tensors())) {
                print(solve(solver, dataset, config.haltMaxSteps()));
            }
        }
        return 0;
    }

    private Evaluation solve(Solver solver, PuzzleDataset dataset, int steps) {
        var out = spec.commandLine().getOut();
        try (var progress = new Progress("eval", Evaluation.puzzles(dataset, limit), out)) {
            return Evaluation.of(solver, dataset, batch, steps, limit, soFar -> progress.at(
                    soFar.puzzles(), () -> String.format(Locale.ROOT, "exact %.1f%%", 100 * soFar.exact())));
        }
    }

    private void print(Evaluation evaluation) {
        var out = spec.commandLine().getOut();
        out.println(evaluation.line());
        out.println("step  exact");
        for (int step = 1; step <= evaluation.exactByStep().length; step++) {
            out.printf(Locale.ROOT, "%4d  %5.1f%%%n", step, 100 * evaluation.exactByStep()[step - 1]);
        }
        out.printf(Locale.ROOT, "The halt logit tells exact from wrong for %.1f%% of the puzzles.%n",
                100 * evaluation.haltRight());
        out.flush();
    }
}
