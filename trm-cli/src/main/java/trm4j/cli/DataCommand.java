package trm4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code trm data}: makes datasets. */
@Command(
        name = "data",
        description = "Makes data sets of puzzles to train and evaluate on, and tells what is true of one.",
        subcommands = {DataSudokuCommand.class, DataMazeCommand.class, DataArcCommand.class, DataCheckCommand.class})
public final class DataCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Missing required subcommand: the kind of puzzles, one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
