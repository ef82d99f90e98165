package trm4j.train.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code trm data}: makes datasets. */
@Command(
        name = "data",
        description = "Makes datasets of puzzles to train and evaluate on.",
        subcommands = {DataSudokuCommand.class, DataMazeCommand.class, DataArcCommand.class})
public final class DataCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Missing required subcommand: the kind of puzzles, one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
