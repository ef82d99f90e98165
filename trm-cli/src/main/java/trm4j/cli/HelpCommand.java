package trm4j.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trm help}. */
@Command(name = "help", description = "Shows the help of trm, or of a command.")
final class HelpCommand implements Runnable {

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Which, such as train or data maze.")
    private List<String> names = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var command = spec.parent().commandLine();
        for (var name : names) {
            var next = command.getSubcommands().get(name);
            if (next == null) {
                throw new ParameterException(
                        spec.commandLine(), "There is no command " + name + ", expected one of "
                                + String.join(", ", command.getSubcommands().keySet()));
            }
            command = next;
        }
        command.usage(spec.commandLine().getOut());
    }
}
