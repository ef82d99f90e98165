package trm4j.cli;

import picocli.CommandLine;

/** Whether what is printed may have colours: on a terminal, unless {@code NO_COLOR} is set and not empty. */
final class Colours {

    private Colours() {}

    static boolean of(CommandLine command) {
        var console = System.console();
        return console != null && console.isTerminal() && command.getColorScheme().ansi().enabled();
    }
}
