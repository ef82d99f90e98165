package trm4j.cli;

import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trm completion}. */
@Command(
        name = "completion",
        description = "Prints what has bash or zsh complete commands, options and files. Put this into ~/.bashrc, or "
                + "after autoload -U compinit && compinit into ~/.zshrc: source <(${ROOT-COMMAND-NAME} completion)")
final class CompletionCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        // A shell looks for what is typed, and then for what stands after its last slash.
        var name = Path.of(spec.root().name()).getFileName().toString();
        out.print(AutoComplete.bash(name, spec.root().commandLine()));
        out.flush();
    }
}
