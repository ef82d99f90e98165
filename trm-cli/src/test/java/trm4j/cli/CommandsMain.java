package trm4j.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Optional;
import trm4j.model.ranks.Ranks;

/** Ranks that do one command after the other, whether these fail or not, until a signal stops them; each ends alike on all. */
final class CommandsMain {

    /** What stands between commands. */
    static final String THEN = ";";

    /** Exit statuses from here on are those of signals. */
    private static final int SIGNALS = 128;

    private CommandsMain() {}

    /** In the words of commands, {@code %rank} stands for the rank. */
    public static void main(String[] args) {
        var invitation = Ranks.invitation().orElseThrow();
        var processes = new Processes(Optional.of(invitation), 0);
        var out = new PrintWriter(System.out, true);
        var err = invitation.rank() == 0 ? new PrintWriter(System.err, true) : new PrintWriter(Writer.nullWriter());
        int status = 0;
        for (var command : String.join("\n", args).split("\n" + THEN + "\n")) {
            status = Main.run(
                    processes, out, err, command.replace("%rank", "" + invitation.rank()).split("\n"));
            if (status > SIGNALS) {
                break;
            }
        }
        processes.leave(status, out);
        System.exit(status);
    }
}
