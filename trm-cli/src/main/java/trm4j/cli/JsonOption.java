package trm4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The option {@code --json}: what came of a command goes to standard output as JSON, in one line, and all that is for
 * people to standard error. {@code docs/json.md} says what stands in it.
 */
final class JsonOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Standard output, once it is asked for. */
    private PrintWriter programs;

    @Option(
            names = "--json",
            description = "Prints what came of it as JSON, for programs; what people read goes to standard error.")
    void ask(boolean asked) {
        if (asked && programs == null) {
            programs = spec.commandLine().getOut();
            // Whatever the command prints from now on.
            spec.commandLine().setOut(spec.commandLine().getErr());
        }
    }

    boolean isAsked() {
        return programs != null;
    }

    /** Prints what came of the command, if that is asked for. */
    void print(JsonNode result) {
        if (isAsked()) {
            programs.println(result);
            programs.flush();
        }
    }
}
