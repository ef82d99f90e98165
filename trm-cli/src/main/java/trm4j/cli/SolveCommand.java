package trm4j.cli;

import java.nio.file.Path;
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
import trm4j.train.run.Training;

/** {@code trm solve}. */
@Command(
        name = "solve",
        description = "Solves a Sudoku and shows the grid after each supervision step, changed cells in brackets.",
        sortOptions = false)
final class SolveCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A run's folder, or a checkpoint's file.")
    private Path checkpoint;

    @Parameters(
            index = "1",
            paramLabel = "PUZZLE",
            description = "The cells row by row, '.' or '0' for a blank.")
    private String puzzle;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Supervision steps (default: as many as in training).")
    private Integer steps;

    @Mixin
    private DeviceOption device;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (steps != null && steps < 1) {
            throw new ParameterException(spec.commandLine(), "Expected --steps of at least 1, found " + steps);
        }
        var model = Training.checkpoint(checkpoint, Checkpoint::load);
        var config = model.config();
        var show = SudokuShow.of(config, puzzle, checkpoint.toString());
        model.remark().ifPresent(spec.commandLine().getOut()::println);
        try (var solver = new Solver(device.open(), config, model.train().loss(), 1, model.tensors())) {
            show.run(solver, steps == null ? config.haltMaxSteps() : steps, spec.commandLine().getOut());
        }
        return 0;
    }
}
